package drawbridge.bench;

import drawbridge.model.SessionSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** The trust server under test, in a process of its own. */
final class Subject implements AutoCloseable {
    /** The bridge secret of its caller. */
    static final String SECRET = "a-bridge-secret-only-for-benchmarks-0123456789";

    /** The agent that sessions are opened and asked for with. */
    static final String AGENT =
            "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0";

    private static final String PASSWORD = "violet harbour lantern 42";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Child child;
    private final Path data;
    private final URI publicUrl;
    private final URI adminUrl;
    private final HttpClient http = HttpClient.newHttpClient();

    private Subject(Child child, Path data, URI publicUrl, URI adminUrl) {
        this.child = child;
        this.data = data;
        this.publicUrl = publicUrl;
        this.adminUrl = adminUrl;
    }

    /** Starts on that data folder; returns once requests are answered. */
    static Subject start(Path data, List<String> flags, Map<String, String> settings)
            throws IOException, InterruptedException {
        Files.createDirectories(data);
        Path ready = data.resolve("ready.json");
        Files.deleteIfExists(ready);
        Map<String, String> environment = new HashMap<>();
        environment.put("BRIDGE_SECRET", SECRET);
        for (String limit : List.of("REQUESTS", "AUTHENTICATION", "HASHING")) {
            environment.put("DRAWBRIDGE_LIMIT_" + limit, "1000000");
        }
        environment.putAll(settings);
        Child child =
                Child.start(
                        flags,
                        "drawbridge.server.ServerMain",
                        List.of(
                                "serve",
                                "--data-dir",
                                data.toString(),
                                "--port",
                                "0",
                                "--admin-port",
                                "0",
                                "--ready-file",
                                ready.toString()),
                        environment,
                        data.resolve("output.txt"));
        JsonNode address = JSON.readTree(child.await(ready, Duration.ofMinutes(2)));
        return new Subject(
                child,
                data,
                URI.create(address.get("publicUrl").asString()),
                URI.create(address.get("adminUrl").asString()));
    }

    Child process() {
        return child;
    }

    /** Returns once the sessions that were used last are in memory, or none will be put there. */
    void awaitPreWarmed() throws IOException, InterruptedException {
        while (true) {
            JsonNode warming = admin("GET", "/v1/snapshot", "").get("preWarming");
            if (warming == null || warming.isNull() || warming.get("done").asBoolean()) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** One of its data folder. */
    Path file(String name) {
        return data.resolve(name);
    }

    /** How many validations each tier has answered. */
    Map<String, Long> served() throws IOException, InterruptedException {
        Map<String, Long> served = new HashMap<>();
        JsonNode bySource = admin("GET", "/v1/snapshot", "").get("totals").get("bySource");
        for (String source : bySource.propertyNames()) {
            served.put(source, bySource.get(source).asLong());
        }
        return served;
    }

    /**
     * How often a tier was asked, and how often that took no longer than one of the bounds its
     * meter has.
     *
     * @param within in seconds, as the meter writes it
     */
    Asked asked(SessionSource tier, String within) throws IOException, InterruptedException {
        long all = 0;
        long soon = 0;
        for (String line : text("GET", "/metrics", "").split("\n", -1)) {
            if (!line.contains("tier=\"" + tier.wireName() + "\"")) {
                continue;
            }
            long value = (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
            if (line.startsWith("drawbridge_tier_seconds_count")) {
                all += value;
            } else if (line.startsWith("drawbridge_tier_seconds_bucket")
                    && line.contains("le=\"" + within + "\"")) {
                soon += value;
            }
        }
        return new Asked(all, soon);
    }

    /** Of those asked, how many were answered soon. */
    record Asked(long all, long soon) {
        Asked since(Asked before) {
            return new Asked(all - before.all, soon - before.soon);
        }
    }

    /** Where load is sent. */
    InetSocketAddress address() {
        return new InetSocketAddress(publicUrl.getHost(), publicUrl.getPort());
    }

    /** Calls the admin API. */
    JsonNode admin(String method, String path, String json)
            throws IOException, InterruptedException {
        return JSON.readTree(text(method, path, json));
    }

    private String text(String method, String path, String json)
            throws IOException, InterruptedException {
        HttpResponse<String> response =
                http.send(
                        HttpRequest.newBuilder(adminUrl.resolve(path))
                                .header(
                                        "Authorization",
                                        "Bearer "
                                                + Files.readString(data.resolve("admin-token"))
                                                        .strip())
                                .header("Content-Type", "application/json")
                                .method(method, BodyPublishers.ofString(json))
                                .build(),
                        BodyHandlers.ofString());
        return answered(response);
    }

    /** Calls the public API as a client with a device. */
    JsonNode post(String path, String json) throws IOException, InterruptedException {
        HttpResponse<String> response =
                http.send(
                        HttpRequest.newBuilder(publicUrl.resolve(path))
                                .header("Content-Type", "application/json")
                                .header("User-Agent", AGENT)
                                .header("X-Device-ID", "device-of-the-benchmark")
                                .POST(BodyPublishers.ofString(json))
                                .build(),
                        BodyHandlers.ofString());
        return JSON.readTree(answered(response));
    }

    /**
     * Follows the admin's events, as a console does, and those of its caller, as a back end does,
     * until this is closed.
     *
     * @return how many pieces of each have come by now
     */
    List<LongAdder> follow() throws IOException {
        return List.of(
                follow(
                        adminUrl.resolve("/v1/events"),
                        "Authorization",
                        "Bearer " + Files.readString(data.resolve("admin-token")).strip()),
                follow(publicUrl.resolve("/auth/bridge/events"), "X-Bridge-Secret", SECRET));
    }

    private LongAdder follow(URI events, String header, String secret) {
        LongAdder pieces = new LongAdder();
        var _ =
                http.sendAsync(
                        HttpRequest.newBuilder(events).header(header, secret).build(),
                        answer ->
                                BodySubscribers.ofByteArrayConsumer(piece -> {
                                    if (answer.statusCode() == 200 && piece.isPresent()) {
                                        pieces.increment();
                                    }
                                }));
        return pieces;
    }

    private static String answered(HttpResponse<String> response) {
        if (response.statusCode() >= 300) {
            throw new IllegalStateException(
                    "%s: %d %s".formatted(response.uri(), response.statusCode(), response.body()));
        }
        return response.body();
    }

    /** Makes an account and answers with the session it is given. */
    String register(int number) throws IOException, InterruptedException {
        return post(
                        "/auth/register",
                        "{\"email\":\"user%d@example.com\",\"password\":\"%s\",\"name\":\"Ana\",\"last_name\":\"Bench\"}"
                                .formatted(number, PASSWORD))
                .get("data")
                .get("session_id")
                .asString();
    }

    /** A whole bridge call for that session, from where it was opened. */
    static ByteBuffer validation(String session) {
        byte[] body =
                """
                {"session_id":"%s","ip":"127.0.0.1","device_id":"device-of-the-benchmark","user_agent":"%s","method":"POST","path":"/payments/17","validation_mode":"STRICT"}\
                """
                        .formatted(session, AGENT)
                        .getBytes(StandardCharsets.UTF_8);
        return request("/auth/bridge/validate", "X-Bridge-Secret: " + SECRET + "\r\n", body);
    }

    private static ByteBuffer request(String path, String headers, byte[] body) {
        byte[] head =
                ("POST "
                                + path
                                + " HTTP/1.1\r\n"
                                + "Host: 127.0.0.1\r\n"
                                + "Content-Type: application/json\r\n"
                                + headers
                                + "Content-Length: "
                                + body.length
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(head.length + body.length).put(head).put(body).flip();
    }

    /** A whole login. */
    static ByteBuffer login(int number) {
        return request(
                "/auth/login",
                "User-Agent: " + AGENT + "\r\n",
                "{\"email\":\"user%d@example.com\",\"password\":\"%s\"}"
                        .formatted(number, PASSWORD)
                        .getBytes(StandardCharsets.UTF_8));
    }

    /** Gives a session a new id; answers with it. */
    static String refresh(KeptConnection connection, String session) throws IOException {
        String answer =
                connection.call(
                        """
                        POST /auth/refresh HTTP/1.1\r
                        Host: 127.0.0.1\r
                        X-Session-ID: %s\r
                        User-Agent: %s\r
                        X-Device-ID: device-of-the-benchmark\r
                        Content-Length: 0\r
                        \r
                        """
                                .formatted(session, AGENT));
        return JSON.readTree(answer.substring(answer.indexOf("\r\n\r\n")))
                .get("session_id")
                .asString();
    }

    @Override
    public void close() {
        http.shutdownNow(); // whoever follows events never ends
        child.close();
    }
}
