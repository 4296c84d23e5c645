package drawbridge.console.screen.threats;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/** How a control or a drill stands: said by an icon, a word and a colour. The worst is the last. */
enum Outcome {
    UNKNOWN("fth-help-circle"),
    HOLDS("fth-check-circle"),
    WEAK("fth-alert-triangle"),
    OPEN("fth-x-octagon");

    private final String icon;

    Outcome(String icon) {
        this.icon = icon;
    }

    /**
     * What the server calls so; {@link #UNKNOWN} for nothing, and for what this build cannot know.
     */
    static Outcome of(@Nullable String wireName) {
        if (wireName == null) {
            return UNKNOWN;
        }
        return switch (wireName) {
            case "holds", "held" -> HOLDS;
            case "weak" -> WEAK;
            case "open" -> OPEN;
            default -> UNKNOWN;
        };
    }

    /** Its icon's name. */
    String icon() {
        return icon;
    }

    /** Its key among the words, and behind {@code outcome-} its style class. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it is better than that one; nothing is better or worse than what is unknown. */
    boolean isBetterThan(Outcome other) {
        return this != UNKNOWN && other != UNKNOWN && compareTo(other) < 0;
    }
}
