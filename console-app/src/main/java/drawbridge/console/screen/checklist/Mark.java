package drawbridge.console.screen.checklist;

import java.util.Locale;

/** How a verdict looks: never by its colour alone. */
enum Mark {
    PASS("fth-check-circle", "holds"),
    WARN("fth-alert-triangle", "weak"),
    FAIL("fth-x-octagon", "open"),
    NOT_APPLICABLE("fth-minus-circle", "unknown"),
    NOTE("fth-info", "unknown");

    private final String icon;
    private final String outcome;

    Mark(String icon, String outcome) {
        this.icon = icon;
        this.outcome = outcome;
    }

    /** What the server calls so; {@link #NOTE} for what this build does not know. */
    static Mark of(String verdict) {
        for (Mark mark : values()) {
            if (mark.key().equals(verdict)) {
                return mark;
            }
        }
        return NOTE;
    }

    /** Its icon's name. */
    String icon() {
        return icon;
    }

    /** Its style class. */
    String style() {
        return "outcome-" + outcome;
    }

    /** Its key among the words. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
