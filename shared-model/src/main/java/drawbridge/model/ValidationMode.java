package drawbridge.model;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** How much of a request must match the login. Each mode checks all that the laxer ones check. */
public enum ValidationMode {
    /** Session and IP. */
    STANDARD(Set.of(Signal.IP)),
    /** Session, IP and device. */
    ADVANCED(Set.of(Signal.IP, Signal.DEVICE)),
    /** Session, IP, device and user agent. */
    STRICT(Set.of(Signal.IP, Signal.DEVICE, Signal.AGENT));

    private static final Map<String, ValidationMode> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Enum::name, m -> m));

    private final Set<Signal> signals;

    ValidationMode(Set<Signal> signals) {
        this.signals = signals;
    }

    /** The signals this mode compares; never empty. */
    public Set<Signal> signals() {
        return signals;
    }

    /** The stricter of this mode and the other. */
    public ValidationMode atLeast(ValidationMode floor) {
        return compareTo(floor) >= 0 ? this : floor;
    }

    /**
     * The mode of that name, in any letter case.
     *
     * @return empty when there is no such mode; callers must refuse it, never fall back to a laxer
     *     one
     */
    public static Optional<ValidationMode> parse(String word) {
        ValidationMode exact = BY_NAME.get(word);
        if (exact != null) {
            return Optional.of(exact); // as nearly everybody writes it
        }
        String wanted = word.strip();
        if (!wanted.chars().allMatch(letter -> letter < 0x80)) {
            return Optional.empty(); // some letters beyond ASCII become ASCII ones in upper case
        }
        for (ValidationMode mode : values()) {
            if (mode.name().equalsIgnoreCase(wanted)) {
                return Optional.of(mode);
            }
        }
        return Optional.empty();
    }
}
