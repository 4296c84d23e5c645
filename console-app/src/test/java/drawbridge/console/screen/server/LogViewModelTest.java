package drawbridge.console.screen.server;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.fake.FakeServer;
import drawbridge.console.fake.FakeSupervisor;
import drawbridge.console.fake.MutableClock;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.model.ServerModel;
import drawbridge.console.model.Sessions;
import drawbridge.console.supervise.LogLine;
import drawbridge.console.ui.Background;
import drawbridge.model.view.ServerInfo;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.Executor;

class LogViewModelTest {
    private final FakeSupervisor supervisor = new FakeSupervisor();
    private final Executor now = Runnable::run;
    private final ServerModel server = new ServerModel(supervisor, now, now);
    private final LogViewModel log = new LogViewModel(server);

    @BeforeEach
    void open() {
        MutableClock clock = new MutableClock(Sessions.START);
        FakeServer none =
                new FakeServer(
                        clock,
                        new ServerInfo("0", 1, Sessions.START, "", "", "n", "sqlite", false, "d"));
        new ConsoleModel(server, none, new Background(now, now), now, clock).open();
    }

    private void line(String level, String message) {
        supervisor.log(List.of(new LogLine(Sessions.START, level, "Database", message)));
    }

    private List<String> shown() {
        return log.rows().stream().map(LogRow::text).toList();
    }

    @Test
    void showsALevelAndAllThatAreWorse() {
        line("DEBUG", "quiet");
        line("WARN", "loud");

        assertThat(shown()).containsExactly("loud");

        log.leastProperty().set(LogRow.Level.DEBUG);

        assertThat(shown()).containsExactly("quiet", "loud");
    }

    @Test
    void givesEachLineOfAStackTraceARowOfItsOwn() {
        line("ERROR", "failed\njava.io.IOException: no\n\tat A.b(A.java:1)");

        assertThat(shown())
                .containsExactly("failed", "java.io.IOException: no", "    at A.b(A.java:1)");
        assertThat(log.rows().get(1).first()).isFalse();
    }

    @Test
    void filtersOldLinesAndNewOnesAlike() {
        line("INFO", "alpha");
        line("INFO", "beta");

        log.textProperty().set("ALPHA");
        line("INFO", "alpha again");
        line("INFO", "gamma");

        assertThat(shown()).containsExactly("alpha", "alpha again");
    }

    @Test
    void keepsBufferingWhilePausedAndSaysHowMuchWaits() {
        line("INFO", "before");
        log.pausedProperty().set(true);

        line("INFO", "first");
        line("DEBUG", "not counted");
        line("INFO", "second");

        assertThat(shown()).containsExactly("before");
        assertThat(log.waitingProperty().get()).isEqualTo(2);

        log.pausedProperty().set(false);

        assertThat(shown()).containsExactly("before", "first", "second");
        assertThat(log.waitingProperty().get()).isZero();
    }

    @Test
    void isBounded() {
        for (int i = 0; i < ServerModel.MOST_LINES + 50; i++) {
            line("INFO", "line " + i);
        }

        assertThat(log.rows()).hasSize(ServerModel.MOST_LINES);
        assertThat(shown().getLast()).isEqualTo("line " + (ServerModel.MOST_LINES + 49));
    }
}
