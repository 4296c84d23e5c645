package drawbridge.server.support;

import drawbridge.model.http.WholeAnswer;
import drawbridge.server.FrontedServer;
import drawbridge.server.Platform;
import drawbridge.server.TrustServer;
import drawbridge.server.config.ConfigLoader;
import drawbridge.server.config.DataFolder;
import drawbridge.server.config.Loaded;
import drawbridge.server.config.ServerConfig;
import drawbridge.server.logging.ServerLogging;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The real server on free ports and a folder of the test's, asked over real HTTP. */
public final class RunningServer implements AutoCloseable {
    /** The bridge secret of caller {@code default}. */
    public static final String SECRET = "a-bridge-secret-only-for-tests-0123456789";

    /** A password no policy objects to. */
    public static final String PASSWORD = "violet harbour lantern 42";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** An answer: its status, its headers, and its body as JSON. */
    public record Answer(HttpResponse<String> response, JsonNode json) {
        /** The HTTP status. */
        public int status() {
            return response.statusCode();
        }

        /** A text field of the body; empty when it is absent. */
        public String text(String field) {
            JsonNode value = json.get(field);
            return value == null || value.isNull() ? "" : value.asString();
        }
    }

    private final DataFolder folder;
    private final TrustServer server;
    private final Optional<ServerLogging> logging;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private RunningServer(DataFolder folder, TrustServer server, Optional<ServerLogging> logging) {
        this.folder = folder;
        this.server = server;
        this.logging = logging;
    }

    /** Starts on that folder with the settings of the tests and these on top. */
    public static RunningServer start(Path data, Clock clock, Map<String, String> environment) {
        return start(data, clock, environment, UnaryOperator.identity());
    }

    /**
     * The same, with something before it that its drills meet.
     *
     * @param drilled from where the public listener is to where drills are played
     */
    public static RunningServer start(
            Path data, Clock clock, Map<String, String> environment, UnaryOperator<URI> drilled) {
        Map<String, String> all = new HashMap<>();
        all.put("DRAWBRIDGE_DATA_DIR", data.toString());
        all.put("DRAWBRIDGE_PORT", "0");
        all.put("DRAWBRIDGE_ADMIN_PORT", "0");
        all.put("BRIDGE_SECRET", SECRET);
        all.put("DRAWBRIDGE_ARGON2_TIME", "0s"); // as quick as may be, and alike on every machine
        // Tests come from one address, and much faster than people do.
        for (String limit : List.of("REQUESTS", "AUTHENTICATION", "HASHING", "EXPORT", "SECRETS")) {
            all.put("DRAWBRIDGE_LIMIT_" + limit, "1000000");
        }
        TestDatabase.urlFor(data).ifPresent(url -> all.put("DATABASE_URL", url));
        all.put("DRAWBRIDGE_DATABASE_POOL", "3");
        all.put("DRAWBRIDGE_DATABASE_WAIT", "3s");
        all.putAll(SharedRedis.environment());
        all.putAll(environment);
        Loaded loaded = new ConfigLoader(all, 2).load(Optional.empty(), Map.of());
        ServerConfig config =
                switch (loaded) {
                    case Loaded.Good(ServerConfig good) -> good;
                    case Loaded.Wrong(var problems) ->
                            throw new IllegalStateException(String.join("\n", problems));
                };
        DataFolder folder = DataFolder.open(config.dataDir(), Platform.current());
        Optional<ServerLogging> logging = Optional.empty();
        try {
            if (config.postgres().isEmpty()) {
                TestDatabase.giveSqlite(folder.path().resolve("drawbridge.db"));
            }
            logging = logging(config, folder);
            return new RunningServer(
                    folder,
                    FrontedServer.start(
                            config,
                            folder,
                            clock,
                            logging.flatMap(ServerLogging::shipping),
                            drilled),
                    logging);
        } catch (RuntimeException e) {
            end(logging);
            folder.close();
            throw e;
        }
    }

    /** As {@code serve} logs, where lines are sent elsewhere; else the tests' own log goes on. */
    private static Optional<ServerLogging> logging(ServerConfig config, DataFolder folder) {
        try {
            return config.log().receiver().isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            ServerLogging.start(
                                    config.log(),
                                    config.node(),
                                    folder.logs(),
                                    Platform.current()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void end(Optional<ServerLogging> logging) {
        logging.ifPresent(log -> {
            log.close();
            ServerLogging.quiet();
        });
    }

    /** Starts with the settings of the tests. */
    public static RunningServer start(Path data, Clock clock) {
        return start(data, clock, Map.of());
    }

    /** The server itself. */
    public TrustServer server() {
        return server;
    }

    /** Where clients reach it. */
    public URI publicUrl() {
        return server.publicUrl();
    }

    /** The admin token. */
    public String adminToken() {
        try {
            return Files.readString(folder.path().resolve("admin-token")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Posts JSON to the public listener; headers as name, value, name, value. */
    public Answer post(String path, String json, String... headers) {
        return send(
                request(server.publicUrl().resolve(path), headers)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json)));
    }

    /** Gets from the public listener. */
    public Answer get(String path, String... headers) {
        return send(request(server.publicUrl().resolve(path), headers).GET());
    }

    /** Posts JSON to the admin listener as an administrator. */
    public Answer admin(String path, String json) {
        return send(
                request(server.adminUrl().resolve(path), "Authorization", "Bearer " + adminToken())
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json)));
    }

    /** Asks the admin listener as an administrator, with any method. */
    public Answer admin(String method, String path, String json) {
        return send(
                request(server.adminUrl().resolve(path), "Authorization", "Bearer " + adminToken())
                        .header("Content-Type", "application/json")
                        .method(method, BodyPublishers.ofString(json)));
    }

    /** Gets from the admin listener as an administrator. */
    public Answer admin(String path) {
        return send(
                request(server.adminUrl().resolve(path), "Authorization", "Bearer " + adminToken())
                        .GET());
    }

    /** What {@code /metrics} says of a metric without tags. */
    public double metric(String name) {
        return admin("/metrics")
                .response()
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no metric " + name));
    }

    /** Any method on the public listener, with a JSON body unless it is empty. */
    public Answer call(String method, String path, String json, String... headers) {
        return send(with(request(server.publicUrl().resolve(path), headers), method, json));
    }

    /**
     * Any method on the admin listener as an administrator, with a JSON body unless it is empty.
     */
    public Answer adminCall(String method, String path, String json) {
        HttpRequest.Builder request =
                request(server.adminUrl().resolve(path), "Authorization", "Bearer " + adminToken());
        return send(with(request, method, json));
    }

    private static HttpRequest.Builder with(HttpRequest.Builder to, String method, String json) {
        return json.isEmpty()
                ? to.method(method, BodyPublishers.noBody())
                : to.header("Content-Type", "application/json")
                        .method(method, BodyPublishers.ofString(json));
    }

    /** A bridge call of caller {@code default} with these fields. */
    public Answer validate(Map<String, String> fields) {
        HttpRequest request =
                request(
                                server.publicUrl().resolve("/auth/bridge/validate"),
                                "X-Bridge-Secret",
                                SECRET)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(JSON.writeValueAsString(fields)))
                        .build();
        return answered(() -> WholeAnswer.sendRepeatable(http, request, BodyHandlers.ofString()));
    }

    /** Registers and gives the session's id; device {@code device-1}, agent {@code Test/1}. */
    public String register(String email) {
        Answer answer =
                post(
                        "/auth/register",
                        JSON.writeValueAsString(Map.of("email", email, "password", PASSWORD)),
                        "X-Device-ID",
                        "device-1",
                        "User-Agent",
                        "Test/1");
        if (answer.status() != 201) {
            throw new IllegalStateException("register: " + answer.response().body());
        }
        return answer.json().get("data").get("session_id").asString();
    }

    private static HttpRequest.Builder request(URI uri, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(60));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request;
    }

    /** Sends any request. Of a stream of events the answer's body is the first one. */
    public Answer send(HttpRequest.Builder request) {
        return answered(() -> http.send(request.build(), FirstEvent.orWhole()));
    }

    /** Waits for an answer. */
    private interface Sending {
        HttpResponse<String> send() throws IOException, InterruptedException;
    }

    private static Answer answered(Sending sending) {
        try {
            HttpResponse<String> response = sending.send();
            String type = response.headers().firstValue("Content-Type").orElse("");
            boolean json = type.startsWith("application/json") && !response.body().isEmpty();
            return new Answer(
                    response, json ? JSON.readTree(response.body()) : JSON.createObjectNode());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        http.close();
        server.close();
        end(logging);
        folder.close();
    }
}
