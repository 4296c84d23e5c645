package drawbridge.console.model;

import static drawbridge.console.model.Sessions.START;
import static drawbridge.console.model.Sessions.live;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.client.TrustClient;
import drawbridge.console.fake.FakeConsole;
import drawbridge.console.fake.FakeServer;
import drawbridge.console.fake.FakeSupervisor;
import drawbridge.console.fake.MutableClock;
import drawbridge.console.supervise.ServerState;
import drawbridge.model.event.ServerEvent;
import drawbridge.model.view.SessionRow;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

class ConsoleModelTest {
    private final FakeConsole console = new FakeConsole(START);
    private final MutableClock clock = console.clock();
    private final FakeSupervisor supervisor = console.supervisor();
    private final FakeServer server = console.server();
    private final ConsoleModel model = console.model();

    @BeforeEach
    void open() {
        model.open();
    }

    @Test
    void readsAllPagesOfSessionsOnceTheServerRuns() {
        int count = ConsoleModel.PAGE + 3;
        for (int i = 0; i < count; i++) {
            server.hold(live("s" + i, "user" + i));
        }

        supervisor.enter(server.running());

        assertThat(model.sessions().size()).isEqualTo(count);
        assertThat(model.loadingProperty().get()).isEqualTo(new Loading(count, count, true, ""));
        assertThat(model.feedStatusProperty().get()).isEqualTo(new FeedStatus.Live());
        assertThat(model.staleProperty().get()).isFalse();
    }

    @Test
    void followsEventsBehindTheSnapshot() {
        supervisor.enter(server.running());

        server.open(live("a", "ana"));

        assertThat(model.sessions().find("a")).isPresent();
    }

    @Test
    void readsEverythingAgainWhenAnEventWasMissed() {
        supervisor.enter(server.running());
        server.hold(live("missed", "ana"));
        server.skipEvent();

        server.open(live("b", "bela"));

        assertThat(model.sessions().find("missed")).isPresent();
        assertThat(model.sessions().find("b")).isPresent();
    }

    @Test
    void saysSinceWhenTheFeedIsLostAndIsStaleMeanwhile() {
        supervisor.enter(server.running());

        server.breakFeed(START, "reset");

        assertThat(model.feedStatusProperty().get()).isEqualTo(new FeedStatus.Lost(START, "reset"));
        assertThat(model.staleProperty().get()).isTrue();
    }

    @Test
    void isLiveAgainWithTheNextEvent() {
        supervisor.enter(server.running());
        server.breakFeed(START, "reset");

        server.open(live("a", "ana"));

        assertThat(model.feedStatusProperty().get()).isEqualTo(new FeedStatus.Live());
    }

    /** Twenty seconds without a word, in which all kinds of things happen to sessions. */
    @Test
    void agreesWithTheServerRowByRowAfterTheFeedWasCut() {
        for (int i = 0; i < 40; i++) {
            server.hold(live("s" + i, "user" + i % 7));
        }
        supervisor.enter(server.running());
        assertThat(rows()).isEqualTo(server.rows());
        TrustClient client = model.client().orElseThrow();

        server.cutFeed("connection reset by the server");
        for (int second = 1; second <= 20; second++) {
            clock.advance(Duration.ofSeconds(1));
            model.tick();
            assertThat(model.staleProperty().get()).as("after %d s", second).isTrue();
            assertThat(model.feedStatusProperty().get())
                    .isEqualTo(new FeedStatus.Lost(START, "connection reset by the server"));
            server.open(live("new-" + second, "nina"));
            client.revoke("s" + second, "lost");
        }
        client.restore("s20");
        client.revokeSessionsOf("u-user3", "left");
        assertThat(rows()).as("what nobody told is not known").isNotEqualTo(server.rows());
        assertThat(model.sessions().find("new-7")).isEmpty();

        server.mendFeed();

        assertThat(model.staleProperty().get()).isFalse();
        assertThat(model.feedStatusProperty().get()).isEqualTo(new FeedStatus.Live());
        assertThat(rows()).isEqualTo(server.rows());
    }

    private Map<String, SessionRow> rows() {
        Map<String, SessionRow> held = new TreeMap<>();
        model.sessions().copy().forEach(entry -> held.put(entry.ref(), entry.row()));
        return held;
    }

    @Test
    void keepsWhatWasKnownButOffersNoClientAfterTheServerEnded() {
        server.hold(live("a", "ana"));
        supervisor.enter(server.running());

        supervisor.enter(new ServerState.Stopped());

        assertThat(model.sessions().find("a")).isPresent();
        assertThat(model.client()).isEmpty();
        assertThat(model.staleProperty().get()).isTrue();
    }

    @Test
    void saysThatItCouldNotTakeSomethingInAndReadsEverythingAgain() {
        supervisor.enter(server.running());
        Deque<Error> faults = new ArrayDeque<>(List.of(new OutOfMemoryError()));
        model.onEvents(_ -> {
            Error now = faults.poll();
            if (now != null) {
                throw now;
            }
        });

        server.open(live("a", "ana"));

        assertThat(model.feedStatusProperty().get())
                .isEqualTo(
                        new FeedStatus.Lost(
                                START,
                                "The console ran out of memory. It reads everything again;"
                                        + " restart it if this happens again."));
        server.hold(live("b", "bela"));
        clock.advance(Duration.ofSeconds(4));
        model.tick();
        assertThat(model.staleProperty().get()).as("not in a loop").isTrue();

        clock.advance(Duration.ofSeconds(1));
        model.tick();

        assertThat(model.feedStatusProperty().get()).isEqualTo(new FeedStatus.Live());
        assertThat(model.sessions().find("b")).isPresent();
    }

    @Test
    void saysThatAPageCouldNotBeReadForWantOfMemory() {
        server.breakDown(new OutOfMemoryError("Java heap space"));

        supervisor.enter(server.running());

        assertThat(model.loadingProperty().get().done()).isTrue();
        assertThat(model.loadingProperty().get().problem()).startsWith("The console ran out of");
        assertThat(model.sessions().wholeProperty().get()).isFalse();
    }

    @Test
    void tellsEachSecondOnce() {
        int[] seconds = {0};
        model.secondsProperty().addListener((property, before, after) -> seconds[0]++);

        for (int i = 0; i < 8; i++) {
            clock.advance(Duration.ofMillis(250));
            model.tick();
        }

        assertThat(seconds[0]).isEqualTo(2);
    }

    @Test
    void makesOneLineOfRepeatedRefusals() {
        supervisor.enter(server.running());

        for (int i = 0; i < 5; i++) {
            server.tell(seq ->
                    new ServerEvent.SessionRefused(
                            seq,
                            START,
                            "a",
                            "u-ana",
                            "ana@example.com",
                            "default",
                            "default",
                            "signal_differs",
                            "ip",
                            "GET /orders",
                            "STANDARD",
                            "10.0.0.9",
                            "r"));
        }

        assertThat(model.happenings().list()).hasSize(1);
        assertThat(model.happenings().list().getFirst().count()).isEqualTo(5);
    }
}
