package drawbridge.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Starts both programs as their user does, from the folder that {@code drawbridge.bin} names:
 * {@code target/dist} in {@code verify}, the jpackage image in {@code -Pinstaller}. What the tests
 * of the other modules cannot see shows here: a missing module, jar or flag.
 */
final class SmokeTest {
    private static final Path BIN = Path.of(System.getProperty("drawbridge.bin"));
    private static final String SECRET = "smoke-test-bridge-secret-0123456789";
    private static final String ACCOUNT =
            """
            {"email":"smoke@example.org","password":"seven quiet lighthouses"}\
            """;

    /** Longer than the console's first three tries to start a server. */
    private static final Duration DEADLINE = Duration.ofMinutes(3);

    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonMapper json = JsonMapper.shared();

    @TempDir private Path folder;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endWhatStillRuns() {
        http.close();
        started.forEach(each -> each.destroyForcibly().onExit().join()); // then their folder goes
    }

    @Test
    void theServerJudgesASessionAndEndsInGoodOrder() throws Exception {
        Path ready = folder.resolve("ready.json");
        ProcessBuilder server =
                program(
                        "drawbridge-server",
                        "serve",
                        "--data-dir",
                        folder.resolve("data").toString(),
                        "--port",
                        "0",
                        "--admin-port",
                        "0",
                        "--ready-file",
                        ready.toString());
        server.environment().put("BRIDGE_SECRET", SECRET);
        Process process = start(server);

        JsonNode started = readOnceWritten(ready, process);
        URI url = URI.create(started.get("publicUrl").asString());
        HttpResponse<String> health = send(HttpRequest.newBuilder(url.resolve("/health")));
        HttpResponse<String> registered = send(post(url, "/auth/register", ACCOUNT));
        HttpResponse<String> loggedIn = send(post(url, "/auth/login", ACCOUNT));
        String session = json.readTree(loggedIn.body()).get("session_id").asString();
        HttpResponse<String> trusted = validate(url, SECRET, session, "{'ip':'127.0.0.1'}");
        HttpResponse<String> elsewhere = validate(url, SECRET, session, "{'ip':'203.0.113.9'}");
        HttpResponse<String> stricter =
                validate(
                        url,
                        SECRET,
                        session,
                        "{'ip':'127.0.0.1','device_id':'laptop','user_agent':'Other/2.0',"
                                + "'validation_mode':'STRICT'}");
        HttpResponse<String> stranger =
                validate(url, "another-bridge-secret-0123456789abc", session, "{'ip':'127.0.0.1'}");
        process.destroy();

        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(registered.statusCode()).isEqualTo(201);
        assertThat(loggedIn.statusCode()).isEqualTo(200);
        assertThat(trusted.statusCode()).as(trusted.body()).isEqualTo(200);
        assertThat(json.readTree(trusted.body()).get("valid").asBoolean()).isTrue();
        assertThat(elsewhere.statusCode()).isEqualTo(401);
        assertThat(json.readTree(elsewhere.body()).get("signal").asString()).isEqualTo("ip");
        assertThat(stricter.statusCode()).isEqualTo(401);
        assertThat(json.readTree(stricter.body()).get("signal").asString()).isEqualTo("agent");
        assertThat(stranger.statusCode()).isEqualTo(401);
        assertThat(process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        if (!isWindows()) { // a process can only be killed there, and this one is the launcher's
            assertThat(started.get("pid").asLong()).isEqualTo(process.pid());
            assertThat(process.exitValue()).isZero();
        }
    }

    @Test
    void theConsoleOpensItsWindowAndStartsTheServerBesideIt() throws Exception {
        Path data = folder.resolve("data");
        ProcessBuilder console =
                program(
                        "drawbridge",
                        "--data-dir",
                        data.toString(),
                        "--port",
                        "0",
                        "--admin-port",
                        "0");
        console.environment()
                .put("JAVA_TOOL_OPTIONS", "-Dglass.platform=Headless -Dprism.order=sw");
        Process process = start(console);

        JsonNode started = readOnceWritten(data.resolve("console-ready.json"), process);
        URI admin = URI.create(started.get("adminUrl").asString());
        ProcessHandle server = ProcessHandle.of(started.get("pid").asLong()).orElseThrow();
        process.destroy();
        boolean hasEnded = process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        String token = Files.readString(data.resolve("admin-token")).strip();
        HttpResponse<String> stopping =
                send(post(admin, "/v1/stop", "").header("Authorization", "Bearer " + token));
        server.onExit().get(DEADLINE.toSeconds(), TimeUnit.SECONDS);

        assertThat(hasEnded).isTrue();
        assertThat(stopping.statusCode()).as("the server outlives its console").isEqualTo(202);
        assertThat(data.resolve("logs/console.log"))
                .content()
                .doesNotContain("ERROR")
                .doesNotContain("Exception");
    }

    private ProcessBuilder program(String name, String... arguments) {
        Path exe = BIN.resolve(name + ".exe");
        Path program =
                isWindows()
                        ? Files.exists(exe) ? exe : BIN.resolve(name + ".cmd")
                        : BIN.resolve(name);
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output().toFile());
    }

    private Process start(ProcessBuilder builder) throws IOException {
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private JsonNode readOnceWritten(Path file, Process process) {
        await().atMost(DEADLINE)
                .failFast(() -> assertThat(process.isAlive()).as(this::printed).isTrue())
                .untilAsserted(() -> assertThat(file).as(this::printed).exists());
        return json.readTree(file.toFile());
    }

    private String printed() {
        try {
            return "The program printed:\n" + Files.readString(output());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the program prints. */
    private Path output() {
        return folder.resolve("output.log");
    }

    private HttpResponse<String> validate(URI url, String secret, String session, String call)
            throws IOException, InterruptedException {
        return send(
                post(url, "/auth/bridge/validate", call.replace('\'', '"'))
                        .header("X-Bridge-Secret", secret)
                        .header("X-Session-ID", session));
    }

    private static HttpRequest.Builder post(URI url, String path, String body) {
        return HttpRequest.newBuilder(url.resolve(path))
                .header("Content-Type", "application/json")
                .header("X-Device-ID", "laptop")
                .header("User-Agent", "Smoke/1.0")
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return http.send(request.timeout(DEADLINE).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static boolean isWindows() {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
    }
}
