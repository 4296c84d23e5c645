package drawbridge.model;

import java.util.Optional;

/** What becomes of a bridge call that lacks a signal its mode compares. */
public enum CallerSignals {
    /** It is refused, naming the signal. */
    REQUIRED("required"),
    /** The signal is not compared and the lack is counted: for kits that send no signals. */
    WHEN_SENT("when-sent");

    private final String wireName;

    CallerSignals(String wireName) {
        this.wireName = wireName;
    }

    /** The name in settings and JSON: {@code required}, {@code when-sent}. */
    public String wireName() {
        return wireName;
    }

    /** The rule of that name, in any letter case; empty when there is none. */
    public static Optional<CallerSignals> parse(String word) {
        for (CallerSignals rule : values()) {
            if (rule.wireName.equalsIgnoreCase(word)) {
                return Optional.of(rule);
            }
        }
        return Optional.empty();
    }
}
