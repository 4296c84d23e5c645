package drawbridge.server.cli;

import java.util.Locale;

/**
 * What one check of {@code doctor} found.
 *
 * @param check what was looked at, in a word or two
 * @param level how bad it is
 * @param text one line: what is, and where it is not well, what to do
 */
@SuppressWarnings("AnnotateFormatMethod") // the annotation would need a dependency of its own
record Finding(String check, Level level, String text) {
    /** How bad it is. */
    enum Level {
        /** All is well. */
        OK,
        /** It works, and should not stay so. */
        WARN,
        /** The server does not start, or not rightly. */
        FAIL;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Finding ok(String check, String text, Object... values) {
        return new Finding(check, Level.OK, text.formatted(values));
    }

    static Finding warn(String check, String text, Object... values) {
        return new Finding(check, Level.WARN, text.formatted(values));
    }

    static Finding fail(String check, String text, Object... values) {
        return new Finding(check, Level.FAIL, text.formatted(values));
    }
}
