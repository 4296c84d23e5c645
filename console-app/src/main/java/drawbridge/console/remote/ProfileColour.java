package drawbridge.console.remote;

import java.util.Locale;

/** What the windows of a profile are marked with; none of them has a meaning anywhere else. */
public enum ProfileColour {
    VIOLET,
    BLUE,
    TEAL,
    MAGENTA,
    SLATE;

    /** Such as {@code violet}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
