package drawbridge.console.model;

import drawbridge.console.supervise.LogLine;
import drawbridge.console.supervise.ServerCommands;
import drawbridge.console.supervise.ServerExit;
import drawbridge.console.supervise.ServerState;
import drawbridge.console.supervise.ServerSupervisor;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** The supervised process: its state, its past ends and its log. */
public final class ServerModel implements AutoCloseable {
    /** So many log lines are kept; older ones are in the log file. */
    public static final int MOST_LINES = 10_000;

    private final ServerSupervisor supervisor;
    private final Executor fx;
    private final Executor paced;
    private final ReadOnlyObjectWrapper<ServerState> state =
            new ReadOnlyObjectWrapper<>(this, "state", new ServerState.Stopped());
    private final ObservableList<ServerExit> exits = FXCollections.observableArrayList();
    private final ObservableList<ServerExit> exitsReadOnly =
            FXCollections.unmodifiableObservableList(exits);

    /** Guarded by itself: lines the supervisor's thread put down and the FX thread will fetch. */
    private final Deque<LogLine> incoming = new ArrayDeque<>();

    private final Deque<LogLine> lines = new ArrayDeque<>();
    private final List<Consumer<List<LogLine>>> followers = new ArrayList<>();
    private final List<ServerSupervisor.Subscription> hearings = new ArrayList<>();

    /**
     * A model that hears nothing before {@link #open}.
     *
     * @param fx runs a task on the FX thread
     * @param paced does too, no more often than the screen needs
     */
    public ServerModel(ServerSupervisor supervisor, Executor fx, Executor paced) {
        this.supervisor = supervisor;
        this.fx = fx;
        this.paced = paced;
    }

    /** Begins to hear the supervisor. */
    void open() {
        hearings.add(supervisor.onState(now -> fx.execute(() -> entered(now))));
        hearings.add(supervisor.onLog(this::heard));
    }

    private void entered(ServerState now) {
        exits.setAll(supervisor.exits());
        state.set(now);
    }

    private void heard(List<LogLine> batch) {
        boolean first;
        synchronized (incoming) {
            first = incoming.isEmpty();
            incoming.addAll(batch);
            while (incoming.size() > MOST_LINES) {
                incoming.removeFirst();
            }
        }
        if (first) {
            paced.execute(this::fetch);
        }
    }

    private void fetch() {
        List<LogLine> batch;
        synchronized (incoming) {
            batch = List.copyOf(incoming);
            incoming.clear();
        }
        lines.addAll(batch);
        while (lines.size() > MOST_LINES) {
            lines.removeFirst();
        }
        followers.forEach(follower -> follower.accept(batch));
    }

    /** What the server is doing. */
    public ReadOnlyObjectProperty<ServerState> stateProperty() {
        return state.getReadOnlyProperty();
    }

    /** Past ends, newest first. */
    public ObservableList<ServerExit> exits() {
        return exitsReadOnly;
    }

    /** The log lines kept, oldest first; a copy. */
    public List<LogLine> log() {
        return new ArrayList<>(lines);
    }

    /** Hears every batch of lines from now on. */
    public void followLog(Consumer<List<LogLine>> follower) {
        followers.add(follower);
    }

    /** What can be done to its data folder while it is stopped; empty where it is not here. */
    public Optional<ServerCommands> commands() {
        return supervisor.commands();
    }

    /** Starts the server, or re-attaches to it. */
    public void start() {
        supervisor.start();
    }

    /** Ends the server in good order. */
    public void stop() {
        supervisor.stop();
    }

    /** Ends and starts it. */
    public void restart() {
        supervisor.restart();
    }

    /** Gives up starting it again. */
    public void stopTrying() {
        supervisor.stopTrying();
    }

    /** Starts it again without waiting. */
    public void tryNow() {
        supervisor.tryNow();
    }

    /** Ends the hearing; the server is left as it is. */
    @Override
    public void close() {
        hearings.forEach(ServerSupervisor.Subscription::close);
        hearings.clear();
    }
}
