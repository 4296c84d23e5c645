package drawbridge.server.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The path of a rule: segments that are texts, {@code *} or <code>{name}</code> for any one
 * segment, {@code **} for any number of them, none included. Immutable.
 */
public final class RoutePattern {
    /** How reading a pattern ended. */
    public sealed interface Outcome {
        /** It can be used. */
        record Good(RoutePattern pattern) implements Outcome {}

        /** It cannot; the sentence says what would be right. */
        record Bad(String why) implements Outcome {}
    }

    private static final Pattern NAME = Pattern.compile("\\{[A-Za-z][A-Za-z0-9_]{0,40}}");
    static final String ONE = "*";
    static final String ANY = "**";

    private final String text;
    private final List<String> segments;

    private RoutePattern(String text, List<String> segments) {
        this.text = text;
        this.segments = List.copyOf(segments);
    }

    /** Reads a pattern. */
    public static Outcome parse(String text) {
        if (!text.startsWith("/")) {
            return new Outcome.Bad(
                    "must begin with a slash, such as /payments/*; /** is every path");
        }
        List<String> segments = new ArrayList<>();
        for (String segment : text.split("/", -1)) {
            if (segment.isEmpty()) {
                continue;
            }
            if (segment.equals(ANY) || segment.equals(ONE)) {
                segments.add(segment);
            } else if (NAME.matcher(segment).matches()) {
                segments.add(ONE);
            } else if (segment.indexOf('*') >= 0 || segment.indexOf('{') >= 0) {
                return new Outcome.Bad(
                        "* , ** and {name} must be whole segments, such as /payments/{id}/refund");
            } else if (RoutePath.of("/" + segment) instanceof RoutePath.Plain(var one)
                    && one.size() == 1) {
                segments.add(one.getFirst());
            } else {
                return new Outcome.Bad(
                        "holds a segment that no path can be matched with; see docs/policies.md");
            }
        }
        if (segments.size() > RoutePath.MOST_SEGMENTS) {
            return new Outcome.Bad("has more than " + RoutePath.MOST_SEGMENTS + " segments");
        }
        return new Outcome.Good(new RoutePattern(text, segments));
    }

    /** Texts, {@link #ONE} and {@link #ANY}. */
    List<String> segments() {
        return segments;
    }

    /** Whether it matches that path. */
    public boolean matches(RoutePath.Plain path) {
        return matches(path.segments(), false);
    }

    /** Whether it matches every path that the other one matches, as far as one rule alone can. */
    public boolean covers(RoutePattern other) {
        return matches(other.segments, true);
    }

    /**
     * Greedy matching with one place to go back to.
     *
     * @param symbolic whether the segments are a pattern's: its wildcards are then texts that only
     *     an equal or wider wildcard matches
     */
    private boolean matches(List<String> path, boolean symbolic) {
        int at = 0;
        int rule = 0;
        int lastAny = -1;
        int retry = 0;
        while (at < path.size()) {
            if (rule < segments.size() && segments.get(rule).equals(ANY)) {
                lastAny = rule++;
                retry = at;
            } else if (rule < segments.size()
                    && matchesOne(segments.get(rule), path.get(at), symbolic)) {
                rule++;
                at++;
            } else if (lastAny >= 0) {
                rule = lastAny + 1;
                at = ++retry;
            } else {
                return false;
            }
        }
        while (rule < segments.size() && segments.get(rule).equals(ANY)) {
            rule++;
        }
        return rule == segments.size();
    }

    private static boolean matchesOne(String rule, String segment, boolean symbolic) {
        if (symbolic && segment.equals(ANY)) {
            return false; // only another ** takes in any number
        }
        return rule.equals(ONE) || rule.equals(segment);
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RoutePattern that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }
}
