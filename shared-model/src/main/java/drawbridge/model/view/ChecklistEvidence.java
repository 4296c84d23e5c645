package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

/**
 * Something that was found when a practice was judged.
 *
 * @param code stable, such as {@code secret_overdue}; {@code docs/checklist.md} lists them
 * @param verdict {@code pass}, {@code note}, {@code warn}, {@code fail} or {@code not_applicable}
 * @param what one sentence
 * @param mend where it is mended, one of "secrets", "routes", "threats", "alerts", "settings",
 *     "tenants", "server" and "scan"; empty where nothing is to be mended
 * @param setting the setting at fault, such as {@code limit.authentication}; null when none is
 * @param callerId the caller at fault; null when none is
 * @param caller its name; null when none is
 * @param route the route policy or endpoint at fault, as method and path; null when none is
 */
public record ChecklistEvidence(
        String code,
        String verdict,
        String what,
        String mend,
        @Nullable String setting,
        @Nullable String callerId,
        @Nullable String caller,
        @Nullable String route) {}
