package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

/**
 * Why a control is weak or open.
 *
 * @param code stable, such as {@code device_told}; {@code docs/drills.md} lists them
 * @param state {@code weak} or {@code open}
 * @param what one sentence
 * @param mend the screen where it is mended, one of "settings", "callers" and "routes"; "server"
 *     when nothing that is set would mend it
 * @param setting the setting at fault, such as {@code limits.authentication}; null when none is
 * @param callerId the caller at fault; null when none is
 * @param caller its name; null when none is
 * @param route the route policy at fault, as method and pattern; null when none is
 * @param seconds for how long it is open, where that is the question; null otherwise
 */
public record ThreatReason(
        String code,
        String state,
        String what,
        String mend,
        @Nullable String setting,
        @Nullable String callerId,
        @Nullable String caller,
        @Nullable String route,
        @Nullable Long seconds) {}
