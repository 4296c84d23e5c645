package drawbridge.kit;

import drawbridge.model.ValidationMode;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Decides for each request of a back end which mode it asks for, and finds the session and the
 * signals in it. Immutable; safe for many threads.
 */
public final class Guard {
    private static final String SESSION_HEADER = "X-Session-ID";

    /** Also what does not begin with a slash. */
    private static final Pattern AMBIGUOUS = Pattern.compile("^(?!/)|[%;\\\\]|//|/\\.{1,2}(/|$)");

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
     * counts; the server's policy may ask for more.
     *
     * <p>No other spelling of a path asks for less. One that could be read in two ways, such as one
     * with an escaped letter, a path parameter or a double slash, is asked for with the strictest
     * mode of all. Letters in another case and a slash more or less at the end may be the same
     * route or not, as the back end is set up: the stricter counts.
     *
     * @param prefix such as {@code /payments/}: as the back end writes its own routes, so without
     *     the path under which a container runs the whole application
     */
    public Guard with(String prefix, ValidationMode atLeast) {
        Map<String, Optional<ValidationMode>> more = new LinkedHashMap<>(modes);
        more.put(prefix, Optional.of(atLeast));
        return new Guard(Map.copyOf(more));
    }

    private @Nullable ValidationMode modeOf(String route) {
        if (AMBIGUOUS.matcher(route).find()) {
            // What handles the request may read it as another path than it looks like.
            return strictest(modes.values().stream());
        }
        String bare = route.endsWith("/") ? route.substring(0, route.length() - 1) : route;
        return strictest(
                Stream.of(bare, bare + "/")
                        .flatMap(path -> Stream.of(longest(path, false), longest(path, true))));
    }

    private Optional<ValidationMode> longest(String path, boolean ignoreCase) {
        return modes.entrySet().stream()
                .filter(entry -> {
                    String prefix = entry.getKey();
                    return path.regionMatches(ignoreCase, 0, prefix, 0, prefix.length());
                })
                .max(
                        Comparator.<Map.Entry<String, Optional<ValidationMode>>>comparingInt(
                                        entry -> entry.getKey().length())
                                .thenComparing(
                                        entry -> entry.getValue().map(Enum::ordinal).orElse(-1)))
                .flatMap(Map.Entry::getValue);
    }

    private static @Nullable ValidationMode strictest(Stream<Optional<ValidationMode>> of) {
        return of.flatMap(Optional::stream).max(Comparator.naturalOrder()).orElse(null);
    }

    /**
     * The question a request asks, of a back end whose routes begin at the root.
     *
     * @param path as it stands in the request, not decoded, without its query
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
        return question(method, path, "", ip, header, cookie);
    }

    /**
     * The question a request asks. The server is told the whole path, for that is what clients,
     * proxies and so the server's route policies call it; the mode is found by the path below the
     * context, as the back end writes its own routes.
     *
     * @param path as it stands in the request, not decoded, without its query
     * @param context the path under which the container runs the whole application, such as {@code
     *     /shop}; empty at the root
     * @param ip the client's address: the peer's, or what a proxy says that this back end trusts
     * @param header looks a header up; null when it is absent
     * @param cookie looks a cookie up; null when it is absent
     * @return empty when the request presents no session
     */
    public Optional<Question> question(
            String method,
            String path,
            String context,
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
                        modeOf(below(context, path))));
    }

    /** Empty, which is ambiguous, when the path does not spell the context as it is called. */
    private static String below(String context, String path) {
        String root = context.endsWith("/") ? context.substring(0, context.length() - 1) : context;
        if (!path.startsWith(root)) {
            return "";
        }
        String below = path.substring(root.length());
        return below.isEmpty() && !root.isEmpty() ? "/" : below;
    }
}
