package drawbridge.model.filter;

import drawbridge.model.IpAddress;
import drawbridge.model.IpNetwork;
import drawbridge.model.SessionState;
import drawbridge.model.ValidationMode;
import drawbridge.model.view.SessionRow;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The filter of the session list: words that must all hold, separated by blanks. A word is {@code
 * key:value}, {@code key>time}, {@code key<time}, or free text that is looked for in user, IP,
 * device, agent and reference; a leading {@code -} turns it round. Letter case does not matter. An
 * empty line matches every session.
 *
 * <p>Keys with a colon: {@code user}, {@code ip} (an address, its beginning, or a network such as
 * {@code 10.0.0.0/8}), {@code device} (a part of its label; {@code known} for any), {@code agent},
 * {@code ref}, {@code tenant} (whole id), {@code state} (one of {@link SessionState}, or several
 * with commas), {@code mode} (the strictest one passed, or {@code none}; several with commas),
 * {@code risk} (what a thief need not forge, since it was never recorded: {@code no-device}, {@code
 * no-agent}, {@code no-ip}, or {@code any} of them).
 *
 * <p>Keys with {@code >} or {@code <} and a time such as {@code 30m}, {@code 12h} or {@code 7d}:
 * {@code idle} (since it was last seen), {@code age} (since it was opened), {@code left} (until it
 * expires).
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
        STATE,
        MODE,
        RISK,
        IDLE,
        AGE,
        LEFT;

        /** How it is written. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether it takes {@code >} or {@code <} and a time, instead of a colon. */
        public boolean isTime() {
            return this == IDLE || this == AGE || this == LEFT;
        }
    }

    /** The value of {@code device} that stands for any. */
    public static final String KNOWN = "known";

    /** The value of {@code mode} of a session that has passed none. */
    public static final String NO_MODE = "none";

    /** What was never recorded of a session, so that nobody need forge it. */
    public enum Risk {
        NO_DEVICE,
        NO_AGENT,
        NO_IP;

        /** How it is written. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** Whether the session runs it. */
        public boolean isOf(SessionRow row) {
            return switch (this) {
                case NO_DEVICE -> row.device() == null;
                case NO_AGENT -> row.agent() == null;
                case NO_IP -> row.ip() == null;
            };
        }
    }

    /** The value of {@code risk} that stands for each of them. */
    public static final String ANY = "any";

    /**
     * How long a time must be.
     *
     * @param longer whether it must be longer than that, else shorter
     */
    public record Span(boolean longer, Duration than) {
        boolean holds(Duration time) {
            int compared = time.compareTo(than);
            return longer ? compared > 0 : compared < 0;
        }
    }

    /**
     * One word of the filter.
     *
     * @param negated whether it must not hold
     * @param key what it looks at
     * @param value in lower case; never empty
     * @param network the network meant, for key {@code IP} with a network or a whole address; null
     *     otherwise
     * @param span for keys of times; null otherwise
     */
    public record Term(
            boolean negated,
            Key key,
            String value,
            @Nullable IpNetwork network,
            @Nullable Span span) {
        /** One without a time. */
        public Term(boolean negated, Key key, String value, @Nullable IpNetwork network) {
            this(negated, key, value, network, null);
        }
    }

    /** A filter that was read, or why it could not be. Exactly one of both is there. */
    public record Parsed(Optional<SessionFilter> filter, Optional<FilterProblem> problem) {}

    private static final Map<String, Key> KEYS =
            Arrays.stream(Key.values())
                    .filter(key -> key != Key.TEXT)
                    .collect(Collectors.toUnmodifiableMap(Key::word, Function.identity()));

    private static final Pattern TIME = Pattern.compile("([0-9]{1,5})([smhd])");
    private static final Pattern TIME_BEGUN = Pattern.compile("[0-9]{0,5}");

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
            switch (new Word(line.substring(at, end), at, end == line.length()).read()) {
                case Read.Good(Term term) -> terms.add(term);
                case Read.Wrong(FilterProblem problem) -> {
                    return new Parsed(Optional.empty(), Optional.of(problem));
                }
            }
            at = end;
        }
        return new Parsed(Optional.of(new SessionFilter(terms)), Optional.empty());
    }

    private sealed interface Read {
        record Good(Term term) implements Read {}

        record Wrong(FilterProblem problem) implements Read {}
    }

    /** A word of the line, where it stands, and whether the line ends with it. */
    private record Word(String text, int at, boolean isLast) {
        Read read() {
            boolean negated = text.startsWith("-") && text.length() > 1;
            String rest = (negated ? text.substring(1) : text).toLowerCase(Locale.ROOT);
            int sign = signOf(rest);
            Key key = sign > 0 ? KEYS.get(rest.substring(0, sign)) : null;
            if (key == null) {
                return sign > 0 && isWord(rest.substring(0, sign), rest.charAt(sign))
                        ? wrong(rest.substring(0, sign), noKey(rest.substring(0, sign)))
                        : new Read.Good(new Term(negated, Key.TEXT, rest, null));
            }
            String value = rest.substring(sign + 1);
            if (key.isTime()) {
                return time(negated, key, rest.charAt(sign), value);
            }
            if (rest.charAt(sign) != ':') {
                return wrong(text, "\"%s\" takes a colon: %s:…".formatted(key.word(), key.word()));
            }
            if (value.isEmpty()) {
                return wrong(text, "\"%s\" needs a value behind the colon.".formatted(text));
            }
            return switch (key) {
                case STATE -> oneOf(negated, key, value, "is no state", STATES);
                case MODE -> oneOf(negated, key, value, "is no mode", MODES);
                case RISK -> oneOf(negated, key, value, "is no risk", RISKS);
                case IP -> ip(negated, value);
                default -> new Read.Good(new Term(negated, key, value, null));
            };
        }

        /** Where the key ends: at the first sign there is. */
        private static int signOf(String rest) {
            for (int i = 0; i < rest.length(); i++) {
                if (":<>".indexOf(rest.charAt(i)) >= 0) {
                    return i;
                }
            }
            return -1;
        }

        /**
         * An IPv6 address holds colons too, so an unknown key is only an error when it is a word
         * that cannot be a group of one.
         */
        private static boolean isWord(String name, char sign) {
            return name.matches("[a-z]+") && (sign != ':' || !name.matches("[a-f]{1,4}"));
        }

        private static String noKey(String name) {
            return Arrays.stream(Key.values())
                    .filter(key -> key != Key.TEXT && isNear(name, key.word()))
                    .findFirst()
                    .map(key ->
                            "There is no \"%s\". Did you mean %s?"
                                    .formatted(name, key.word() + (key.isTime() ? ">" : ":")))
                    .orElseGet(() ->
                            "There is no \"%s\". Use user, ip, device, agent, ref, tenant, state, mode or risk with a colon, or idle, age or left with > or <."
                                    .formatted(name));
        }

        /** Whether one letter more, less, other, or two in turn make the one the other. */
        private static boolean isNear(String one, String other) {
            int same = 0;
            while (same < Math.min(one.length(), other.length())
                    && one.charAt(same) == other.charAt(same)) {
                same++;
            }
            String a = one.substring(same);
            String b = other.substring(same);
            return rest(a, 1).equals(rest(b, 1))
                    || rest(a, 1).equals(b)
                    || a.equals(rest(b, 1))
                    || (a.length() > 1
                            && b.length() > 1
                            && a.charAt(0) == b.charAt(1)
                            && a.charAt(1) == b.charAt(0)
                            && rest(a, 2).equals(rest(b, 2)));
        }

        private static String rest(String text, int from) {
            return text.length() <= from ? "" : text.substring(from);
        }

        private Read time(boolean negated, Key key, char sign, String value) {
            if (sign == ':') {
                return wrong(
                        text,
                        "\"%s\" takes > or < and a time: %s>30m".formatted(key.word(), key.word()));
            }
            Matcher time = TIME.matcher(value);
            if (!time.matches()) {
                return wrong(
                        value.isEmpty() ? text : value,
                        "\"%s\" is no time. Write it like 90s, 30m, 12h or 7d.".formatted(value));
            }
            ChronoUnit unit =
                    switch (time.group(2)) {
                        case "s" -> ChronoUnit.SECONDS;
                        case "m" -> ChronoUnit.MINUTES;
                        case "h" -> ChronoUnit.HOURS;
                        default -> ChronoUnit.DAYS;
                    };
            Duration than = Duration.of(Long.parseLong(time.group(1)), unit);
            return new Read.Good(new Term(negated, key, value, null, new Span(sign == '>', than)));
        }

        private Read oneOf(boolean negated, Key key, String value, String is, List<String> known) {
            for (String name : value.split(",", -1)) {
                if (!known.contains(name)) {
                    return wrong(
                            name.isEmpty() ? text : name,
                            "\"%s\" %s. Use %s or %s."
                                    .formatted(
                                            name,
                                            is,
                                            String.join(", ", known.subList(0, known.size() - 1)),
                                            known.getLast()));
                }
            }
            return new Read.Good(new Term(negated, key, value, null));
        }

        private Read ip(boolean negated, String value) {
            if (value.indexOf('/') < 0) {
                return new Read.Good(new Term(negated, Key.IP, value, wholeAddress(value)));
            }
            return IpNetwork.parse(value)
                    .<Read>map(network -> new Read.Good(new Term(negated, Key.IP, value, network)))
                    .orElseGet(() ->
                            wrong(
                                    value,
                                    "\"%s\" is no network. Write it like 10.0.0.0/8 or 2001:db8::/32."
                                            .formatted(value)));
        }

        /** With the place of that part of the word, or of all of it. */
        private Read wrong(String part, String message) {
            int from = Math.max(0, text.toLowerCase(Locale.ROOT).lastIndexOf(part));
            return new Read.Wrong(
                    new FilterProblem(
                            at + from,
                            Math.min(part.length(), text.length() - from),
                            message,
                            isLast && mayGoOn()));
        }

        private boolean mayGoOn() {
            String rest =
                    (text.startsWith("-") ? text.substring(1) : text).toLowerCase(Locale.ROOT);
            int sign = signOf(rest);
            Key key = sign > 0 ? KEYS.get(rest.substring(0, sign)) : null;
            if (key == null || key.isTime() == (rest.charAt(sign) == ':')) {
                return false;
            }
            String value = rest.substring(sign + 1);
            return switch (key) {
                case STATE -> mayBecomeOneOf(STATES, value);
                case MODE -> mayBecomeOneOf(MODES, value);
                case RISK -> mayBecomeOneOf(RISKS, value);
                case IDLE, AGE, LEFT -> TIME_BEGUN.matcher(value).matches();
                case IP -> value.isEmpty() || mayBecomeNetwork(value);
                default -> value.isEmpty();
            };
        }

        private static boolean mayBecomeOneOf(List<String> known, String value) {
            List<String> names = List.of(value.split(",", -1));
            return known.containsAll(names.subList(0, names.size() - 1))
                    && known.stream().anyMatch(name -> name.startsWith(names.getLast()));
        }

        /**
         * Of a network only the whole length of its prefix may be missing: a part of one is one.
         */
        private static boolean mayBecomeNetwork(String value) {
            return value.endsWith("/") && IpNetwork.parse(value + "0").isPresent();
        }
    }

    private static final List<String> STATES =
            Arrays.stream(SessionState.values()).map(SessionState::wireName).toList();

    private static final List<String> MODES =
            Stream.concat(
                            Arrays.stream(ValidationMode.values())
                                    .map(mode -> mode.name().toLowerCase(Locale.ROOT)),
                            Stream.of(NO_MODE))
                    .toList();

    private static final List<String> RISKS =
            Stream.concat(Stream.of(ANY), Arrays.stream(Risk.values()).map(Risk::word)).toList();

    /** The values that a key knows beforehand; empty when any text will do. */
    public static List<String> valuesOf(Key key) {
        return switch (key) {
            case STATE -> STATES;
            case MODE -> MODES;
            case RISK -> RISKS;
            case DEVICE -> List.of(KNOWN);
            case IDLE, AGE, LEFT -> List.of("5m", "30m", "1h", "12h", "1d", "7d");
            case TEXT, USER, IP, AGENT, REF, TENANT -> List.of();
        };
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

    /** The same, and live. */
    public SessionFilter onlyLive() {
        List<Term> and = new ArrayList<>(terms);
        and.add(new Term(false, Key.STATE, SessionState.LIVE.wireName(), null));
        return new SessionFilter(and);
    }

    /** Whether it asks for what changes with every use of a session. */
    public boolean looksAtUse() {
        for (Term term : terms) {
            if (term.key() == Key.IDLE || term.key() == Key.LEFT) {
                return true;
            }
        }
        return false;
    }

    /** Whether the row, in the state it holds, passes every word at that instant. */
    public boolean matches(SessionRow row, Instant now) {
        return matches(row, row.state(), now);
    }

    /** Whether the row passes every word when it is in that state, whatever it says itself. */
    public boolean matches(SessionRow row, SessionState state, Instant now) {
        return matches(row, state.wireName(), now);
    }

    private boolean matches(SessionRow row, String state, Instant now) {
        return matches(row, state, now, IN_ROW);
    }

    private boolean matches(SessionRow row, String state, Instant now, Search search) {
        for (int i = 0; i < terms.size(); i++) { // asked for each of many rows: no iterator
            if (holds(terms.get(i), row, state, now, search) == terms.get(i).negated()) {
                return false;
            }
        }
        return true;
    }

    /**
     * What a word without a key is looked for in, but for the agent, which many rows share: in
     * lower case, parted by what no word holds.
     */
    public static String searched(SessionRow row) {
        return String.join(
                        "\n",
                        row.email(),
                        row.userId(),
                        row.ref(),
                        Objects.requireNonNullElse(row.ip(), ""),
                        Objects.requireNonNullElse(row.device(), ""))
                .toLowerCase(Locale.ROOT);
    }

    /** One that asks very many rows in turn. */
    public Sieve sieve() {
        return new Sieve(this);
    }

    /**
     * Asks very many rows in turn, at less cost: each brings its {@link #searched} text, so that
     * one place in memory is looked at instead of ten; agents are long and few, so what was found
     * of one is remembered. For one thread.
     */
    public static final class Sieve {
        private static final int MOST_REMEMBERED = 4_096;

        private final SessionFilter filter;
        private final Map<String, Map<String, Boolean>> found = new HashMap<>();
        private final Search search = new Remembering();
        private String searched = "";

        private Sieve(SessionFilter filter) {
            this.filter = filter;
        }

        /**
         * As {@link SessionFilter#matches(SessionRow, SessionState, Instant)}.
         *
         * @param searched of that row
         */
        public boolean matches(SessionRow row, String searched, SessionState state, Instant now) {
            this.searched = searched;
            return filter.matches(row, state.wireName(), now, search);
        }

        private final class Remembering implements Search {
            @Override
            public boolean agentHas(@Nullable String agent, String value) {
                if (agent == null) {
                    return false;
                }
                Map<String, Boolean> known = found.computeIfAbsent(value, _ -> new HashMap<>());
                return known.size() < MOST_REMEMBERED
                        ? known.computeIfAbsent(agent, text -> has(text, value))
                        : has(agent, value);
            }

            @Override
            public boolean anyHas(SessionRow row, String value) {
                return searched.contains(value);
            }
        }
    }

    /** How a word without a key, and one about agents, is looked for. */
    private interface Search {
        boolean agentHas(@Nullable String agent, String value);

        boolean anyHas(SessionRow row, String value);
    }

    private static final Search IN_ROW =
            new Search() {
                @Override
                public boolean agentHas(@Nullable String agent, String value) {
                    return has(agent, value);
                }

                @Override
                public boolean anyHas(SessionRow row, String value) {
                    return searched(row).contains(value);
                }
            };

    private static boolean holds(
            Term term, SessionRow row, String state, Instant now, Search search) {
        String value = term.value();
        Span span = term.span();
        return switch (term.key()) {
            case TEXT -> search.anyHas(row, value) || search.agentHas(row.agent(), value);
            case USER -> has(row.email(), value) || has(row.userId(), value);
            case IP -> ipHolds(term, row.ip());
            case DEVICE -> value.equals(KNOWN) ? row.device() != null : has(row.device(), value);
            case AGENT -> search.agentHas(row.agent(), value);
            case REF -> has(row.ref(), value);
            case TENANT -> row.tenant().equalsIgnoreCase(value);
            case STATE -> isAmong(state, value);
            case MODE ->
                    isAmong(
                            row.strictestMode() == null
                                    ? NO_MODE
                                    : row.strictestMode().toLowerCase(Locale.ROOT),
                            value);
            case RISK -> isRisky(row, value);
            case IDLE -> span != null && span.holds(Duration.between(row.lastSeenAt(), now));
            case AGE -> span != null && span.holds(Duration.between(row.createdAt(), now));
            case LEFT -> span != null && span.holds(Duration.between(now, row.expiresAt()));
        };
    }

    private static boolean isRisky(SessionRow row, String value) {
        for (Risk risk : Risk.values()) {
            if (risk.isOf(row) && (isAmong(ANY, value) || isAmong(risk.word(), value))) {
                return true;
            }
        }
        return false;
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
