package drawbridge.model.filter;

import drawbridge.model.IpAddress;
import drawbridge.model.IpNetwork;
import drawbridge.model.SessionState;
import drawbridge.model.view.SessionRow;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The filter of the session list: words that must all hold, separated by blanks. A word is {@code
 * key:value} or free text that is looked for in user, IP, device, agent and reference; a leading
 * {@code -} turns it round. Letter case does not matter. An empty line matches every session.
 *
 * <p>Keys: {@code user}, {@code ip} (an address, its beginning, or a network such as {@code
 * 10.0.0.0/8}), {@code device}, {@code agent}, {@code ref}, {@code tenant} (whole id), {@code
 * state} (one of {@link SessionState}, or several with commas).
 *
 * <p>Immutable; safe for many threads.
 */
public final class SessionFilter {
    /** What a word looks at. */
    public enum Key {
        TEXT,
        USER,
        IP,
        DEVICE,
        AGENT,
        REF,
        TENANT,
        STATE
    }

    /**
     * One word of the filter.
     *
     * @param negated whether it must not hold
     * @param key what it looks at
     * @param value in lower case; never empty
     * @param network the network meant, for key {@code IP} with a network or a whole address; null
     *     otherwise
     */
    public record Term(boolean negated, Key key, String value, @Nullable IpNetwork network) {}

    /** A filter that was read, or why it could not be. Exactly one of both is there. */
    public record Parsed(Optional<SessionFilter> filter, Optional<FilterProblem> problem) {}

    private static final Map<String, Key> KEYS =
            Map.of(
                    "user", Key.USER,
                    "ip", Key.IP,
                    "device", Key.DEVICE,
                    "agent", Key.AGENT,
                    "ref", Key.REF,
                    "tenant", Key.TENANT,
                    "state", Key.STATE);

    /** Matches everything. */
    public static final SessionFilter ALL = new SessionFilter(List.of());

    private final List<Term> terms;

    private SessionFilter(List<Term> terms) {
        this.terms = List.copyOf(terms);
    }

    /** Reads a filter line. Never throws. */
    public static Parsed parse(String line) {
        List<Term> terms = new ArrayList<>();
        int at = 0;
        while (at < line.length()) {
            if (Character.isWhitespace(line.charAt(at))) {
                at++;
                continue;
            }
            int end = at;
            while (end < line.length() && !Character.isWhitespace(line.charAt(end))) {
                end++;
            }
            String word = line.substring(at, end);
            Object read = readWord(word, at);
            if (read instanceof FilterProblem problem) {
                return new Parsed(Optional.empty(), Optional.of(problem));
            }
            terms.add((Term) read);
            at = end;
        }
        return new Parsed(Optional.of(new SessionFilter(terms)), Optional.empty());
    }

    private static Object readWord(String word, int at) {
        boolean negated = word.startsWith("-") && word.length() > 1;
        String rest = (negated ? word.substring(1) : word).toLowerCase(Locale.ROOT);
        int colon = rest.indexOf(':');
        Key key = colon > 0 ? KEYS.get(rest.substring(0, colon)) : null;
        if (key == null) {
            // An IPv6 address holds colons too, so an unknown key is only an error when it is a
            // word that cannot be a group of one.
            if (colon > 0 && rest.substring(0, colon).matches("(?![a-f]{1,4}$)[a-z]+")) {
                return new FilterProblem(
                        at,
                        word.length(),
                        "There is no \"%s:\". Use user, ip, device, agent, ref, tenant or state."
                                .formatted(rest.substring(0, colon)));
            }
            return new Term(negated, Key.TEXT, rest, null);
        }
        String value = rest.substring(colon + 1);
        if (value.isEmpty()) {
            return new FilterProblem(
                    at, word.length(), "\"%s\" needs a value behind the colon.".formatted(word));
        }
        return withValue(word, at, negated, key, value);
    }

    private static Object withValue(String word, int at, boolean negated, Key key, String value) {
        if (key == Key.STATE) {
            for (String name : value.split(",", -1)) {
                if (SessionState.parse(name).isEmpty()) {
                    return new FilterProblem(
                            at,
                            word.length(),
                            "\"%s\" is no state. Use live, held, revoked or expired."
                                    .formatted(name));
                }
            }
        }
        if (key == Key.IP && value.indexOf('/') >= 0) {
            Optional<IpNetwork> network = IpNetwork.parse(value);
            if (network.isEmpty()) {
                return new FilterProblem(
                        at,
                        word.length(),
                        "\"%s\" is no network. Write it like 10.0.0.0/8 or 2001:db8::/32."
                                .formatted(value));
            }
            return new Term(negated, key, value, network.get());
        }
        return new Term(negated, key, value, key == Key.IP ? wholeAddress(value) : null);
    }

    /**
     * The network of one address when the value is one, however it is written; null for the
     * beginning of one. {@code 2001:db8::} is taken for a beginning.
     */
    private static @Nullable IpNetwork wholeAddress(String value) {
        return value.endsWith(":") ? null : IpNetwork.parse(value).orElse(null);
    }

    /** The words, in the order written; empty when everything matches. */
    public List<Term> terms() {
        return terms;
    }

    /** Whether the row, in the state it holds, passes every word. */
    public boolean matches(SessionRow row) {
        return matches(row, row.state());
    }

    /** Whether the row passes every word when it is in that state, whatever it says itself. */
    public boolean matches(SessionRow row, SessionState state) {
        return matches(row, state.wireName());
    }

    private boolean matches(SessionRow row, String state) {
        for (int i = 0; i < terms.size(); i++) { // asked for each of many rows: no iterator
            if (holds(terms.get(i), row, state) == terms.get(i).negated()) {
                return false;
            }
        }
        return true;
    }

    private static boolean holds(Term term, SessionRow row, String state) {
        String value = term.value();
        return switch (term.key()) {
            case TEXT ->
                    has(row.email(), value)
                            || has(row.ip(), value)
                            || has(row.device(), value)
                            || has(row.agent(), value)
                            || has(row.ref(), value)
                            || has(row.userId(), value);
            case USER -> has(row.email(), value) || has(row.userId(), value);
            case IP -> ipHolds(term, row.ip());
            case DEVICE -> has(row.device(), value);
            case AGENT -> has(row.agent(), value);
            case REF -> has(row.ref(), value);
            case TENANT -> row.tenant().equalsIgnoreCase(value);
            case STATE -> isAmong(state, value);
        };
    }

    private static boolean ipHolds(Term term, @Nullable String ip) {
        if (ip == null) {
            return false;
        }
        IpNetwork network = term.network();
        if (network == null) {
            return ip.startsWith(term.value());
        }
        return IpAddress.parse(ip).filter(network::contains).isPresent();
    }

    private static boolean isAmong(String state, String states) {
        int at = states.indexOf(state);
        while (at >= 0) {
            int end = at + state.length();
            boolean begins = at == 0 || states.charAt(at - 1) == ',';
            if (begins && (end == states.length() || states.charAt(end) == ',')) {
                return true;
            }
            at = states.indexOf(state, end);
        }
        return false;
    }

    private static boolean has(@Nullable String text, String lowerCaseValue) {
        return text != null && text.toLowerCase(Locale.ROOT).contains(lowerCaseValue);
    }
}
