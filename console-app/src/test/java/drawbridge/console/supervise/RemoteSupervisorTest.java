package drawbridge.console.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.client.Reply;
import drawbridge.console.client.TrustClient;
import drawbridge.console.fixture.Samples;
import drawbridge.model.Problem;
import drawbridge.model.view.ServerSnapshot;

import org.junit.jupiter.api.Test;

import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class RemoteSupervisorTest {
    private static final URI URL = URI.create("https://trust.example.com:7071");

    private final ManualTimeline timeline = new ManualTimeline();
    private final List<ServerState> told = new ArrayList<>();
    private Reply<ServerSnapshot> answer = new Reply.Unreachable<>("GET", "Nobody is there.");
    private int visits;
    private final RemoteSupervisor supervisor = new RemoteSupervisor(URL, this::client, timeline);

    /** One that is asked for nothing but the snapshot. */
    private TrustClient client() {
        return (TrustClient)
                Proxy.newProxyInstance(
                        TrustClient.class.getClassLoader(),
                        new Class<?>[] {TrustClient.class},
                        (proxy, method, arguments) -> {
                            if (method.getName().equals("snapshot")) {
                                visits++;
                                return answer;
                            }
                            return null;
                        });
    }

    private void start() {
        ServerSupervisor.Subscription _ = supervisor.onState(told::add);
        supervisor.start();
        timeline.settle();
    }

    @Test
    void triesAgainWithGrowingPausesUntilTheServerAnswers() {
        start();
        assertThat(told.getLast())
                .isEqualTo(
                        new ServerState.Waiting(
                                "Nobody is there.", 1, timeline.now().plusSeconds(1)));
        timeline.advance(Duration.ofSeconds(1));
        assertThat(told.getLast())
                .isEqualTo(
                        new ServerState.Waiting(
                                "Nobody is there.", 2, timeline.now().plusSeconds(2)));
        timeline.advance(Duration.ofMinutes(5));
        int before = visits;
        timeline.advance(Duration.ofMinutes(1));
        assertThat(visits - before).as("no more than every 30 s").isBetween(1, 2);

        answer = new Reply.Done<>(Samples.snapshot(41));
        supervisor.tryNow();
        timeline.settle();

        assertThat(told.getLast())
                .isInstanceOfSatisfying(
                        ServerState.Running.class,
                        running -> assertThat(running.adminUrl()).isEqualTo(URL));
    }

    @Test
    void aRefusedTokenIsNotTriedAgain() {
        answer =
                new Reply.Rejected<>(
                        401,
                        new Problem(false, "no such token", "", "INVALID_ADMIN_TOKEN", null, null));
        start();
        timeline.advance(Duration.ofHours(1));

        assertThat(visits).isEqualTo(1);
        assertThat(told.getLast())
                .isEqualTo(
                        new ServerState.Failed(
                                "The server refused this console: no such token.", ""));
    }

    @Test
    void anotherCertificateEndsEveryTry() {
        start();
        supervisor.refuse("It shows another certificate.");
        timeline.advance(Duration.ofHours(1));

        assertThat(visits).isEqualTo(1);
        assertThat(told.getLast())
                .isEqualTo(new ServerState.Failed("It shows another certificate.", ""));
    }
}
