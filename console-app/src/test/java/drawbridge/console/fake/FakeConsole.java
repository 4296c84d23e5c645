package drawbridge.console.fake;

import drawbridge.console.Threads;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.model.Protection;
import drawbridge.console.model.ServerModel;
import drawbridge.console.model.SessionsModel;
import drawbridge.console.ui.Background;
import drawbridge.model.view.ServerInfo;

import java.time.Instant;
import java.util.concurrent.Executor;

/**
 * What a test of the console begins with: a server that is told what to hold, a clock that is told
 * the time, and a model of them whose tasks are done at once, on the thread that gives them.
 */
public final class FakeConsole {
    private final Executor now = Runnable::run;
    private final ManualLater later = new ManualLater();
    private final FakeSupervisor supervisor = new FakeSupervisor();
    private final Background background = new Background(now, now);
    private final MutableClock clock;
    private final FakeServer server;
    private final ConsoleModel model;

    /** A server that began at that time, when it also is now; nothing runs yet. */
    public FakeConsole(Instant start) {
        this(start, SessionsModel.Most.USUAL);
    }

    /** The same, with a model that holds so many sessions. */
    public FakeConsole(Instant start, SessionsModel.Most most) {
        clock = new MutableClock(start);
        server =
                new FakeServer(
                        clock,
                        new ServerInfo(
                                "0.1.0",
                                4121,
                                start,
                                "http://127.0.0.1:7070",
                                "http://127.0.0.1:7071",
                                "node-1",
                                "sqlite",
                                false,
                                "data"));
        model =
                new ConsoleModel(
                        new ServerModel(supervisor, now, now),
                        server,
                        Protection.none(),
                        most,
                        background,
                        now,
                        clock);
    }

    /** The time. */
    public MutableClock clock() {
        return clock;
    }

    /** What happens after a while. */
    public ManualLater later() {
        return later;
    }

    /** Who says how the server is. */
    public FakeSupervisor supervisor() {
        return supervisor;
    }

    /** The server. */
    public FakeServer server() {
        return server;
    }

    /** Runs what blocks, at once. */
    public Background background() {
        return background;
    }

    /** The model of the server; opened by the test. */
    public ConsoleModel model() {
        return model;
    }

    /** Threads that are all this one. */
    public Threads threads() {
        return new Threads(now, now, now, later);
    }
}
