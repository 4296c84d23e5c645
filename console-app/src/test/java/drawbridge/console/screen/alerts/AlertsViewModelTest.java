package drawbridge.console.screen.alerts;

import static drawbridge.console.model.Sessions.START;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.fake.FakeAlerts;
import drawbridge.console.fake.FakeConsole;
import drawbridge.console.fake.RememberedInMemory;
import drawbridge.console.screen.alerts.AlertsViewModel.Bell;
import drawbridge.console.screen.alerts.AlertsViewModel.Shown;
import drawbridge.console.ui.Toasts;
import drawbridge.console.ui.Words;
import drawbridge.model.view.AlertChannel;
import drawbridge.model.view.AlertRuleRow;
import drawbridge.model.view.AlertTest;
import drawbridge.model.view.AlertView;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

class AlertsViewModelTest {
    private final FakeConsole console = new FakeConsole(START);
    private final FakeAlerts server = console.server().alerts();
    private final RememberedInMemory remembered = new RememberedInMemory();
    private final AlertNotices notices = new AlertNotices(remembered);
    private final List<String> told = new ArrayList<>();
    private final Toasts toasts = (tone, title, text) -> told.add(title + " | " + text);
    private final AlertsViewModel alerts =
            new AlertsViewModel(
                    console.model(),
                    console.background(),
                    Words.in(Locale.ENGLISH),
                    toasts,
                    notices,
                    _ -> {});

    private static AlertView alert(String id, String severity, @Nullable Instant clearedAt) {
        return new AlertView(
                id,
                "failed_logins",
                "server",
                "Failed logins rise",
                severity,
                "node-1",
                clearedAt == null ? "firing" : "cleared",
                START,
                clearedAt,
                START,
                "42 refused logins a minute",
                List.of(),
                "users",
                "Look.",
                null,
                null,
                null,
                null);
    }

    private static AlertRuleRow rule(int least, int factor) {
        return new AlertRuleRow(
                "failed_logins",
                "Failed logins rise",
                "",
                "warning",
                "watching",
                "",
                true,
                least,
                factor,
                10,
                5,
                "refused logins a minute",
                0,
                0,
                10,
                "users",
                "Look.");
    }

    @BeforeEach
    void open() {
        server.hold(rule(10, 5));
        console.model().open();
        console.supervisor().enter(console.server().running());
        alerts.shown();
    }

    private void fire(String id, String severity) {
        server.tell(alert(id, severity, null));
        console.model().tick();
    }

    private void pass(Duration time) {
        console.clock().advance(time);
        console.model().tick();
    }

    @Test
    void theBellCountsWhatNobodyHasInHand() {
        assertThat(alerts.bellProperty().get()).isEqualTo(new Bell(0, false, true));
        fire("a", "warning");
        fire("b", "critical");
        assertThat(alerts.bellProperty().get()).isEqualTo(new Bell(2, true, true));

        alerts.acknowledge(alerts.rows().getFirst());

        assertThat(alerts.bellProperty().get().open()).isEqualTo(1);
    }

    @Test
    void onlyACriticalOneComesUpInTheCornerUntilSomebodyWantsMore() {
        fire("a", "warning");
        assertThat(told).isEmpty();
        fire("b", "critical");
        assertThat(told).containsExactly("Alert: Failed logins rise | 42 refused logins a minute");

        notices.choiceProperty().set(AlertNotices.Choice.EVERY);
        fire("c", "warning");
        notices.choiceProperty().set(AlertNotices.Choice.NONE);
        fire("d", "critical");

        assertThat(told).hasSize(2);
        assertThat(new AlertNotices(remembered).choiceProperty().get())
                .isEqualTo(AlertNotices.Choice.NONE);
    }

    @Test
    void aChangeOfAKnownOneIsNoNews() {
        fire("a", "critical");
        alerts.acknowledge(alerts.rows().getFirst());
        server.tell(alert("a", "critical", START.plusSeconds(5)));
        console.model().tick();

        assertThat(told).hasSize(1);
    }

    @Test
    void whatWasSaidIsTakenBack() {
        fire("a", "warning");
        alerts.acknowledge(alerts.rows().getFirst());
        assertThat(alerts.state(alerts.rows().getFirst())).isEqualTo(AlertState.ACKNOWLEDGED);

        alerts.noticeProperty().get().orElseThrow().undo().orElseThrow().run();

        assertThat(alerts.state(alerts.rows().getFirst())).isEqualTo(AlertState.OPEN);
        assertThat(alerts.undo(alerts.rows().getFirst())).isFalse();
    }

    @Test
    void aSnoozeEndsByItself() {
        fire("a", "warning");
        alerts.snooze(alerts.rows().getFirst(), "1h");
        assertThat(alerts.bellProperty().get().open()).isZero();
        assertThat(alerts.state(alerts.rows().getFirst())).isEqualTo(AlertState.SNOOZED);

        pass(Duration.ofHours(1));

        assertThat(alerts.bellProperty().get().open()).isEqualTo(1);
    }

    @Test
    void openOnesStandFirstAndAListIsOfOneState() {
        fire("a", "warning");
        server.tell(alert("b", "warning", START.plusSeconds(9)));
        fire("c", "warning");
        alerts.acknowledge(alerts.rows().getFirst());

        assertThat(alerts.rows().stream().map(alerts::state))
                .containsExactly(AlertState.OPEN, AlertState.ACKNOWLEDGED, AlertState.CLEARED);
        alerts.shownProperty().set(Shown.CLEARED);
        assertThat(alerts.rows().stream().map(AlertView::id)).containsExactly("b");
    }

    @Test
    void theDrawerFollowsItsAlertUntilItClears() {
        fire("a", "warning");
        alerts.open(alerts.rows().getFirst());

        server.tell(alert("a", "warning", START.plusSeconds(30)));
        console.model().tick();

        assertThat(alerts.openProperty().get().orElseThrow().clearedAt())
                .isEqualTo(START.plusSeconds(30));
    }

    @Test
    void aRuleIsChangedAndSetBack() {
        alerts.open(alerts.rules().getFirst());

        alerts.change(alerts.rules().getFirst(), false, 20, 7);
        assertThat(alerts.ruleProperty().get().orElseThrow().least()).isEqualTo(20);
        assertThat(alerts.ruleProperty().get().orElseThrow().state()).isEqualTo("off");
        alerts.noticeProperty().get().orElseThrow().undo().orElseThrow().run();

        assertThat(alerts.rules().getFirst().least()).isEqualTo(10);
        assertThat(alerts.rules().getFirst().on()).isTrue();
    }

    @Test
    void aTestMessageSaysHowItFared() {
        server.hold(
                new AlertChannel(
                        "webhook",
                        "https://hooks.example.test",
                        "idle",
                        0,
                        0,
                        0,
                        null,
                        null,
                        null,
                        ""));
        server.refuseTests("it answered 500");

        alerts.test("webhook");

        assertThat(server.tested()).containsExactly("webhook");
        assertThat(alerts.tested("webhook").map(AlertTest::why)).contains("it answered 500");
        assertThat(alerts.isTrying("webhook")).isFalse();
    }

    @Test
    void saysWhyNothingCanBeRead() {
        console.server().fallSilent("Nothing listens.");
        alerts.look();

        assertThat(alerts.problemProperty().get()).isEqualTo("Nothing listens.");
    }

    @Test
    void aMarkThatFailedSaysSo() {
        fire("a", "warning");
        AlertView open = alerts.rows().getFirst();
        console.server().fallSilent("Nothing listens.");

        alerts.acknowledge(open);

        assertThat(alerts.noticeProperty().get().orElseThrow().isProblem()).isTrue();
        assertThat(alerts.noticeProperty().get().orElseThrow().text()).contains("Nothing listens.");
        assertThat(alerts.canAct()).isTrue();
    }
}
