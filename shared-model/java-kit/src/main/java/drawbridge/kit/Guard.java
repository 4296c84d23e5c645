package drawbridge.kit;

import drawbridge.model.ValidationMode;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Decides for each request of a back end which mode it asks for, and finds the session and the
 * signals in it. Immutable; safe for many threads.
 */
public final class Guard {
    private static final String SESSION_HEADER = "X-Session-ID";
    private static final Pattern AMBIGUOUS = Pattern.compile("[%;\\\\]|//|/\\.{1,2}(/|$)");
    private static final String SESSION_COOKIE = "session_id";

    private final Map<String, Optional<ValidationMode>> modes;

    private Guard(Map<String, Optional<ValidationMode>> modes) {
        this.modes = modes;
    }

    /** Asks for nothing beyond the server's own policy, on every path. */
    public static Guard everywhere() {
        return new Guard(Map.of("/", Optional.empty()));
    }

    /**
     * The same, and at least that mode on paths that begin so. The longest beginning that fits
     * counts; the server's policy may ask for more. A path that could be read in two ways, such as
     * one with an escaped letter or a double slash, is asked for with the strictest mode of all.
     *
     * @param prefix such as {@code /payments/}
     */
    public Guard with(String prefix, ValidationMode atLeast) {
        Map<String, Optional<ValidationMode>> more = new LinkedHashMap<>(modes);
        more.put(prefix, Optional.of(atLeast));
        return new Guard(Map.copyOf(more));
    }

    private @Nullable ValidationMode modeOf(String path) {
        if (AMBIGUOUS.matcher(path).find()) {
            // What handles the request may read it as another path than it looks like.
            return modes.values().stream()
                    .flatMap(Optional::stream)
                    .max(Comparator.naturalOrder())
                    .orElse(null);
        }
        return modes.entrySet().stream()
                .filter(entry -> path.startsWith(entry.getKey()))
                .max(Comparator.comparingInt(entry -> entry.getKey().length()))
                .flatMap(Map.Entry::getValue)
                .orElse(null);
    }

    /**
     * The question a request asks.
     *
     * @param ip the client's address: the peer's, or what a proxy says that this back end trusts
     * @param header looks a header up; null when it is absent
     * @param cookie looks a cookie up; null when it is absent
     * @return empty when the request presents no session
     */
    public Optional<Question> question(
            String method,
            String path,
            String ip,
            Function<String, @Nullable String> header,
            Function<String, @Nullable String> cookie) {
        String session = header.apply(SESSION_HEADER);
        if (session == null || session.isBlank()) {
            session = cookie.apply(SESSION_COOKIE);
        }
        if (session == null || session.isBlank()) {
            session = cookie.apply("__Host-" + SESSION_COOKIE);
        }
        if (session == null || session.isBlank()) {
            return Optional.empty();
        }
        return Optional.of(
                new Question(
                        session,
                        method,
                        path,
                        ip,
                        header.apply("X-Device-ID"),
                        header.apply("User-Agent"),
                        modeOf(path)));
    }
}
