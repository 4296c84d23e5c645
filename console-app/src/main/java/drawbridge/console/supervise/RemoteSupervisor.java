package drawbridge.console.supervise;

import drawbridge.console.client.Reply;
import drawbridge.console.client.TrustClient;
import drawbridge.model.view.ServerInfo;
import drawbridge.model.view.ServerSnapshot;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Reaches a server elsewhere, and tries again with growing pauses while that cannot be reached. Its
 * process is none of this console's business: there is no log and no end to tell of, and stopping
 * means not to follow it any more.
 */
public final class RemoteSupervisor implements ServerSupervisor {
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private final URI adminUrl;
    private final Supplier<TrustClient> clients;
    private final Timeline timeline;
    private final List<Consumer<ServerState>> listeners = new CopyOnWriteArrayList<>();
    private volatile ServerState state = new ServerState.Stopped();

    // What follows belongs to the timeline's thread.
    private Timeline.Timer due = () -> {};
    private int failures;

    RemoteSupervisor(URI adminUrl, Supplier<TrustClient> clients, Timeline timeline) {
        this.adminUrl = adminUrl;
        this.clients = clients;
        this.timeline = timeline;
    }

    /**
     * For the server with that admin listener.
     *
     * @param clients makes a client that this closes
     */
    public static RemoteSupervisor of(URI adminUrl, Supplier<TrustClient> clients, Clock clock) {
        return new RemoteSupervisor(
                adminUrl, clients, new ThreadTimeline(clock, "remote-supervisor"));
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
        return () -> listeners.remove(listener);
    }

    /** There is none: it is a file on the server's machine. */
    @Override
    public Subscription onLog(Consumer<List<LogLine>> listener) {
        return () -> {};
    }

    @Override
    public List<ServerExit> exits() {
        return List.of();
    }

    private void enter(ServerState entered) {
        state = entered;
        listeners.forEach(listener -> listener.accept(entered));
    }

    @Override
    public void start() {
        timeline.soon(() -> {
            if (!(state instanceof ServerState.Running)) {
                failures = 0;
                reach();
            }
        });
    }

    private void reach() {
        due.cancel();
        if (failures == 0) {
            enter(new ServerState.Starting(timeline.now()));
        }
        try (TrustClient client = clients.get()) {
            switch (client.snapshot()) {
                case Reply.Done<ServerSnapshot>(ServerSnapshot snapshot) ->
                        reached(snapshot.server());
                case Reply.Rejected<ServerSnapshot>(int status, var problem) -> {
                    if (status == UNAUTHORIZED || status == FORBIDDEN) {
                        enter(
                                new ServerState.Failed(
                                        "The server refused this console: " + problem.error() + ".",
                                        ""));
                    } else {
                        again(problem.error());
                    }
                }
                case Reply.Unreachable<ServerSnapshot>(_, String why) -> again(why);
            }
        }
    }

    private void reached(ServerInfo server) {
        failures = 0;
        enter(
                new ServerState.Running(
                        server.pid(),
                        URI.create(server.publicUrl()),
                        adminUrl,
                        server.startedAt(),
                        true));
    }

    private void again(String why) {
        failures++;
        Duration pause = RestartPolicy.delay(failures + 2); // a network is slower than a process
        enter(new ServerState.Waiting(why, failures, timeline.now().plus(pause)));
        due = timeline.after(pause, this::reach);
    }

    /** Ends every try until a person has decided something. */
    public void refuse(String why) {
        timeline.soon(() -> {
            due.cancel();
            enter(new ServerState.Failed(why, ""));
        });
    }

    @Override
    public void stop() {
        timeline.soon(() -> {
            due.cancel();
            enter(new ServerState.Stopped());
        });
    }

    @Override
    public void restart() {
        timeline.soon(() -> {
            failures = 0;
            reach();
        });
    }

    @Override
    public void stopTrying() {
        stop();
    }

    @Override
    public void tryNow() {
        timeline.soon(() -> {
            if (state instanceof ServerState.Waiting) {
                reach();
            }
        });
    }

    @Override
    public void close() {
        timeline.close();
    }
}
