package drawbridge.console.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.Platform;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/** What the supervisor decides, on a timeline that is driven and with processes that are played. */
class ChildServerSupervisorTest {
    private static final URI PUBLIC = URI.create("http://127.0.0.1:7070");
    private static final URI ADMIN = URI.create("http://127.0.0.1:7071");
    private static final Instant BEGAN = Instant.parse("2026-03-01T11:00:00Z");

    @TempDir private Path temp;

    private final ManualTimeline timeline = new ManualTimeline();
    private final PlayedProcesses processes = new PlayedProcesses();
    private final PlayedContact contact = new PlayedContact();
    private final List<ServerState> states = new ArrayList<>();
    private DataFolder folder;
    private ServerLaunch launch;
    private ChildServerSupervisor supervisor;

    private static final class PlayedProcess implements ServerProcess {
        private final CompletableFuture<OptionalInt> ended = new CompletableFuture<>();
        private final List<String> orders = new ArrayList<>();
        private long pid;
        private boolean isRunning = true;

        PlayedProcess(long pid) {
            this.pid = pid;
        }

        void end(int code) {
            isRunning = false;
            ended.complete(OptionalInt.of(code));
        }

        @Override
        public long pid() {
            return pid;
        }

        @Override
        public Instant startedAt() {
            return BEGAN;
        }

        @Override
        public boolean isRunning() {
            return isRunning;
        }

        @Override
        public CompletableFuture<OptionalInt> ended() {
            return ended;
        }

        @Override
        public void becomes(long serverPid) {
            pid = serverPid;
        }

        @Override
        public void askToEnd() {
            orders.add("ask");
        }

        @Override
        public void kill() {
            orders.add("kill");
            end(137);
        }
    }

    private final class PlayedProcesses implements ChildServerSupervisor.Processes {
        private final List<PlayedProcess> started = new ArrayList<>();
        private Optional<PlayedProcess> survivor = Optional.empty();
        private String failure = "";
        private long nextPid = 100;

        PlayedProcess newest() {
            return started.getLast();
        }

        @Override
        public Run start() throws IOException {
            if (!failure.isEmpty()) {
                throw new IOException(failure);
            }
            Files.deleteIfExists(folder.readyFile());
            started.add(new PlayedProcess(nextPid++));
            return new Run(newest(), ServerOutput.length(folder.output()), false);
        }

        @Override
        public Optional<? extends ServerProcess> find(long pid, Instant startedAt) {
            return survivor.filter(it -> it.pid() == pid && it.startedAt().equals(startedAt));
        }
    }

    private static final class PlayedContact implements ServerContact {
        private Found found = new Found.Answering(BEGAN);
        private boolean takesStop = true;
        private int stops;

        @Override
        public Found visit(long pid, URI publicUrl, URI adminUrl) {
            return found;
        }

        @Override
        public boolean askToStop(URI adminUrl) {
            stops++;
            return takesStop;
        }
    }

    @BeforeEach
    void open() throws IOException {
        folder = new DataFolder(temp.resolve("data"), Platform.current());
        folder.prepare(Map.of());
        launch =
                new ServerLaunch(
                        new ServerProgram(List.of("never-run")), folder, 7070, 7071, Map.of());
        supervisor = newSupervisor();
    }

    @AfterEach
    void close() {
        supervisor.close();
    }

    private ChildServerSupervisor newSupervisor() {
        ChildServerSupervisor made =
                new ChildServerSupervisor(
                        launch, Platform.current(), timeline, Runnable::run, contact, processes);
        ServerSupervisor.Subscription _ = made.onState(states::add);
        timeline.settle();
        return made;
    }

    private void start() {
        supervisor.start();
        timeline.settle();
    }

    private void becomeReady() throws IOException {
        Files.writeString(
                folder.readyFile(),
                "{\"pid\":%d,\"publicUrl\":\"%s\",\"adminUrl\":\"%s\",\"version\":\"1\"}"
                        .formatted(processes.newest().pid(), PUBLIC, ADMIN));
        timeline.advance(ChildServerSupervisor.READY_POLL);
    }

    private void end(int code) {
        processes.newest().end(code);
        timeline.settle();
    }

    private void print(String output) throws IOException {
        Files.writeString(folder.output(), output);
    }

    @Test
    void tellsTheStateNowToANewListener() {
        assertThat(states).containsExactly(new ServerState.Stopped());
    }

    @Test
    void runsOnceTheReadyFileIsThere() throws IOException {
        start();
        timeline.advance(Duration.ofSeconds(3));
        assertThat(supervisor.state()).isInstanceOf(ServerState.Starting.class);

        becomeReady();

        assertThat(supervisor.state())
                .isEqualTo(new ServerState.Running(100, PUBLIC, ADMIN, timeline.now(), false));
    }

    @Test
    void startsOnlyOne() throws IOException {
        start();
        start();
        becomeReady();
        start();

        assertThat(processes.started).hasSize(1);
    }

    @Test
    void startsAgainAfterACrashWithGrowingPauses() throws IOException {
        start();
        becomeReady();
        end(1);

        assertThat(supervisor.state())
                .isEqualTo(
                        new ServerState.Waiting(
                                "ended with code 1", 1, timeline.now().plusMillis(250)));
        timeline.advance(Duration.ofMillis(249));
        assertThat(processes.started).hasSize(1);
        timeline.advance(Duration.ofMillis(1));
        assertThat(processes.started).hasSize(2);

        end(137);
        assertThat(supervisor.state())
                .isEqualTo(
                        new ServerState.Waiting(
                                "killed by signal 9 (SIGKILL)", 2, timeline.now().plusMillis(500)));
        assertThat(supervisor.exits())
                .extracting(ServerExit::cause)
                .containsExactly("killed by signal 9 (SIGKILL)", "ended with code 1");
    }

    @Test
    void forgetsFailuresAfterTenGoodSeconds() throws IOException {
        start();
        becomeReady();
        end(1);
        timeline.advance(Duration.ofMillis(250));
        becomeReady();
        timeline.advance(Duration.ofSeconds(10));
        end(1);

        assertThat(supervisor.state())
                .isInstanceOfSatisfying(
                        ServerState.Waiting.class,
                        waiting -> assertThat(waiting.failures()).isEqualTo(1));
    }

    @Test
    void stopsTryingWhenToldTo() throws IOException {
        start();
        print("java.lang.Error: no luck\n");
        end(1);

        supervisor.stopTrying();
        timeline.advance(Duration.ofMinutes(5));

        assertThat(supervisor.state())
                .isEqualTo(new ServerState.Failed("ended with code 1", "java.lang.Error: no luck"));
        assertThat(processes.started).hasSize(1);
    }

    @Test
    void triesAtOnceWhenToldTo() {
        start();
        end(1);

        supervisor.tryNow();
        timeline.advance(Duration.ofSeconds(1));

        assertThat(processes.started).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"2, no such setting: x", "4, port 7070 is held by x (pid 9)", "5, no database"})
    void doesNotTryAgainWhenItWouldEndTheSameWay(int code, String said) throws IOException {
        start();
        print("some noise\n" + said + "\n");

        end(code);

        assertThat(supervisor.state())
                .isEqualTo(new ServerState.Failed(said, "some noise\n" + said));
        timeline.advance(Duration.ofMinutes(5));
        assertThat(processes.started).hasSize(1);
    }

    @Test
    void namesTheServerThatOwnsTheFolder() throws IOException {
        Files.writeString(folder.path().resolve("lock"), "4121");
        start();

        end(3);

        assertThat(supervisor.state())
                .isInstanceOfSatisfying(
                        ServerState.Failed.class,
                        failed ->
                                assertThat(failed.why())
                                        .contains("(pid 4121)")
                                        .contains("no console started")
                                        .contains(folder.path().toString()));
    }

    @Test
    void saysWhenTheProgramCannotBeRun() {
        processes.failure = "no such file";

        start();

        assertThat(supervisor.state())
                .isEqualTo(
                        new ServerState.Failed(
                                "the server could not be started: no such file", ""));
    }

    @Test
    void endsAServerThatNeverBecomesReadyAndTriesAgain() {
        start();

        timeline.advance(Duration.ofSeconds(20));

        assertThat(processes.newest().orders).containsExactly("kill");
        assertThat(supervisor.state())
                .isEqualTo(
                        new ServerState.Waiting(
                                "did not answer within 20 s", 1, timeline.now().plusMillis(250)));
    }

    @Test
    void givesAServerThatMayWaitForItsDatabaseThatMuchLonger() {
        launch =
                new ServerLaunch(
                        new ServerProgram(List.of("never-run")),
                        folder,
                        7070,
                        7071,
                        Map.of("DATABASE_URL", "postgresql://drawbridge@db:5432/drawbridge"));
        supervisor = newSupervisor();
        start();

        timeline.advance(Duration.ofSeconds(49));
        assertThat(supervisor.state()).isInstanceOf(ServerState.Starting.class);

        timeline.advance(Duration.ofSeconds(1));
        assertThat(supervisor.state())
                .isEqualTo(
                        new ServerState.Waiting(
                                "did not answer within 50 s", 1, timeline.now().plusMillis(250)));
    }

    @Test
    void givesASlowMachineMoreTimeWithEachTry() {
        start();
        timeline.advance(Duration.ofSeconds(20));
        end(137);
        timeline.advance(Duration.ofMillis(250));

        timeline.advance(Duration.ofSeconds(39));
        assertThat(processes.newest().orders).isEmpty();
        assertThat(supervisor.state()).isInstanceOf(ServerState.Starting.class);

        timeline.advance(Duration.ofSeconds(1));
        assertThat(processes.newest().orders).containsExactly("kill");
    }

    @Test
    void stopsThroughTheAdminApi() throws IOException {
        start();
        becomeReady();

        supervisor.stop();
        timeline.settle();
        assertThat(supervisor.state()).isEqualTo(new ServerState.Stopping(timeline.now()));
        end(0);

        assertThat(supervisor.state()).isEqualTo(new ServerState.Stopped());
        assertThat(contact.stops).isEqualTo(1);
        assertThat(processes.newest().orders).isEmpty();
        assertThat(supervisor.exits())
                .singleElement()
                .satisfies(exit -> {
                    assertThat(exit.cause()).isEqualTo("stopped from the console");
                    assertThat(exit.expected()).isTrue();
                });
        timeline.advance(Duration.ofMinutes(1));
        assertThat(processes.newest().orders).isEmpty();
    }

    @Test
    void asksThroughTheSystemWhenTheAdminApiDoesNotAnswer() throws IOException {
        contact.takesStop = false;
        start();
        becomeReady();

        supervisor.stop();
        timeline.settle();

        assertThat(processes.newest().orders).containsExactly("ask");
    }

    @Test
    void usesForceAfterEightSeconds() throws IOException {
        start();
        becomeReady();
        supervisor.stop();

        timeline.advance(Duration.ofMillis(7_999));
        assertThat(processes.newest().orders).containsExactly("ask");
        timeline.advance(Duration.ofMillis(1));

        assertThat(processes.newest().orders).containsExactly("ask", "kill");
        assertThat(supervisor.state()).isEqualTo(new ServerState.Stopped());
        assertThat(supervisor.exits().getFirst().cause())
                .isEqualTo("stopped from the console, by force because it did not end within 8 s");
    }

    @Test
    void stopsWhatIsStillStarting() {
        start();

        supervisor.stop();
        timeline.settle();

        assertThat(processes.newest().orders).containsExactly("ask");
        end(143);
        assertThat(supervisor.state()).isEqualTo(new ServerState.Stopped());
    }

    @Test
    void stopsWhileWaiting() {
        start();
        end(1);

        supervisor.stop();
        timeline.advance(Duration.ofMinutes(1));

        assertThat(supervisor.state()).isEqualTo(new ServerState.Stopped());
        assertThat(processes.started).hasSize(1);
    }

    @Test
    void restarts() throws IOException {
        start();
        becomeReady();

        supervisor.restart();
        timeline.settle();
        end(0);

        assertThat(processes.started).hasSize(2);
        assertThat(supervisor.state()).isInstanceOf(ServerState.Starting.class);
        assertThat(states).contains(new ServerState.Stopped());
    }

    @Test
    void aStopOvertakesARestart() throws IOException {
        start();
        becomeReady();
        supervisor.restart();
        timeline.settle();

        supervisor.stop();
        end(0);

        assertThat(processes.started).hasSize(1);
        assertThat(supervisor.state()).isEqualTo(new ServerState.Stopped());
    }

    @Test
    void leavesTheServerRunningWhenClosed() throws IOException {
        start();
        becomeReady();

        supervisor.close();
        timeline.advance(Duration.ofMinutes(1));

        assertThat(processes.newest().orders).isEmpty();
        assertThat(contact.stops).isZero();
    }

    private PlayedProcess leaveServerBehind() throws IOException {
        start();
        becomeReady();
        PlayedProcess left = processes.newest();
        supervisor.close();
        processes.survivor = Optional.of(left);
        states.clear();
        return left;
    }

    @Test
    void attachesToTheServerThatOutlivedItsConsole() throws IOException {
        leaveServerBehind();

        supervisor = reopened();
        start();

        assertThat(processes.started).hasSize(1);
        assertThat(supervisor.state())
                .isEqualTo(new ServerState.Running(100, PUBLIC, ADMIN, BEGAN, true));
    }

    /** A supervisor on a timeline of its own, as the next console has it. */
    private ChildServerSupervisor reopened() {
        ChildServerSupervisor made =
                new ChildServerSupervisor(
                        launch, Platform.current(), next, Runnable::run, contact, processes);
        made.start();
        next.settle();
        return made;
    }

    private final ManualTimeline next = new ManualTimeline();

    @Test
    void noticesTheCrashOfAnAttachedServerAndStartsAnother() throws IOException {
        PlayedProcess left = leaveServerBehind();
        supervisor = reopened();

        left.isRunning = false; // its end is never told, as of a process nobody waits for
        next.advance(Duration.ofMillis(500));

        assertThat(supervisor.state())
                .isInstanceOfSatisfying(
                        ServerState.Waiting.class,
                        waiting -> assertThat(waiting.why()).contains("exit code is known to"));
        next.advance(Duration.ofMillis(250));
        assertThat(processes.started).hasSize(2);
        assertThat(supervisor.exits().getFirst().exitCode()).isEqualTo(-1);
    }

    @Test
    void stopsAnAttachedServer() throws IOException {
        PlayedProcess left = leaveServerBehind();
        supervisor = reopened();

        supervisor.stop();
        next.settle();
        left.isRunning = false;
        next.advance(Duration.ofMillis(500));

        assertThat(contact.stops).isEqualTo(1);
        assertThat(supervisor.state()).isEqualTo(new ServerState.Stopped());
        assertThat(supervisor.exits().getFirst().expected()).isTrue();
    }

    @Test
    void startsAnotherWhenTheEarlierOneIsGone() throws IOException {
        leaveServerBehind();
        processes.survivor = Optional.empty();

        supervisor = reopened();

        assertThat(processes.started).hasSize(2);
        assertThat(supervisor.exits().getFirst().cause()).contains("no console watched it");
    }

    @Test
    void takesOverAServerWhoseConsoleEndedBeforeItWasReady() throws IOException {
        start();
        PlayedProcess left = processes.newest();
        supervisor.close();
        processes.survivor = Optional.of(left);

        supervisor = reopened();
        assertThat(supervisor.state()).isInstanceOf(ServerState.Starting.class);
        Files.writeString(
                folder.readyFile(),
                "{\"pid\":100,\"publicUrl\":\"%s\",\"adminUrl\":\"%s\"}".formatted(PUBLIC, ADMIN));
        next.advance(ChildServerSupervisor.READY_POLL);

        assertThat(supervisor.state())
                .isEqualTo(new ServerState.Running(100, PUBLIC, ADMIN, BEGAN, true));
    }

    @Test
    void doesNotTakeASilentServerForRunningButCanEndIt() throws IOException {
        PlayedProcess left = leaveServerBehind();
        contact.found = new ServerContact.Found.Silent("Nothing listens there.");
        contact.takesStop = false;
        supervisor = reopened();

        next.advance(Duration.ofSeconds(10));
        assertThat(supervisor.state())
                .isInstanceOfSatisfying(
                        ServerState.Failed.class,
                        failed ->
                                assertThat(failed.why())
                                        .contains("(pid 100)")
                                        .contains("Nothing listens there."));

        supervisor.stop();
        next.settle();
        assertThat(left.orders).containsExactly("ask");
        left.end(143);
        next.settle();
        assertThat(supervisor.state()).isEqualTo(new ServerState.Stopped());
    }

    @Test
    void startsNothingWhenTheSilentServerEndsByItself() throws IOException {
        PlayedProcess left = leaveServerBehind();
        contact.found = new ServerContact.Found.Silent("Nothing listens there.");
        supervisor = reopened();
        next.advance(Duration.ofSeconds(10));

        left.isRunning = false;
        next.advance(Duration.ofMinutes(1));

        assertThat(supervisor.state()).isInstanceOf(ServerState.Failed.class);
        assertThat(processes.started).hasSize(1);
        supervisor.start();
        next.settle();
        assertThat(processes.started).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{}", "[]", "{\"pid\":\"x\"}", "null"})
    void startsAnewWhenTheStateFileIsDamaged(String content) throws IOException {
        Files.writeString(folder.stateFile(), content);

        start();

        assertThat(processes.started).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{}", "{\"pid\":1,\"publicUrl\":\"::\",\"adminUrl\":\"\"}"})
    void waitsOnWhileTheReadyFileIsDamaged(String content) throws IOException {
        start();
        Files.writeString(folder.readyFile(), content);
        timeline.advance(Duration.ofSeconds(1));
        assertThat(supervisor.state()).isInstanceOf(ServerState.Starting.class);

        becomeReady();

        assertThat(supervisor.state()).isInstanceOf(ServerState.Running.class);
    }

    @Test
    void keepsTheEndsOverARestartOfTheConsole() throws IOException {
        start();
        for (int i = 0; i < 120; i++) {
            end(1);
            supervisor.tryNow();
            timeline.settle();
        }
        assertThat(supervisor.exits()).hasSize(100);
        List<ServerExit> before = supervisor.exits();
        supervisor.close();

        supervisor =
                new ChildServerSupervisor(
                        launch, Platform.current(), next, Runnable::run, contact, processes);

        assertThat(supervisor.exits()).isEqualTo(before);
    }

    @Test
    void keepsTheEndsBehindALineCutShort() throws IOException {
        Files.writeString(folder.exits(), "{\"pid\":1,\"star");
        supervisor.close();
        supervisor = reopened();
        processes.newest().end(1);
        next.settle();

        ExitHistory read = new ExitHistory(folder.exits(), Platform.current());

        assertThat(read.newestFirst()).hasSize(1);
    }
}
