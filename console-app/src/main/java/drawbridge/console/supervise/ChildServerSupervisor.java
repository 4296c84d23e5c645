package drawbridge.console.supervise;

import drawbridge.console.Platform;
import drawbridge.console.supervise.ServerContact.Found;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Runs the server as a detached child process: it survives the end of this console, whatever ends
 * it, and the next one takes it over again.
 *
 * <p>Everything is decided on the timeline's thread; what blocks is done elsewhere and comes back
 * as one more task. A task that was meant for a process that is no longer the current one does
 * nothing.
 */
public final class ChildServerSupervisor implements ServerSupervisor {
    static final Duration READY_WITHIN = Duration.ofSeconds(20);

    /**
     * Besides, where the server waits for a database of its own to be reachable (30 s unless set).
     */
    static final Duration DATABASE_WITHIN = Duration.ofSeconds(30);

    /** A machine that is too slow for the first limit is given more, up to this. */
    static final Duration READY_AT_LAST = Duration.ofMinutes(2);

    static final Duration READY_POLL = Duration.ofMillis(50);
    static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
    static final Duration ANSWER_POLL = Duration.ofMillis(500);
    static final Duration ALIVE_POLL = Duration.ofMillis(500);
    static final Duration ASK_AGAIN_AFTER = Duration.ofSeconds(5);
    static final Duration KILL_AFTER = Duration.ofSeconds(8);
    private static final Logger LOG = LoggerFactory.getLogger(ChildServerSupervisor.class);

    /** Starts and finds processes; a seam for tests that need none. */
    interface Processes {
        /** Starts the server. */
        Run start() throws IOException;

        /** The process an earlier console started, when it still runs. */
        Optional<? extends ServerProcess> find(long pid, Instant startedAt);
    }

    private final ServerLaunch launch;
    private final Platform platform;
    private final Timeline timeline;
    private final Executor background;
    private final ServerContact contact;
    private final Processes processes;
    private final StateFile stateFile;
    private final ExitHistory history;
    private final LogFollower log;
    private final List<Consumer<ServerState>> listeners = new CopyOnWriteArrayList<>();

    private volatile ServerState state = new ServerState.Stopped();

    // What follows belongs to the timeline.
    private @Nullable Run current;
    private int failures;
    private boolean isStartDueAfterStop;
    private String lastOutput = "";
    private Duration readyWithin;
    private Timeline.Timer nextTry = () -> {};

    /** A supervisor of the server in that folder; nothing is started before {@link #start}. */
    public static ChildServerSupervisor of(ServerLaunch launch, Platform platform, Clock clock) {
        return new ChildServerSupervisor(
                launch,
                platform,
                new ThreadTimeline(clock, "supervisor"),
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("supervisor-contact-", 0).factory()),
                new HttpServerContact(launch.folder(), launch.environment()),
                new OsProcesses(launch, platform));
    }

    ChildServerSupervisor(
            ServerLaunch launch,
            Platform platform,
            Timeline timeline,
            Executor background,
            ServerContact contact,
            Processes processes) {
        this.launch = launch;
        this.readyWithin = readyAtFirst(launch);
        this.platform = platform;
        this.timeline = timeline;
        this.background = background;
        this.contact = contact;
        this.processes = processes;
        this.stateFile = new StateFile(launch.folder().stateFile(), platform);
        this.history = new ExitHistory(launch.folder().exits(), platform);
        this.log = new LogFollower(launch.folder().structuredLog(), launch.folder().output());
    }

    private record OsProcesses(ServerLaunch launch, Platform platform) implements Processes {
        @Override
        public Run start() throws IOException {
            return launch.startDetached(platform);
        }

        @Override
        public Optional<? extends ServerProcess> find(long pid, Instant startedAt) {
            return OsServerProcess.find(pid, startedAt, platform);
        }
    }

    @Override
    public ServerState state() {
        return state;
    }

    @Override
    public Subscription onState(Consumer<ServerState> listener) {
        timeline.soon(() -> {
            listeners.add(listener);
            listener.accept(state);
        });
        return () -> timeline.soon(() -> listeners.remove(listener));
    }

    @Override
    public Subscription onLog(Consumer<List<LogLine>> listener) {
        return log.subscribe(listener);
    }

    @Override
    public List<ServerExit> exits() {
        return history.newestFirst();
    }

    @Override
    public Optional<ServerCommands> commands() {
        return Optional.of(new ChildServerCommands(launch));
    }

    @Override
    public void start() {
        timeline.soon(this::startNow);
    }

    @Override
    public void stop() {
        timeline.soon(() -> {
            isStartDueAfterStop = false;
            stopNow();
        });
    }

    @Override
    public void restart() {
        timeline.soon(() -> {
            if (current == null) {
                startNow();
            } else {
                isStartDueAfterStop = true;
                stopNow();
            }
        });
    }

    @Override
    public void stopTrying() {
        timeline.soon(() -> {
            if (state instanceof ServerState.Waiting(String why, _, _)) {
                nextTry.cancel();
                enter(new ServerState.Failed(why, lastOutput));
            }
        });
    }

    @Override
    public void tryNow() {
        timeline.soon(() -> {
            if (state instanceof ServerState.Waiting) {
                nextTry.cancel();
                launch();
            }
        });
    }

    @Override
    public void close() {
        timeline.close();
        log.close();
    }

    private void enter(ServerState next) {
        state = next;
        LOG.info("the server is {}", next);
        listeners.forEach(listener -> listener.accept(next));
    }

    private void startNow() {
        switch (state) {
            case ServerState.Running _, ServerState.Starting _ -> {
                // It runs, or will.
            }
            case ServerState.Stopping _ -> isStartDueAfterStop = true;
            case ServerState.Waiting _ -> tryNow();
            case ServerState.Stopped _, ServerState.Failed _ -> {
                failures = 0;
                Run silent = current;
                if (silent == null) {
                    attachOrLaunch();
                } else {
                    enter(new ServerState.Starting(timeline.now())); // it may answer by now
                    visit(silent, timeline.now().plus(ANSWER_WITHIN));
                }
            }
        }
    }

    private void attachOrLaunch() {
        Optional<StateFile.Supervised> left = stateFile.read();
        if (left.isEmpty()) {
            launch();
            return;
        }
        StateFile.Supervised earlier = left.get();
        Optional<? extends ServerProcess> process =
                processes.find(earlier.pid(), earlier.startedAt());
        if (process.isPresent()) {
            attach(new Run(process.get(), earlier.outputFrom(), true), earlier);
            return;
        }
        stateFile.delete();
        history.add(
                new ServerExit(
                        earlier.pid(),
                        earlier.startedAt(),
                        timeline.now(),
                        -1,
                        "ended while no console watched it; its exit code is not known",
                        false));
        launch();
    }

    private void attach(Run run, StateFile.Supervised earlier) {
        enter(new ServerState.Starting(timeline.now()));
        watch(run);
        URI publicUrl = earlier.publicUrl();
        URI adminUrl = earlier.adminUrl();
        if (publicUrl == null || adminUrl == null) {
            pollReady(run, timeline.now().plus(readyWithin)); // its console ended meanwhile
        } else {
            run.reachableAt(publicUrl, adminUrl);
            visit(run, timeline.now().plus(ANSWER_WITHIN));
        }
    }

    private void launch() {
        enter(new ServerState.Starting(timeline.now()));
        lastOutput = "";
        try {
            Run run = processes.start();
            stateFile.write(run.supervised());
            watch(run);
            pollReady(run, timeline.now().plus(readyWithin));
        } catch (IOException e) {
            LOG.warn("the server could not be started", e);
            enter(
                    new ServerState.Failed(
                            "the server could not be started: %s".formatted(e.getMessage()), ""));
        }
    }

    private boolean isStarting(Run run) {
        return current == run && state instanceof ServerState.Starting;
    }

    private void watch(Run run) {
        current = run;
        CompletableFuture<OptionalInt> _ =
                run.process
                        .ended()
                        .whenComplete((code, _) -> timeline.soon(() -> ended(run, known(code))));
        if (run.attached) {
            timeline.after(ALIVE_POLL, () -> pollAlive(run));
        }
    }

    private static OptionalInt known(@Nullable OptionalInt code) {
        return code == null ? OptionalInt.empty() : code;
    }

    /** The end of a process that is not a child is told late, or, uncollected, never. */
    private void pollAlive(Run run) {
        if (current == run) {
            if (run.process.isRunning()) {
                timeline.after(ALIVE_POLL, () -> pollAlive(run));
            } else {
                ended(run, run.process.ended().getNow(OptionalInt.empty()));
            }
        }
    }

    private void pollReady(Run run, Instant deadline) {
        if (!isStarting(run)) {
            return;
        }
        Optional<ReadyFile> ready = readReadyFile();
        if (ready.isPresent()) {
            readyWithin = readyAtFirst(launch);
            run.process.becomes(ready.get().pid());
            run.reachableAt(ready.get().publicUrl(), ready.get().adminUrl());
            stateFile.write(run.supervised());
            if (run.attached) {
                visit(run, deadline);
            } else {
                running(run, timeline.now());
            }
        } else if (timeline.now().isBefore(deadline)) {
            timeline.after(READY_POLL, () -> pollReady(run, deadline));
        } else {
            run.overdue("did not answer within %d s".formatted(readyWithin.toSeconds()));
            Duration longer = readyWithin.multipliedBy(2);
            readyWithin = longer.compareTo(READY_AT_LAST) < 0 ? longer : READY_AT_LAST;
            run.process.kill();
        }
    }

    private static Duration readyAtFirst(ServerLaunch launch) {
        boolean isElsewhere = !launch.environment().getOrDefault("DATABASE_URL", "").isBlank();
        return isElsewhere ? READY_WITHIN.plus(DATABASE_WITHIN) : READY_WITHIN;
    }

    private Optional<ReadyFile> readReadyFile() {
        try {
            return ReadyFile.read(launch.folder().readyFile());
        } catch (IOException e) {
            LOG.debug("the ready file cannot be read, yet: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /** Makes sure that what runs there is the server it should be, before it counts as running. */
    private void visit(Run run, Instant deadline) {
        URI publicUrl = run.publicUrl();
        URI adminUrl = run.adminUrl();
        if (publicUrl == null || adminUrl == null) {
            pollReady(run, deadline);
            return;
        }
        background.execute(() -> {
            Found found = contact.visit(run.process.pid(), publicUrl, adminUrl);
            timeline.soon(() -> visited(run, found, deadline));
        });
    }

    private void visited(Run run, Found found, Instant deadline) {
        if (!isStarting(run)) {
            return;
        }
        switch (found) {
            case Found.Answering(Instant since) -> running(run, since);
            case Found.Silent(String why) -> {
                if (timeline.now().isBefore(deadline)) {
                    timeline.after(ANSWER_POLL, () -> visit(run, deadline));
                } else {
                    enter(
                            new ServerState.Failed(
                                    "the server of an earlier console (pid %d) runs, but does not answer as it should; stop ends it. %s"
                                            .formatted(run.process.pid(), why),
                                    ""));
                }
            }
        }
    }

    private void running(Run run, Instant since) {
        URI publicUrl = run.publicUrl();
        URI adminUrl = run.adminUrl();
        if (publicUrl != null && adminUrl != null) {
            run.answers(since);
            enter(
                    new ServerState.Running(
                            run.process.pid(), publicUrl, adminUrl, since, run.attached));
        }
    }

    private void stopNow() {
        Run run = current;
        if (run == null) {
            nextTry.cancel();
            if (!(state instanceof ServerState.Stopped)) {
                enter(new ServerState.Stopped());
            }
            return;
        }
        if (state instanceof ServerState.Stopping) {
            return;
        }
        run.askedToStop();
        enter(new ServerState.Stopping(timeline.now()));
        askToEnd(run);
        timeline.after(ASK_AGAIN_AFTER, () -> ifCurrent(run, run.process::askToEnd));
        timeline.after(
                KILL_AFTER,
                () ->
                        ifCurrent(
                                run,
                                () -> {
                                    run.killed();
                                    run.process.kill();
                                }));
    }

    /** By its own admin API first: the one way that is gentle on every system. */
    private void askToEnd(Run run) {
        URI adminUrl = run.adminUrl();
        if (adminUrl == null) {
            run.process.askToEnd();
            return;
        }
        background.execute(() -> {
            if (!contact.askToStop(adminUrl)) {
                timeline.soon(() -> ifCurrent(run, run.process::askToEnd));
            }
        });
    }

    private void ifCurrent(Run run, Runnable task) {
        if (current == run) {
            task.run();
        }
    }

    private void ended(Run run, OptionalInt code) {
        if (current != run) {
            return;
        }
        current = null;
        stateFile.delete();
        ServerOutput output = ServerOutput.read(launch.folder().output(), run.outputFrom);
        lastOutput = output.text();
        ServerEnd end = ServerEnd.of(run, code, output, launch, platform);
        Instant now = timeline.now();
        history.add(
                new ServerExit(
                        run.process.pid(),
                        run.process.startedAt(),
                        now,
                        end.exitCode(),
                        end.cause(),
                        end.isExpected()));
        if (run.isStopAsked()) {
            afterStop();
        } else if (end.isFinal() || state instanceof ServerState.Failed) {
            // The latter: it was given up as silent; that it ends now is no reason to start one.
            enter(new ServerState.Failed(end.cause(), lastOutput));
        } else {
            failures = RestartPolicy.failures(failures, run.answeredFor(now));
            Duration delay = RestartPolicy.delay(failures);
            enter(new ServerState.Waiting(end.cause(), failures, now.plus(delay)));
            nextTry = timeline.after(delay, this::tryNow);
        }
    }

    private void afterStop() {
        enter(new ServerState.Stopped());
        if (isStartDueAfterStop) {
            isStartDueAfterStop = false;
            failures = 0;
            launch();
        }
    }
}
