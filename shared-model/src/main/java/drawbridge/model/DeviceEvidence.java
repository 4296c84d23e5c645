package drawbridge.model;

import java.util.Locale;
import java.util.Optional;

/** How well a device is known, weakest first. */
public enum DeviceEvidence {
    /** A text the client told, which whoever copies the browser's storage can tell as well. */
    TOLD,
    /** A cookie that scripts cannot read, set by the trust server at login. */
    COOKIE,
    /** A signature by a key that does not leave the device. */
    KEY;

    /** The name on the wire and in the database, in lower case. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether this is as good as that, or better. */
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
