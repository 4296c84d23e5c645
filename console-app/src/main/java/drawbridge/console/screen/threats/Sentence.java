package drawbridge.console.screen.threats;

import java.util.Locale;

/** The server's sentences begin small and end open, as parts of others do; these stand alone. */
final class Sentence {
    private Sentence() {}

    static String of(String part) {
        if (part.isEmpty()) {
            return "";
        }
        // Names such as limits.authentication and paths keep their spelling.
        String first = part.split(" ", 2)[0];
        boolean isName = first.matches(".*[./_\\d-].*") && !first.matches("\\p{L}+[,:;]?");
        String begun =
                isName ? part : part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1);
        return ".!?".indexOf(begun.charAt(begun.length() - 1)) >= 0 ? begun : begun + ".";
    }
}
