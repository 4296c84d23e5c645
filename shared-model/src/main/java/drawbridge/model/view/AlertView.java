package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * Something that is not as it should be, or was not. There is one alert for a rule and a subject
 * until it has cleared.
 *
 * @param rule such as {@code failed_logins}
 * @param subject what it is about, such as a user's id; with the rule it names the alert
 * @param title a few words
 * @param severity {@code warning} or {@code critical}
 * @param node the server that saw it
 * @param state {@code firing} or {@code cleared}
 * @param since when it fired
 * @param clearedAt when it cleared by itself; null while it fires
 * @param seenAt when its cause was last seen
 * @param summary one sentence
 * @param evidence what was seen
 * @param mend the screen where it is mended, such as {@code secrets}
 * @param advice what to do, one sentence
 * @param acknowledgedBy who has it in hand; null when nobody said so
 * @param snoozedUntil until when nobody is told of it again; null when it is not snoozed
 */
public record AlertView(
        String id,
        String rule,
        String subject,
        String title,
        String severity,
        String node,
        String state,
        Instant since,
        @Nullable Instant clearedAt,
        Instant seenAt,
        String summary,
        List<AlertFact> evidence,
        String mend,
        String advice,
        @Nullable String acknowledgedBy,
        @Nullable Instant acknowledgedAt,
        @Nullable String snoozedBy,
        @Nullable Instant snoozedUntil) {
    public AlertView {
        evidence = List.copyOf(evidence);
    }

    /** Whether it has not cleared. */
    public boolean isFiring() {
        return state.equals("firing");
    }
}
