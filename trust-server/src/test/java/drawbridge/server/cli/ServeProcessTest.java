package drawbridge.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.server.ServerMain;
import drawbridge.server.support.ChildJava;
import drawbridge.server.support.FaultProxy;
import drawbridge.server.support.SharedRedis;
import drawbridge.server.support.TestDatabase;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code serve} as a process of its own, as scripts and the console know it. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "ends processes by SIGTERM")
final class ServeProcessTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir Path temp;

    private final List<Process> started = new ArrayList<>();
    private final StringWriter printed = new StringWriter();

    @AfterEach
    void endAll() {
        started.forEach(each -> each.destroyForcibly().onExit().join()); // then their folder goes
    }

    @Test
    void saysWhenItIsReadyAndEndsInGoodOrder() throws Exception {
        Path ready = temp.resolve("ready.json");
        Process server = serve("data", "--ready-file", ready.toString());
        await().atMost(PATIENCE).until(() -> Files.exists(ready) || !server.isAlive());

        JsonNode said = JsonMapper.shared().readTree(Files.readString(ready));
        assertThat(List.copyOf(said.propertyNames()))
                .containsExactly("pid", "publicUrl", "adminUrl", "version");
        assertThat(said.get("pid").asLong()).isEqualTo(server.pid());
        assertThat(status(said.get("publicUrl").asString() + "/health")).isEqualTo(200);
        assertThat(status(said.get("adminUrl").asString() + "/v1/snapshot")).isEqualTo(401);
        assertThat(mode(ready)).isEqualTo("rw-------");
        assertThat(mode(temp.resolve("data/drawbridge.db"))).isEqualTo("rw-------");
        assertThat(mode(temp.resolve("data/logs/server.jsonl"))).isEqualTo("rw-------");

        server.destroy();

        assertThat(exitCode(server)).isZero();
        assertThat(ready).doesNotExist();
        assertThat(output("data"))
                .contains("Drawbridge answers at " + said.get("publicUrl").asString());
    }

    @Test
    void isStoppedByWhoeverHasItsDataFolder() throws Exception {
        Path ready = temp.resolve("ready.json");
        Process server = serve("data", "--ready-file", ready.toString());
        await().atMost(PATIENCE).until(() -> Files.exists(ready) || !server.isAlive());

        assertThat(stop()).isEqualTo(ExitCodes.OK);

        assertThat(server.isAlive()).isFalse();
        assertThat(exitCode(server)).isZero();
        assertThat(printed.toString())
                .contains("The server (pid " + server.pid() + ") has stopped.");
        assertThat(stop()).isEqualTo(ExitCodes.UNREACHABLE);
    }

    private int stop() {
        return Cli.run(
                new Terminal(
                        new PrintWriter(printed, true),
                        new PrintWriter(new StringWriter(), true),
                        Map.of("DRAWBRIDGE_DATA_DIR", temp.resolve("data").toString()),
                        new ByteArrayInputStream(new byte[0])),
                "stop");
    }

    @Test
    void endsInGoodOrderWhenItIsToldSoBeforeItIsReady() throws Exception {
        Path log = temp.resolve("data/logs/server.jsonl");
        Process server = serve("data");
        await().pollInterval(Duration.ofMillis(5))
                .atMost(PATIENCE)
                .until(() -> Files.exists(log) || !server.isAlive());

        server.destroy();

        assertThat(exitCode(server)).isZero();
    }

    @Test
    void namesThePortThatIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());

            Process server = serve("data", "--port", port);

            assertThat(exitCode(server)).isEqualTo(4);
            assertThat(output("data"))
                    .contains("port " + port + " on 127.0.0.1")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void leavesTheFolderToTheServerThatHasIt() throws Exception {
        Path ready = temp.resolve("ready.json");
        Process first = serve("data", "--ready-file", ready.toString());
        await().atMost(PATIENCE).until(() -> Files.exists(ready) || !first.isAlive());
        String url =
                JsonMapper.shared().readTree(Files.readString(ready)).get("publicUrl").asString();
        Path said = temp.resolve("second.txt");

        Process second = serve("data", said, Map.of());

        assertThat(exitCode(second)).isEqualTo(ExitCodes.FOLDER_OWNED).isEqualTo(3);
        assertThat(Files.readString(said))
                .contains("is in use by process " + first.pid())
                .contains("--data-dir")
                .doesNotContain("\tat ");
        assertThat(status(url + "/health")).isEqualTo(200);
        first.destroy();
        assertThat(exitCode(first)).isZero();
    }

    @Test
    void leavesADamagedDatabaseAlone() throws Exception {
        Path folder = Files.createDirectory(temp.resolve("data"));
        Files.writeString(folder.resolve("drawbridge.db"), "this is no database".repeat(99));
        Files.writeString(
                folder.resolve("master-key"),
                "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n");

        Process server = serve("data");

        assertThat(exitCode(server)).isEqualTo(5);
        assertThat(output("data"))
                .contains("drawbridge.db cannot be used")
                .contains("drawbridge-server doctor")
                .doesNotContain("\tat ");
        assertThat(folder.resolve("drawbridge.db")).content().startsWith("this is no database");
    }

    @Test
    void waitsForADatabaseThatComesLate() throws Exception {
        Path ready = temp.resolve("ready.json");
        try (FaultProxy proxy = new FaultProxy(postgresPort())) {
            proxy.set(FaultProxy.Mode.CUT);
            Process server = serve("data", behind(proxy, "10m"), "--ready-file", ready.toString());
            await().atMost(PATIENCE)
                    .until(() -> output("data").contains("is not there yet") || !server.isAlive());
            assertThat(ready).doesNotExist();

            proxy.set(FaultProxy.Mode.PASS);

            await().atMost(PATIENCE).until(() -> Files.exists(ready) || !server.isAlive());
            JsonNode said = JsonMapper.shared().readTree(Files.readString(ready));
            assertThat(status(said.get("publicUrl").asString() + "/health")).isEqualTo(200);
            assertThat(output("data"))
                    .contains("trying again for 600 s")
                    .contains("the database is there now");
            server.destroy();
            assertThat(exitCode(server)).isZero();
        }
    }

    @Test
    void saysForHowLongItWaitedForADatabaseThatDidNotCome() throws Exception {
        try (FaultProxy proxy = new FaultProxy(postgresPort())) {
            proxy.set(FaultProxy.Mode.CUT);

            Process server = serve("data", behind(proxy, "1s"));

            assertThat(exitCode(server)).isEqualTo(5);
            assertThat(output("data"))
                    .containsPattern("cannot be used, after \\d+ s of trying: ")
                    .contains("drawbridge-server doctor")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void endsInGoodOrderWhileItWaitsForADatabase() throws Exception {
        try (FaultProxy proxy = new FaultProxy(postgresPort())) {
            proxy.set(FaultProxy.Mode.CUT);
            Process server = serve("data", behind(proxy, "10m"));
            await().atMost(PATIENCE)
                    .until(() -> output("data").contains("is not there yet") || !server.isAlive());

            server.destroy();

            assertThat(exitCode(server)).isZero();
        }
    }

    private int postgresPort() {
        return Integer.parseInt(postgres().replaceAll(".*:(\\d+)/.*", "$1"));
    }

    private String postgres() {
        return TestDatabase.postgresFor(temp.resolve("data"));
    }

    private Map<String, String> behind(FaultProxy proxy, String patience) {
        return Map.of(
                "DATABASE_URL",
                postgres().replaceAll(":\\d+/", ":" + proxy.port() + "/"),
                "DRAWBRIDGE_DATABASE_START",
                patience);
    }

    private Process serve(String folder, String... more) throws IOException {
        return serve(folder, Map.of(), more);
    }

    private Process serve(String folder, Map<String, String> environment, String... more)
            throws IOException {
        return serve(folder, temp.resolve(folder + ".txt"), environment, more);
    }

    private Process serve(
            String folder, Path printed, Map<String, String> environment, String... more)
            throws IOException {
        List<String> command =
                ChildJava.command(
                        ServerMain.class,
                        "serve",
                        "--data-dir",
                        temp.resolve(folder).toString(),
                        "--admin-port",
                        "0");
        if (!List.of(more).contains("--port")) {
            command.addAll(List.of("--port", "0"));
        }
        command.addAll(List.of(more));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(printed.toFile());
        builder.environment().putAll(SharedRedis.environment());
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private String output(String folder) throws IOException {
        return Files.readString(temp.resolve(folder + ".txt"));
    }

    private static int exitCode(Process process) throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("ends in time")
                .isTrue();
        return process.exitValue();
    }

    private static int status(String url) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
