package drawbridge.console.screen.sessions;

import static drawbridge.console.model.Sessions.START;
import static drawbridge.console.model.Sessions.live;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.fake.FakeServer;
import drawbridge.console.fake.FakeSupervisor;
import drawbridge.console.fake.MutableClock;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.model.ServerModel;
import drawbridge.console.ui.AgentNames;
import drawbridge.console.ui.Background;
import drawbridge.model.event.ServerEvent.SessionsSeen;
import drawbridge.model.filter.SessionFilter;
import drawbridge.model.view.ServerInfo;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

class SessionQueryTest {
    private static final int SESSIONS = 4_000;

    private final Executor now = Runnable::run;
    private final MutableClock clock = new MutableClock(START);
    private final FakeSupervisor supervisor = new FakeSupervisor();
    private final FakeServer server =
            new FakeServer(
                    clock,
                    new ServerInfo(
                            "0", 1, START, "http://a", "http://b", "n", "sqlite", false, "d"));
    private final ConsoleModel model =
            new ConsoleModel(
                    new ServerModel(supervisor, now, now),
                    server,
                    new Background(now, now),
                    now,
                    clock);

    /** Rows change on the FX thread while a worker sorts them. */
    @Test
    void sortsByLastUseWhileSessionsAreBeingUsed() throws InterruptedException {
        for (int i = 0; i < SESSIONS; i++) {
            server.hold(live("s" + i, "user" + i));
        }
        model.open();
        supervisor.enter(server.running());
        SessionQuery query =
                new SessionQuery(
                        SessionFilter.ALL, SessionQuery.Scope.LIVE, SessionColumn.LAST_SEEN, true);
        AtomicBoolean done = new AtomicBoolean();
        Thread use =
                Thread.ofPlatform()
                        .start(() -> {
                            for (int i = 0; !done.get(); i++) {
                                long millis = i;
                                String ref = "s" + (i * 31 % SESSIONS);
                                server.tell(seq ->
                                        new SessionsSeen(
                                                seq, START, Map.of(ref, START.plusMillis(millis))));
                            }
                        });

        try {
            for (int i = 0; i < 60; i++) {
                assertThat(query.run(model.sessions().copy(), new AgentNames(), START).rows())
                        .hasSize(SESSIONS);
            }
        } finally {
            done.set(true);
            use.join();
        }
    }
}
