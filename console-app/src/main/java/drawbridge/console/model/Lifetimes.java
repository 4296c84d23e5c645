package drawbridge.console.model;

import drawbridge.model.view.ConfigEntry;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The server's session lifetimes, by which a session that is used lives on. The server tells that a
 * session was used, not its new end; the rule is the server's own: the sooner of idle and absolute
 * end.
 *
 * @param idle how long a session may be unused; null when the server did not tell
 * @param absolute how long a session may live at all; null when the server did not tell
 */
public record Lifetimes(@Nullable Duration idle, @Nullable Duration absolute) {
    /** Nothing is known: ends stay as the server last told them. */
    public static final Lifetimes UNKNOWN = new Lifetimes(null, null);

    private static final Pattern VALUE = Pattern.compile("([0-9]+) ?(ms|s|m|min|h|d)");

    /** Reads {@code session.idle} and {@code session.absolute} among the settings in effect. */
    public static Lifetimes among(List<ConfigEntry> settings) {
        return new Lifetimes(find(settings, "session.idle"), find(settings, "session.absolute"));
    }

    private static @Nullable Duration find(List<ConfigEntry> settings, String key) {
        for (ConfigEntry setting : settings) {
            Matcher value = VALUE.matcher(setting.value());
            if (setting.key().equals(key) && value.matches()) {
                long amount = Long.parseLong(value.group(1));
                return switch (value.group(2)) {
                    case "ms" -> Duration.ofMillis(amount);
                    case "s" -> Duration.ofSeconds(amount);
                    case "m", "min" -> Duration.ofMinutes(amount);
                    case "h" -> Duration.ofHours(amount);
                    default -> Duration.ofDays(amount);
                };
            }
        }
        return null;
    }

    /**
     * When a session opened then and last used at that {@link EpochNanos} ends, in the same; {@code
     * told} when that is unknown.
     */
    long expiry(Instant created, long lastSeen, long told) {
        if (idle == null || absolute == null) {
            return told;
        }
        return Math.min(
                EpochNanos.plus(lastSeen, idle), EpochNanos.plus(EpochNanos.of(created), absolute));
    }
}
