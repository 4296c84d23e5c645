package drawbridge.console.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.console.Platform;
import drawbridge.console.fixture.FakeServerMain;
import drawbridge.console.fixture.SupervisingMain;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** The supervisor with real processes: a small server that keeps the contract for scripts. */
class ServerProcessTest {
    private static final Platform PLATFORM = Platform.current();

    @TempDir private Path temp;

    private final Map<String, String> environment = new HashMap<>(System.getenv());
    private final List<ChildServerSupervisor> opened = new ArrayList<>();
    private final List<ServerState> states = new CopyOnWriteArrayList<>();
    private DataFolder folder;

    @BeforeEach
    void open() {
        folder = new DataFolder(temp.resolve("data"), PLATFORM);
    }

    @AfterEach
    void close() {
        ChildServerSupervisor last = opened.isEmpty() ? supervisor(0, 0) : opened.getLast();
        last.stop();
        await().until(() -> last.state() instanceof ServerState.Stopped);
        opened.forEach(ChildServerSupervisor::close);
    }

    private ChildServerSupervisor supervisor(int port, int adminPort) {
        ServerLaunch launch =
                new ServerLaunch(
                        new ServerProgram(FakeServerMain.command()),
                        folder,
                        port,
                        adminPort,
                        environment);
        ChildServerSupervisor made = ChildServerSupervisor.of(launch, PLATFORM, Clock.systemUTC());
        ServerSupervisor.Subscription _ = made.onState(states::add);
        opened.add(made);
        return made;
    }

    private static ServerState.Running running(ServerSupervisor supervisor) {
        await().until(() -> supervisor.state() instanceof ServerState.Running);
        return (ServerState.Running) supervisor.state();
    }

    private void behave(String behaviour) throws IOException {
        folder.prepare(environment);
        Files.writeString(folder.path().resolve("fake"), behaviour);
    }

    private static int get(URI url) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(url).build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    private static boolean isRunning(long pid) {
        return ProcessHandle.of(pid).filter(PLATFORM::isRunning).isPresent();
    }

    @Test
    void startsOnFreePortsAndStopsInGoodOrder() throws Exception {
        ChildServerSupervisor supervisor = supervisor(0, 0);

        supervisor.start();
        ServerState.Running running = running(supervisor);

        assertThat(get(running.publicUrl().resolve("/health"))).isEqualTo(200);
        assertThat(running.attached()).isFalse();
        assertThat(isRunning(running.pid())).isTrue();

        supervisor.stop();
        await().until(() -> supervisor.state() instanceof ServerState.Stopped);

        assertThat(isRunning(running.pid())).isFalse();
        assertThat(supervisor.exits())
                .singleElement()
                .satisfies(exit -> {
                    assertThat(exit.exitCode()).isZero();
                    assertThat(exit.cause()).isEqualTo("stopped from the console");
                });
        await().untilAsserted(
                        () -> // listeners are told after the state is there to be read
                        assertThat(states)
                                        .extracting(state -> state.getClass().getSimpleName())
                                        .containsExactly(
                                                "Stopped",
                                                "Starting",
                                                "Running",
                                                "Stopping",
                                                "Stopped"));
    }

    @Test
    void startsAgainAfterACrash() {
        ChildServerSupervisor supervisor = supervisor(0, 0);
        supervisor.start();
        long first = running(supervisor).pid();

        ProcessHandle.of(first).orElseThrow().destroyForcibly();
        await().until(() -> states.stream().anyMatch(ServerState.Waiting.class::isInstance));
        long second = running(supervisor).pid();

        assertThat(second).isNotEqualTo(first);
        assertThat(supervisor.exits().getFirst().pid()).isEqualTo(first);
        assertThat(supervisor.exits().getFirst().cause())
                .isEqualTo(OS.WINDOWS.isCurrentOs() ? "ended with code 1" : PLATFORM.endOf(137));
    }

    @Test
    void saysWhoHoldsThePort() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ChildServerSupervisor supervisor = supervisor(taken.getLocalPort(), 0);
            supervisor.start();
            await().until(() -> supervisor.state() instanceof ServerState.Failed);

            String why = ((ServerState.Failed) supervisor.state()).why();

            assertThat(why).startsWith("port " + taken.getLocalPort() + " is taken");
            if (OS.LINUX.isCurrentOs()) {
                assertThat(why).endsWith("(pid " + ProcessHandle.current().pid() + ")");
            }
        }
    }

    @Test
    void failsWithTheServersOwnSentence() throws IOException {
        behave("exit 5");
        ChildServerSupervisor supervisor = supervisor(0, 0);

        supervisor.start();
        await().until(() -> supervisor.state() instanceof ServerState.Failed);

        assertThat(((ServerState.Failed) supervisor.state()).why())
                .isEqualTo("told to end with code 5");
    }

    @Test
    void attachesToTheServerThatOutlivedItsConsole() throws IOException {
        Process console =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                SupervisingMain.class.getName(),
                                folder.path().toString())
                        .redirectErrorStream(true)
                        .redirectOutput(temp.resolve("console.out").toFile())
                        .start();
        await().until(() -> Files.readString(temp.resolve("console.out")).contains("Running[pid="));
        console.destroyForcibly();
        await().until(() -> !console.isAlive());
        long pid = ReadyFile.read(folder.readyFile()).orElseThrow().pid();
        assertThat(isRunning(pid)).isTrue();

        ChildServerSupervisor next = supervisor(0, 0);
        next.start();
        ServerState.Running running = running(next);

        assertThat(running.pid()).isEqualTo(pid);
        assertThat(running.attached()).isTrue();

        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        await().until(() -> next.state() instanceof ServerState.Running r && r.pid() != pid);
        assertThat(next.exits().getFirst().exitCode()).isEqualTo(-1);
    }

    @Test
    void namesTheServerThatSomebodyElseStartedInTheFolder() throws IOException {
        ChildServerSupervisor first = supervisor(0, 0);
        first.start();
        long pid = running(first).pid();
        Files.delete(folder.stateFile());

        ChildServerSupervisor second = supervisor(0, 0);
        second.start();
        await().until(() -> second.state() instanceof ServerState.Failed);

        assertThat(((ServerState.Failed) second.state()).why()).contains("(pid " + pid + ")");
        first.stop();
        await().until(() -> first.state() instanceof ServerState.Stopped);
    }

    @Test
    void usesForceOnAServerThatDoesNotEnd() throws IOException {
        behave("deaf");
        ChildServerSupervisor supervisor = supervisor(0, 0);
        supervisor.start();
        long pid = running(supervisor).pid();

        supervisor.stop();
        await().until(() -> supervisor.state() instanceof ServerState.Stopped);

        assertThat(isRunning(pid)).isFalse();
        assertThat(supervisor.exits().getFirst().cause()).contains("by force");
    }

    @Test
    void keepsTheConsolesEnvironmentFromTheServer() throws IOException {
        environment.put("DRAWBRIDGE_CANARY", "canary-1");
        environment.put("FOO", "canary-2");
        environment.put("JAVA_TOOL_OPTIONS", "-Dcanary-3=1");
        environment.put("_JPACKAGE_LAUNCHER", "canary-4");
        environment.put("DRAWBRIDGE_LOG_LEVEL", "DEBUG");
        ChildServerSupervisor supervisor = supervisor(0, 0);

        supervisor.start();
        running(supervisor);

        String output = Files.readString(folder.output());
        assertThat(output)
                .contains("env DRAWBRIDGE_LOG_LEVEL=DEBUG")
                .contains("env BRIDGE_SECRET_FILE=" + folder.bridgeSecret())
                .doesNotContain("canary");
        assertThat(output.lines().filter(line -> line.startsWith("env ")))
                .allSatisfy(line -> {
                    String name = line.substring(4, line.indexOf('='));
                    assertThat(
                                    ServerEnvironment.isAllowed(name)
                                            // the system itself may add some
                                            || name.startsWith("__CF")
                                            || OS.WINDOWS.isCurrentOs())
                            .as(name)
                            .isTrue();
                });
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void runsInASessionOfItsOwn() throws IOException {
        ChildServerSupervisor supervisor = supervisor(0, 0);
        supervisor.start();
        long pid = running(supervisor).pid();

        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] behindName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");

        assertThat(behindName[3]).as("session id").isEqualTo(Long.toString(pid));
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void keepsItsFilesFromOthers() throws IOException {
        ChildServerSupervisor supervisor = supervisor(0, 0);
        supervisor.start();
        running(supervisor);

        for (Path file : List.of(folder.bridgeSecret(), folder.stateFile(), folder.output())) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .as(file.toString())
                    .isEqualTo("rw-------");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path())))
                .isEqualTo("rwx------");
    }

    @Test
    void followsItsLogAndItsOutput() {
        ChildServerSupervisor supervisor = supervisor(0, 0);
        List<LogLine> lines = new CopyOnWriteArrayList<>();
        ServerSupervisor.Subscription _ = supervisor.onLog(lines::addAll);

        supervisor.start();
        long pid = running(supervisor).pid();

        await().until(() ->
                lines.stream()
                        .anyMatch(line ->
                                line.logger().equals("Server")
                                        && line.message().equals("ready pid=" + pid)));
        await().until(() ->
                lines.stream()
                        .anyMatch(line ->
                                line.at() == null && line.message().startsWith("fake server")));
    }
}
