package drawbridge.model;

import java.util.Locale;
import java.util.Optional;

/** One thing about a request that is compared with what was recorded at login. */
public enum Signal {
    /** The client's address, compared as canonical bytes. */
    IP,
    /** The device fingerprint or device id, kept as a keyed hash. */
    DEVICE,
    /** The user agent of the end user's program, compared as text. */
    AGENT;

    /** The signal's name on the wire, in lower case: {@code ip}, {@code device}, {@code agent}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The signal of that name on the wire; empty when there is none. */
    public static Optional<Signal> parse(String word) {
        for (Signal signal : values()) {
            if (signal.wireName().equals(word)) {
                return Optional.of(signal);
            }
        }
        return Optional.empty();
    }
}
