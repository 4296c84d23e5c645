package drawbridge.console.screen.threats;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.model.view.DrillMark;
import drawbridge.model.view.DrillReport;
import drawbridge.model.view.DrillResult;
import drawbridge.model.view.DrillRun;
import drawbridge.model.view.DrillStep;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

class ReportPageTest {
    private static final Instant AT = Instant.parse("2026-03-12T09:00:00Z");
    private static final String HOSTILE = "</pre><script>alert(1)</script>\"'&";

    private final Words words = Words.in(Locale.ENGLISH);
    private final ReportPage page =
            new ReportPage(words, new Formats(words, Locale.ENGLISH, ZoneOffset.UTC));

    private static DrillRun run(String outcome, String before) {
        DrillStep step =
                new DrillStep(
                        1, AT, HOSTILE, HOSTILE, HOSTILE, HOSTILE, 401, 900, 1, "held", HOSTILE);
        DrillResult drill =
                new DrillResult(
                        "hijacking",
                        "ended",
                        outcome,
                        AT,
                        AT.plusSeconds(2),
                        HOSTILE,
                        List.of(),
                        List.of(),
                        List.of(step),
                        new DrillMark("drl_0", AT.minusSeconds(60), before),
                        null);
        return new DrillRun(
                "drl_1",
                "default",
                "drill-1",
                "ended",
                outcome,
                AT,
                AT.plusSeconds(2),
                HOSTILE,
                "",
                "0.1.0",
                "node-1",
                List.of(drill));
    }

    private String made(DrillRun run) {
        return page.of(
                new DrillReport(
                        "drawbridge-drill-report/v1",
                        "{\"x\":\"" + HOSTILE.replace("\"", "\\\"") + "\"}",
                        AT,
                        "k4.pid.x",
                        "k4.public.x",
                        "signature"),
                run);
    }

    @Test
    void whatAnAttackerSentIsTextAndNothingElse() {
        String html = made(run("holds", "holds"));

        assertThat(html).doesNotContain("<script>alert").doesNotContain("{{");
        assertThat(html).contains("&lt;/pre&gt;&lt;script&gt;alert(1)");
        assertThat(html.split("<script", -1)).as("the signed text only").hasSize(2);
    }

    @Test
    void saysWhatChangedSinceTheDrillBefore() {
        assertThat(made(run("holds", "open"))).contains(">better<").contains("1 better, 0 worse");
        assertThat(made(run("weak", "holds"))).contains(">worse<").contains("0 better, 1 worse");
        assertThat(made(run("weak", "weak"))).contains(">as before<");
    }

    @Test
    void makesSentencesOfParts() {
        assertThat(Sentence.of("the owner logs in")).isEqualTo("The owner logs in.");
        assertThat(Sentence.of("limits.secrets is 0")).isEqualTo("limits.secrets is 0.");
        assertThat(Sentence.of("web-shop remembers")).isEqualTo("web-shop remembers.");
        assertThat(Sentence.of("Done.")).isEqualTo("Done.");
        assertThat(Sentence.of("")).isEmpty();
    }
}
