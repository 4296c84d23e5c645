package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * Why one call was decided as it was.
 *
 * @param requestId the call
 * @param at when
 * @param verdict {@code trusted} or {@code refused}
 * @param reason why it was refused; null when it was not
 * @param checks in the order they were made
 * @param wouldPass what would have made it pass, as sentences
 */
public record Explanation(
        String requestId,
        Instant at,
        String verdict,
        @Nullable String reason,
        List<Check> checks,
        List<String> wouldPass) {
    public Explanation {
        checks = List.copyOf(checks);
        wouldPass = List.copyOf(wouldPass);
    }

    /**
     * One check.
     *
     * @param check its name, such as {@code ip}
     * @param result how it ended, such as {@code passed}
     * @param expected what would have passed; null when nothing is to be said of it
     * @param seen what came instead; null when nothing did
     * @param note what else is worth knowing; null when nothing is
     */
    public record Check(
            String check,
            String result,
            @Nullable String expected,
            @Nullable String seen,
            @Nullable String note) {}
}
