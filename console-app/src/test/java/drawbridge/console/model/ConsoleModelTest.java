package drawbridge.console.model;

import static drawbridge.console.model.Sessions.START;
import static drawbridge.console.model.Sessions.live;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.fake.FakeServer;
import drawbridge.console.fake.FakeSupervisor;
import drawbridge.console.fake.MutableClock;
import drawbridge.console.supervise.ServerState;
import drawbridge.console.ui.Background;
import drawbridge.model.event.ServerEvent;
import drawbridge.model.view.ServerInfo;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.Executor;

class ConsoleModelTest {
    private final MutableClock clock = new MutableClock(START);
    private final FakeSupervisor supervisor = new FakeSupervisor();
    private final FakeServer server =
            new FakeServer(
                    clock,
                    new ServerInfo(
                            "0.1.0",
                            1,
                            START,
                            "http://127.0.0.1:7070",
                            "http://127.0.0.1:7071",
                            "node-1",
                            "sqlite",
                            false,
                            "data"));
    private final Executor now = Runnable::run;
    private final ConsoleModel model =
            new ConsoleModel(
                    new ServerModel(supervisor, now, now),
                    server,
                    new Background(now, now),
                    now,
                    clock);

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
