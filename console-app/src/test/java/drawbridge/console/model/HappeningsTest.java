package drawbridge.console.model;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.model.Happening.Kind;
import drawbridge.model.event.ServerEvent.AlertChanged;
import drawbridge.model.view.AlertView;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

class HappeningsTest {
    private static final Instant START = Instant.parse("2026-03-12T09:00:00Z");

    private final Happenings happenings = new Happenings();

    private void told(long second, AlertView alert) {
        happenings.apply(
                List.of(new AlertChanged(second, START.plusSeconds(second), alert)), any -> null);
    }

    private static AlertView alert(
            String severity, @Nullable Instant clearedAt, @Nullable String acknowledgedBy) {
        return new AlertView(
                "alert_1",
                "failed_logins",
                "server",
                "Many refused logins",
                severity,
                "node-1",
                clearedAt == null ? "firing" : "cleared",
                START,
                clearedAt,
                START,
                "60 in a minute",
                List.of(),
                "sessions",
                "Look at who they are.",
                acknowledgedBy,
                acknowledgedBy == null ? null : START,
                null,
                null);
    }

    @Test
    void tellsOnceThatAnAlertFiresAndOnceThatItCleared() {
        told(1, alert("critical", null, null));
        told(5, alert("critical", null, "ops"));
        Instant end = START.plusSeconds(60);
        told(60, alert("critical", end, "ops"));

        assertThat(happenings.list())
                .extracting(Happening::kind)
                .containsExactly(Kind.ALERT_CLEARED, Kind.ALERT_CRITICAL);
        assertThat(happenings.list().getFirst().lastAt()).isEqualTo(end);
        assertThat(happenings.list().getFirst().reason()).isEqualTo("60 in a minute");
        assertThat(happenings.list().getLast().where()).isEqualTo("alert_1");
    }

    @Test
    void whatIsDoneAboutAnAlertOfLongAgoIsNotItsBeginning() {
        told(3_600, alert("warning", null, "ops"));

        assertThat(happenings.list()).isEmpty();
    }
}
