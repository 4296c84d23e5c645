package drawbridge.console.supervise;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs the server's own {@code simulate} command as a child process. It holds this process's end of
 * a pipe as its input and ends with it, so that it outlives nobody.
 */
public final class ChildTrafficSimulator implements TrafficSimulator, AutoCloseable {
    private static final Duration GENTLE = Duration.ofSeconds(3);
    private static final Logger LOG = LoggerFactory.getLogger(ChildTrafficSimulator.class);

    private final ServerLaunch launch;
    private final ServerSupervisor.Subscription hearing;
    private final List<Consumer<State>> listeners = new CopyOnWriteArrayList<>();

    // What follows is guarded by this.
    private State state = new State.Waiting();
    private ServerState server = new ServerState.Stopped();
    private @Nullable Process playing;
    private boolean closed;

    /** One that plays whenever that server runs, until it is closed. */
    public ChildTrafficSimulator(ServerLaunch launch, ServerSupervisor supervisor) {
        this.launch = launch;
        this.hearing = supervisor.onState(this::heard);
    }

    @Override
    public ServerSupervisor.Subscription onState(Consumer<State> listener) {
        synchronized (this) {
            listeners.add(listener);
            listener.accept(state);
        }
        return () -> listeners.remove(listener);
    }

    @Override
    public synchronized void again() {
        if (state instanceof State.Ended) {
            play();
        }
    }

    /** A server that starts again has another port: who plays at the old one is done. */
    private synchronized void heard(ServerState next) {
        server = next;
        Process before = playing;
        playing = null;
        if (before != null) {
            end(before);
        }
        if (next instanceof ServerState.Running) {
            play();
        } else {
            enter(new State.Waiting());
        }
    }

    private void play() {
        if (closed || !(server instanceof ServerState.Running running)) {
            return;
        }
        try {
            Path said = launch.folder().simulated();
            ProcessBuilder builder =
                    new ProcessBuilder(launch.program().simulate(launch.folder(), running));
            builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
            builder.redirectError(said.toFile());
            builder.directory(launch.folder().path().toFile());
            builder.environment().clear();
            builder.environment().putAll(launch.environment());
            Process started = builder.start();
            playing = started;
            enter(new State.Playing());
            CompletableFuture<Process> _ =
                    started.onExit().whenComplete((gone, _) -> ended(started, said));
        } catch (IOException e) {
            enter(new State.Ended(String.valueOf(e.getMessage())));
        }
    }

    private synchronized void ended(Process process, Path said) {
        if (process.equals(playing)) {
            playing = null;
            enter(new State.Ended(lastLine(said, process.exitValue())));
        }
    }

    private static String lastLine(Path said, int code) {
        try {
            List<String> lines = Files.readAllLines(said, StandardCharsets.UTF_8);
            return lines.isEmpty() ? "it ended with code " + code : lines.getLast();
        } catch (IOException e) {
            LOG.debug("what the simulation said cannot be read", e);
            return "it ended with code " + code;
        }
    }

    private void enter(State next) {
        state = next;
        listeners.forEach(listener -> listener.accept(next));
    }

    /** Its input ends, and so does it; by force when it takes too long. */
    private static void end(Process process) {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            LOG.debug("the simulation has ended already", e);
        }
        CompletableFuture<Process> _ =
                process.onExit()
                        .completeOnTimeout(process, GENTLE.toMillis(), TimeUnit.MILLISECONDS)
                        .whenComplete((_, _) -> process.destroyForcibly());
    }

    /** Ends the playing and waits for that, a few seconds at most. */
    @Override
    public void close() {
        hearing.close();
        Process last;
        synchronized (this) {
            closed = true;
            last = playing;
            playing = null;
        }
        if (last != null) {
            end(last);
            try {
                boolean _ = last.waitFor(2 * GENTLE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
