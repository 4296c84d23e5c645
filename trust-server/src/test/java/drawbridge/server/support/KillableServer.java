package drawbridge.server.support;

import static org.awaitility.Awaitility.await;

import drawbridge.server.ServerMain;

import org.jspecify.annotations.Nullable;

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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The real server in a process of its own, which can be killed at any instant and started again on
 * the same data. Asking it is safe for many threads.
 */
public final class KillableServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path folder;
    private final Map<String, String> environment;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private volatile @Nullable Process process;
    private volatile URI url = URI.create("http://127.0.0.1:0");
    private volatile URI adminUrl = url;

    /**
     * @param folder where its data and its output go
     */
    public KillableServer(Path folder) {
        this(folder, Map.of());
    }

    /**
     * @param environment what it is started with besides
     */
    public KillableServer(Path folder, Map<String, String> environment) {
        this.folder = folder;
        this.environment = Map.copyOf(environment);
    }

    /** The data folder. */
    public Path data() {
        return folder.resolve("data");
    }

    /** What it prints, over all its starts. */
    public Path output() {
        return folder.resolve("server.out");
    }

    /** Starts it and returns once requests are answered. */
    public void start() throws IOException {
        Path ready = folder.resolve("ready.json");
        Files.deleteIfExists(ready);
        ProcessBuilder program =
                new ProcessBuilder(
                        ChildJava.command(
                                ServerMain.class,
                                "serve",
                                "--data-dir",
                                data().toString(),
                                "--port",
                                "0",
                                "--admin-port",
                                "0",
                                "--ready-file",
                                ready.toString()));
        program.environment().put("BRIDGE_SECRET", RunningServer.SECRET);
        program.environment().put("DRAWBRIDGE_ARGON2_TIME", "0s"); // started again and again
        TestDatabase.urlFor(data())
                .ifPresent(url -> program.environment().put("DATABASE_URL", url));
        program.environment().putAll(SharedRedis.environment());
        // The load comes from one address, and much faster than people do.
        for (String limit : List.of("REQUESTS", "AUTHENTICATION", "HASHING", "EXPORT", "SECRETS")) {
            program.environment().put("DRAWBRIDGE_LIMIT_" + limit, "1000000");
        }
        program.environment().putAll(environment);
        program.redirectErrorStream(true);
        program.redirectOutput(ProcessBuilder.Redirect.appendTo(output().toFile()));
        Process started = program.start();
        process = started;
        await().atMost(PATIENCE).until(() -> Files.exists(ready) || !started.isAlive());
        JsonNode said = JSON.readTree(Files.readString(ready));
        url = URI.create(said.get("publicUrl").asString());
        adminUrl = URI.create(said.get("adminUrl").asString());
    }

    /** Where clients reach it now. */
    public URI publicUrl() {
        return url;
    }

    /** The process that runs now. */
    public long pid() {
        Process known = process;
        if (known == null) {
            throw new IllegalStateException("it was not started");
        }
        return known.pid();
    }

    /** Kills it, as kill -9 does, and returns once it is gone. */
    public void kill() throws InterruptedException {
        Process known = process;
        if (known != null) {
            known.destroyForcibly().waitFor();
        }
    }

    /**
     * Has it stand still, as SIGSTOP does, and go on after so long.
     *
     * @return the thread that lets it go on; ends then
     */
    public Thread stopFor(Duration time) throws IOException, InterruptedException {
        Process known = process;
        if (known == null) {
            throw new IllegalStateException("it was not started");
        }
        signal("STOP", known.pid());
        return Thread.ofPlatform()
                .start(() -> {
                    try {
                        boolean _ = known.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
                        signal("CONT", known.pid());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    private static void signal(String which, long pid) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", "-" + which, Long.toString(pid)).start().waitFor();
        if (exit != 0) {
            throw new IOException("kill -" + which + " ended with " + exit);
        }
    }

    /**
     * Posts to the public listener, with the bridge secret.
     *
     * @throws IOException when it was killed meanwhile
     */
    public HttpResponse<String> post(String path, Map<String, String> body) throws IOException {
        return send(
                request(url.resolve(path), body).header("X-Bridge-Secret", RunningServer.SECRET));
    }

    /** The same to the admin listener, as an administrator. */
    public HttpResponse<String> admin(String path, Map<String, String> body) throws IOException {
        String token = Files.readString(data().resolve("admin-token")).strip();
        return send(
                request(adminUrl.resolve(path), body).header("Authorization", "Bearer " + token));
    }

    /** Asks the admin listener, without a body, as an administrator. */
    public HttpResponse<String> admin(String method, String path) throws IOException {
        String token = Files.readString(data().resolve("admin-token")).strip();
        return send(
                HttpRequest.newBuilder(adminUrl.resolve(path))
                        .timeout(ANSWER)
                        .header("Authorization", "Bearer " + token)
                        .method(method, BodyPublishers.noBody()));
    }

    private static HttpRequest.Builder request(URI to, Map<String, String> body) {
        return HttpRequest.newBuilder(to)
                .timeout(ANSWER)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Kills it; its folder can be deleted then. */
    @Override
    public void close() {
        Process known = process;
        if (known != null) {
            known.destroyForcibly().onExit().join();
        }
        http.close();
    }
}
