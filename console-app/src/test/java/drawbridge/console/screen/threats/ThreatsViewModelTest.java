package drawbridge.console.screen.threats;

import static drawbridge.console.model.Sessions.START;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.fake.FakeConsole;
import drawbridge.console.fake.FakeServer;
import drawbridge.console.fake.FakeSupervisor;
import drawbridge.console.fake.ManualLater;
import drawbridge.console.fake.MutableClock;
import drawbridge.console.fake.RememberedInMemory;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.ui.Background;
import drawbridge.console.ui.Words;
import drawbridge.model.view.DrillMark;
import drawbridge.model.view.DrillResult;
import drawbridge.model.view.DrillRun;
import drawbridge.model.view.ThreatMatrix;
import drawbridge.model.view.ThreatRow;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

class ThreatsViewModelTest {
    private final FakeConsole console = new FakeConsole(START);
    private final MutableClock clock = console.clock();
    private final ManualLater later = console.later();
    private final FakeSupervisor supervisor = console.supervisor();
    private final FakeServer server = console.server();
    private final Background background = console.background();
    private final ConsoleModel model = console.model();
    private final RememberedInMemory remembered = new RememberedInMemory();
    private final ThreatsViewModel threats =
            new ThreatsViewModel(model, background, later, remembered, Words.in(Locale.ENGLISH));

    private static ThreatMatrix matrix(String tenant, @Nullable String running) {
        return new ThreatMatrix(
                tenant,
                START,
                List.of(new ThreatRow("hijacking", "holds", List.of(), 0, null, null)),
                running);
    }

    private static DrillRun run(String state, String drillState, @Nullable String outcome) {
        return new DrillRun(
                "drl_1",
                "default",
                "drill-1",
                state,
                outcome,
                START,
                state.equals("running") ? null : START.plusSeconds(3),
                "admin",
                "",
                "0.1.0",
                "node-1",
                List.of(
                        new DrillResult(
                                "hijacking",
                                drillState,
                                outcome,
                                START,
                                drillState.equals("ended") ? START.plusSeconds(2) : null,
                                "",
                                List.of(),
                                List.of(),
                                List.of(),
                                null,
                                null)));
    }

    @BeforeEach
    void open() {
        server.drills().matrix(matrix("default", null));
        model.open();
        supervisor.enter(server.running());
        threats.shown();
        later.elapse();
    }

    @Test
    void followsARunToItsEndAndSaysHowItEnded() {
        server.drills().onBegin((tenant, drills) -> run("running", "waiting", null));
        threats.runAll();
        assertThat(threats.canRun()).isFalse();
        later.elapse();

        server.drills().progress(run("running", "running", null));
        later.elapse();
        assertThat(threats.isPlaying("hijacking")).isTrue();

        server.drills().progress(run("ended", "ended", "holds"));
        later.elapse();
        assertThat(threats.progressProperty().get()).isEmpty();
        assertThat(threats.noticeProperty().get().orElseThrow().text())
                .contains("every attack was stopped")
                .contains("no earlier run");
        assertThat(threats.canRun()).isTrue();
    }

    @Test
    void tellsADrillThatWasPlayedWhileOthersRun() {
        server.drills().onBegin((tenant, drills) -> run("running", "waiting", null));
        threats.runAll();
        later.elapse();
        assertThat(threats.lastDrill("hijacking")).isEmpty();

        server.drills().progress(run("running", "ended", "holds"));
        later.elapse();

        assertThat(threats.lastDrill("hijacking"))
                .contains(new DrillMark("drl_1", START.plusSeconds(2), "holds"));
    }

    @Test
    void showsARunThatWasBegunElsewhere() {
        server.drills().run(run("running", "running", null));
        server.drills().matrix(matrix("default", "drl_1"));

        threats.look();

        assertThat(threats.isPlaying("hijacking")).isTrue();
        assertThat(threats.canRun()).isFalse();
    }

    @Test
    void saysThatTheServerEndedMeanwhile() {
        server.drills().onBegin((tenant, drills) -> run("running", "running", null));
        threats.runAll();
        later.elapse();

        server.drills().run(run("interrupted", "failed", null));
        clock.advance(Duration.ofSeconds(1));
        model.refetch();
        later.elapse();

        assertThat(threats.progressProperty().get()).isEmpty();
        assertThat(threats.noticeProperty().get().orElseThrow().text())
                .startsWith("The server ended while");
    }

    @Test
    void saysWhyTheMatrixIsUnreadAndReadsItOnceItCan() {
        server.fallSilent("Nothing listens on 7071.");
        threats.choose("acme");
        assertThat(threats.problemProperty().get()).isEqualTo("Nothing listens on 7071.");
        assertThat(threats.matrixProperty().get()).isEmpty();
        assertThat(remembered.find("threats.tenant")).contains("acme");
    }
}
