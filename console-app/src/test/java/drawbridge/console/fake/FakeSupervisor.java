package drawbridge.console.fake;

import drawbridge.console.supervise.LogLine;
import drawbridge.console.supervise.ServerCommands;
import drawbridge.console.supervise.ServerExit;
import drawbridge.console.supervise.ServerState;
import drawbridge.console.supervise.ServerSupervisor;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A supervisor that is told what state its server is in, and remembers what was asked of it. */
public final class FakeSupervisor implements ServerSupervisor {
    private final List<Consumer<ServerState>> stateListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<List<LogLine>>> logListeners = new CopyOnWriteArrayList<>();
    private final List<LogLine> lines = new ArrayList<>();
    private final List<ServerExit> exits = new ArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    private @Nullable ServerCommands commands;
    private volatile ServerState state = new ServerState.Stopped();

    /** The server enters that state. */
    public void enter(ServerState entered) {
        state = entered;
        stateListeners.forEach(listener -> listener.accept(entered));
    }

    /** The server logs these lines. */
    public void log(List<LogLine> batch) {
        lines.addAll(batch);
        logListeners.forEach(listener -> listener.accept(batch));
    }

    /** A process ended; told with the next state. */
    public void ended(ServerExit exit) {
        exits.addFirst(exit);
    }

    /** From now on the data folder is here, and this is done to it. */
    public void commands(ServerCommands given) {
        commands = given;
    }

    @Override
    public Optional<ServerCommands> commands() {
        return Optional.ofNullable(commands);
    }

    /** What was asked, in order: {@code start}, {@code stop}, … */
    public List<String> asked() {
        return asked;
    }

    @Override
    public ServerState state() {
        return state;
    }

    @Override
    public Subscription onState(Consumer<ServerState> listener) {
        stateListeners.add(listener);
        listener.accept(state);
        return () -> stateListeners.remove(listener);
    }

    @Override
    public Subscription onLog(Consumer<List<LogLine>> listener) {
        logListeners.add(listener);
        if (!lines.isEmpty()) {
            listener.accept(List.copyOf(lines));
        }
        return () -> logListeners.remove(listener);
    }

    @Override
    public List<ServerExit> exits() {
        return List.copyOf(exits);
    }

    @Override
    public void start() {
        asked.add("start");
    }

    @Override
    public void stop() {
        asked.add("stop");
    }

    @Override
    public void restart() {
        asked.add("restart");
    }

    @Override
    public void stopTrying() {
        asked.add("stopTrying");
    }

    @Override
    public void tryNow() {
        asked.add("tryNow");
    }

    @Override
    public void close() {
        asked.add("close");
    }
}
