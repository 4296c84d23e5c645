package drawbridge.server.drill;

import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Takes secrets out of what is kept of requests and answers: those a drill knows, by name, and
 * whatever else looks like one. Safe for many threads.
 */
final class Masks {
    private static final Pattern LOOKS_SECRET =
            Pattern.compile(
                    "\\b(ses|brs|dev|trk)_[A-Za-z0-9_-]{16,}(\\.[A-Za-z0-9_-]+)?"
                            + "|\\bv4\\.public\\.[A-Za-z0-9_.-]{16,}");

    private final Map<String, String> names = new ConcurrentHashMap<>();

    /** Shows that name instead of the secret from now on. Gives the secret back. */
    String hide(String secret, String name) {
        if (!secret.isBlank()) {
            names.put(secret, name);
        }
        return secret;
    }

    /** The text without secrets. */
    String masked(String text) {
        String shown = text;
        for (Map.Entry<String, String> known :
                names.entrySet().stream()
                        .sorted(Comparator.comparingInt(e -> -e.getKey().length()))
                        .toList()) {
            shown = shown.replace(known.getKey(), "‹" + known.getValue() + "›");
        }
        return LOOKS_SECRET.matcher(shown).replaceAll("‹secret›");
    }
}
