package drawbridge.server.session;

import java.util.Locale;
import java.util.Optional;

/** How sure it is that a device is the one it is said to be, the weakest first. */
public enum DeviceEvidence {
    /** A string the client told: a thief who copies the browser's storage copies it too. */
    TOLD,
    /** A cookie that no script can read, set by this server at login. */
    COOKIE,
    /** A key that cannot leave the device and that signed a challenge. */
    KEY;

    /** The name in the database and in JSON, in lower case. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether this is that strong, or stronger. */
    public boolean isAtLeast(DeviceEvidence least) {
        return compareTo(least) >= 0;
    }

    /** The evidence of that name, in any letter case; empty when there is none. */
    public static Optional<DeviceEvidence> parse(String word) {
        for (DeviceEvidence evidence : values()) {
            if (evidence.name().equalsIgnoreCase(word)) {
                return Optional.of(evidence);
            }
        }
        return Optional.empty();
    }
}
