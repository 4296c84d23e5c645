package drawbridge.server.cli;

import drawbridge.model.IpAddress;
import drawbridge.model.Secret;
import drawbridge.model.tls.CertificatePin;
import drawbridge.model.tls.PinnedTls;
import drawbridge.server.config.Reason;
import drawbridge.server.config.SecretFile;
import drawbridge.server.config.ServerAddress;
import drawbridge.server.config.ServerConfig;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** The admin API of one server. Every failure is a sentence and an exit code. One thread. */
final class AdminClient implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final URI url;
    private final String authorization;
    private final HttpClient http;

    private AdminClient(URI url, Optional<CertificatePin> pin, Secret token) {
        this.url = url;
        HttpClient.Builder client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(CONNECT);
        pin.ifPresent(
                known -> client.sslContext(PinnedTls.context(() -> known, InstantSource.system())));
        this.http = client.build();
        // A header is a text; it lives as long as this process, which is one command long.
        this.authorization =
                "Bearer " + token.use(bytes -> new String(bytes, StandardCharsets.US_ASCII));
    }

    /** Finds the server that is meant and what opens it. */
    static AdminClient open(AdminOptions options, Terminal terminal) {
        ServerConfig config = options.config(terminal.environment());
        Path folder = config.dataDir().toAbsolutePath().normalize();
        Optional<ServerAddress> here =
                options.adminUrl().isPresent() ? Optional.empty() : ServerAddress.find(folder);
        URI url =
                options.adminUrl()
                        .or(() -> here.map(ServerAddress::adminUrl))
                        .orElseThrow(() ->
                                new CommandFailure(
                                        ExitCodes.UNREACHABLE,
                                        "no server runs on %s; start it, or give --data-dir (the console names its folder on its Server screen) or --admin-url"
                                                .formatted(folder)));
        if (options.adminUrl().isPresent()
                && !"https".equals(url.getScheme())
                && !isLoopback(url)) {
            throw new CommandFailure(
                    ExitCodes.USAGE,
                    "%s would send the admin token over the network in clear text; give an https address"
                            .formatted(url));
        }
        Optional<CertificatePin> pin =
                options.certificate()
                        .or(() ->
                                here.flatMap(ServerAddress::adminCertificate)
                                        .flatMap(CertificatePin::parse));
        try (Secret token = token(options, config, folder)) {
            return new AdminClient(url, pin, token);
        }
    }

    private static boolean isLoopback(URI url) {
        String host = url.getHost() == null ? "" : url.getHost();
        return host.equalsIgnoreCase("localhost")
                || IpAddress.parse(host.replaceAll("[\\[\\]]", ""))
                        .filter(IpAddress::isLoopback)
                        .isPresent();
    }

    private static Secret token(AdminOptions options, ServerConfig config, Path folder) {
        Optional<Secret> given = config.admin().token();
        if (options.tokenFile().isEmpty() && given.isPresent()) {
            return given.get().use(Secret::copyOf);
        }
        Path file = options.tokenFile().orElse(folder.resolve("admin-token"));
        try {
            return Secret.takeOwnership(SecretFile.read(file));
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCodes.USAGE,
                    "the admin token cannot be read from %s: %s".formatted(file, Reason.of(e)),
                    e);
        }
    }

    /** One segment of a path. */
    static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    JsonNode get(String path, Map<String, String> query) {
        StringBuilder full = new StringBuilder(path);
        query.forEach((name, value) ->
                full.append(full.indexOf("?") < 0 ? '?' : '&')
                        .append(name)
                        .append('=')
                        .append(segment(value)));
        return send("GET", full.toString(), BodyPublishers.noBody());
    }

    JsonNode post(String path, ObjectNode body) {
        return send("POST", path, of(body));
    }

    JsonNode patch(String path, ObjectNode body) {
        return send("PATCH", path, of(body));
    }

    private static BodyPublisher of(ObjectNode body) {
        return BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(body));
    }

    private JsonNode send(String method, String path, BodyPublisher body) {
        HttpResponse<InputStream> response = exchange(method, path, body);
        try (InputStream in = response.body()) {
            JsonNode json = json(in);
            if (response.statusCode() / 100 != 2) {
                throw refused(response.statusCode(), json);
            }
            return json;
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    /** What a path gives, as it comes; the caller closes it. */
    InputStream stream(String path) {
        HttpResponse<InputStream> response = exchange("GET", path, BodyPublishers.noBody());
        if (response.statusCode() / 100 != 2) {
            try (InputStream in = response.body()) {
                throw refused(response.statusCode(), json(in));
            } catch (IOException e) {
                throw unreachable(e);
            }
        }
        return response.body();
    }

    private HttpResponse<InputStream> exchange(String method, String path, BodyPublisher body) {
        try {
            return http.send(
                    HttpRequest.newBuilder(url.resolve(path))
                            .timeout(PATIENCE)
                            .header("Authorization", authorization)
                            .header("Content-Type", "application/json")
                            .header("Accept", "application/json")
                            .method(method, body)
                            .build(),
                    BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitCodes.FAULT, "interrupted", e);
        }
    }

    private static JsonNode json(InputStream in) throws IOException {
        try {
            byte[] bytes = in.readAllBytes();
            return bytes.length == 0
                    ? JsonMapper.shared().createObjectNode()
                    : JsonMapper.shared().readTree(bytes);
        } catch (JacksonException e) {
            return JsonMapper.shared().createObjectNode();
        }
    }

    private static CommandFailure refused(int status, JsonNode json) {
        String sentence = json.path("message").asString("the server answered " + status);
        String code = json.path("code").asString("");
        return new CommandFailure(
                ExitCodes.FAULT, code.isEmpty() ? sentence : sentence + " (" + code + ")");
    }

    private CommandFailure unreachable(IOException e) {
        return new CommandFailure(
                ExitCodes.UNREACHABLE,
                "the server at %s does not answer: %s".formatted(url, Reason.of(e)),
                e);
    }

    @Override
    public void close() {
        http.close();
    }
}
