package drawbridge.console.screen.overview;

import static drawbridge.console.model.Sessions.START;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.Wiring;
import drawbridge.console.fake.FakeConsole;
import drawbridge.console.fake.RememberedInMemory;
import drawbridge.console.fake.WitnessedInMemory;
import drawbridge.console.screen.Profile;
import drawbridge.console.ui.Theme;
import drawbridge.console.ui.controls.TimeChart;
import drawbridge.console.ui.controls.TimeChart.Frame;
import drawbridge.console.ui.controls.TimeChart.Layer;
import drawbridge.model.event.ServerEvent;
import drawbridge.model.view.MetricsTick;
import drawbridge.model.view.TierView;
import drawbridge.model.view.TiersView;
import drawbridge.model.view.Warming;

import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Labeled;
import javafx.stage.Stage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.framework.junit5.Stop;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The overview's charts, while a test's clock runs. */
@ExtendWith(ApplicationExtension.class)
class OverviewControllerTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final FakeConsole console = new FakeConsole(START);

    @SuppressWarnings("NullAway.Init") // by open(), before any test
    private Wiring wiring;

    @SuppressWarnings("NullAway.Init") // by open(), before any test
    private Theme theme;

    @Start
    void open(Stage stage) {
        RememberedInMemory remembered = new RememberedInMemory();
        theme = new Theme(remembered);
        wiring =
                new Wiring(
                        console.supervisor(),
                        console.server(),
                        remembered,
                        WitnessedInMemory.fresh(),
                        console.threads(),
                        console.clock(),
                        new Wiring.Look(Locale.ENGLISH, ZoneOffset.UTC, theme),
                        new Profile.Own(() -> {}));
        stage.setScene(wiring.scene());
        stage.setWidth(1_440);
        stage.setHeight(900);
        stage.show();
        wiring.open();
        console.supervisor().enter(console.server().running());
    }

    @Stop
    void close() {
        wiring.close();
        theme.close();
    }

    /** A second passes, and the server tells what it did in it. */
    private void pass(long trusted, Map<String, Long> refused) {
        console.clock().advance(SECOND);
        Instant at = console.clock().instant();
        long all = trusted + refused.values().stream().mapToLong(Long::longValue).sum();
        console.server()
                .tell(seq ->
                        new ServerEvent.Metrics(
                                seq,
                                at,
                                new MetricsTick(
                                        at,
                                        all,
                                        trusted,
                                        refused,
                                        trusted == 0 ? Map.of() : Map.of("memory", trusted),
                                        0,
                                        0,
                                        0,
                                        0,
                                        0,
                                        0,
                                        3,
                                        0,
                                        1,
                                        2,
                                        3,
                                        4,
                                        0)));
        wiring.model().tick();
    }

    private void passIdle(int seconds) {
        for (int i = 0; i < seconds; i++) {
            pass(0, Map.of());
        }
    }

    private static TimeChart chart(FxRobot robot, String name) {
        return robot.lookup(".time-chart").queryAllAs(TimeChart.class).stream()
                .filter(chart -> chart.getAccessibleText().startsWith(name))
                .findFirst()
                .orElseThrow();
    }

    private static Layer layer(Frame frame, String name) {
        return frame.layers().stream()
                .filter(layer -> layer.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static double most(Frame frame, String name) {
        Layer layer = layer(frame, name);
        int steps = (int) (Duration.ofMinutes(5).toMillis() / frame.stepMillis());
        return IntStream.range(0, steps).mapToDouble(layer::at).filter(at -> at > 0).sum();
    }

    @Test
    void chartsMoveOnWhileNothingHappens(FxRobot robot) {
        TimeChart throughput = chart(robot, "Validations per second");
        robot.interact(() -> {
            pass(7, Map.of());
            passIdle(120); // from here on the tiles say the same each second
        });
        Frame before = throughput.shown();
        assertThat(most(before, "memory")).isEqualTo(7);

        robot.interact(() -> passIdle(1));
        assertThat(throughput.shown().fromMillis()).isEqualTo(before.fromMillis() + 1_000);

        robot.interact(() -> passIdle(200));
        assertThat(most(throughput.shown(), "memory")).as("of more than 5 min ago").isZero();
    }

    @Test
    void chartsMoveOnWithoutAFeed(FxRobot robot) {
        TimeChart throughput = chart(robot, "Validations per second");
        robot.interact(() -> {
            pass(7, Map.of());
            console.server().cutFeed("the line is dead");
            console.clock().advance(Duration.ofMinutes(6));
            wiring.model().tick();
        });

        assertThat(most(throughput.shown(), "memory")).isZero();
        assertThat(throughput.shown().fromMillis())
                .isEqualTo(START.plusSeconds(6 * 60 + 1).minusSeconds(5 * 60).toEpochMilli());
    }

    @Test
    void showsAsManyRefusalsAsThereWere(FxRobot robot) {
        robot.interact(() -> pass(5, Map.of("unknown_caller", 3L)));

        Frame refusals = chart(robot, "Refusals per 10 s by reason").shown();
        assertThat(most(refusals, "unknown caller")).isEqualTo(3);
        assertThat(robot.lookup("#refusalsTitle").queryAs(Labeled.class).getText())
                .isEqualTo("Refusals per 10 s");
        assertThat(robot.lookup("#refusalsValue").queryAs(Labeled.class).getText()).isEqualTo("3");

        Frame throughput = chart(robot, "Validations per second").shown();
        assertThat(most(throughput, "turned away")).isEqualTo(3);
        assertThat(most(throughput, "no session")).isZero();
    }

    private static TierView tier(String name) {
        return new TierView(name, "up", 9, 1, 300, 900, 2_000, 0, 0, 0, 0, 0, 0, 0);
    }

    private void measured(String... tiers) {
        console.server()
                .tell(seq ->
                        new ServerEvent.TiersMeasured(
                                seq,
                                console.clock().instant(),
                                new TiersView(
                                        Stream.of(tiers).map(OverviewControllerTest::tier).toList(),
                                        List.of(),
                                        new Warming("off", 0, 0, 0))));
        wiring.model().tick();
    }

    private static String noteOnTiers(FxRobot robot) {
        robot.interact(() ->
                robot.lookup(".legend-item").queryAllAs(Button.class).stream()
                        .filter(item -> item.getText().equals("p99"))
                        .findFirst()
                        .orElseThrow()
                        .fire());
        String note =
                robot.lookup(".dialog-box .muted").queryAllAs(Label.class).stream()
                        .map(Label::getText)
                        .filter(text -> text.contains("tiers:"))
                        .findFirst()
                        .orElseThrow();
        robot.interact(() -> robot.lookup(".dialog-box .button").queryAs(Button.class).fire());
        return note;
    }

    @Test
    void theDialogSaysHowManyTiersThereAre(FxRobot robot) {
        robot.interact(() -> measured("memory", "database"));
        assertThat(noteOnTiers(robot))
                .isEqualTo(
                        "Two tiers: no Redis is configured, so what memory does not hold comes from the"
                                + " database. REDIS_URL adds one between them.");

        robot.interact(() -> measured("memory", "redis", "database"));
        assertThat(noteOnTiers(robot))
                .isEqualTo(
                        "Three tiers: what memory does not hold comes from Redis, what Redis does not"
                                + " hold from the database.");
    }
}
