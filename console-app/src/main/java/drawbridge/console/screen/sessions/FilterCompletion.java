package drawbridge.console.screen.sessions;

import drawbridge.console.model.SessionEntry;
import drawbridge.model.filter.SessionFilter;
import drawbridge.model.view.SessionRow;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How the word of a filter line that is being written may go on. Pure: runs on any thread over a
 * copy of the model's list.
 *
 * @param from where what is replaced begins
 * @param to where it ends: at the caret
 * @param offers what may stand there instead, the likeliest first; empty when there is nothing to
 *     offer
 */
record FilterCompletion(int from, int to, List<Offer> offers) {
    private static final int MOST = 8;

    FilterCompletion {
        offers = List.copyOf(offers);
    }

    /**
     * One way to go on.
     *
     * @param text what is put in
     * @param key the key whose meaning explains it; empty for a value
     * @param isWhole whether the word is complete with it
     */
    record Offer(String text, String key, boolean isWhole) {}

    static FilterCompletion at(String line, int caret, List<SessionEntry> sessions) {
        int end = Math.min(caret, line.length());
        int from = end;
        while (from > 0 && !Character.isWhitespace(line.charAt(from - 1))) {
            from--;
        }
        if (from < end && line.charAt(from) == '-') {
            from++;
        }
        String word = line.substring(from, end).toLowerCase(Locale.ROOT);
        boolean isInside = end < line.length() && !Character.isWhitespace(line.charAt(end));
        if (word.isEmpty() || isInside) {
            return new FilterCompletion(end, end, List.of());
        }
        SessionFilter.Key key = null;
        for (SessionFilter.Key known : SessionFilter.Key.values()) {
            String name = known.word();
            if (known != SessionFilter.Key.TEXT
                    && word.length() > name.length()
                    && word.startsWith(name)
                    && (known.isTime() ? "<>" : ":").indexOf(word.charAt(name.length())) >= 0) {
                key = known;
            }
        }
        return key == null
                ? new FilterCompletion(from, end, keys(word, sessions))
                : values(key, word, from, end, sessions);
    }

    private static List<Offer> keys(String word, List<SessionEntry> sessions) {
        List<Offer> offers = new ArrayList<>();
        for (SessionFilter.Key key : SessionFilter.Key.values()) {
            if (key != SessionFilter.Key.TEXT && key.word().startsWith(word)) {
                offers.add(new Offer(key.word() + (key.isTime() ? ">" : ":"), key.word(), false));
            }
        }
        if (word.length() > 1 && word.indexOf(':') < 0) {
            for (String email : known(SessionFilter.Key.USER, word, sessions)) {
                if (offers.size() < MOST) {
                    offers.add(new Offer("user:" + email, "", true));
                }
            }
        }
        return offers;
    }

    private static FilterCompletion values(
            SessionFilter.Key key, String word, int from, int end, List<SessionEntry> sessions) {
        int last = Math.max(word.lastIndexOf(','), key.word().length());
        String begun = word.substring(last + 1);
        List<Offer> offers = new ArrayList<>();
        for (String value : SessionFilter.valuesOf(key)) {
            if (value.startsWith(begun)) {
                offers.add(new Offer(value, "", true));
            }
        }
        for (String value : known(key, begun, sessions)) {
            if (offers.size() < MOST) {
                offers.add(new Offer(value, "", true));
            }
        }
        boolean isComplete =
                offers.stream().anyMatch(offer -> offer.text().equals(begun)) && offers.size() == 1;
        return new FilterCompletion(from + last + 1, end, isComplete ? List.of() : offers);
    }

    /** Values that sessions have, those of the most sessions first. */
    private static List<String> known(
            SessionFilter.Key key, String begun, List<SessionEntry> sessions) {
        Map<String, Integer> counts = new HashMap<>();
        for (SessionEntry entry : sessions) {
            String value = value(key, entry.told());
            if (value != null
                    && (key == SessionFilter.Key.USER
                            ? value.contains(begun)
                            : value.startsWith(begun))) {
                counts.merge(value, 1, Integer::sum);
            }
        }
        return counts.entrySet().stream()
                .sorted(
                        Map.Entry.<String, Integer>comparingByValue()
                                .reversed()
                                .thenComparing(Map.Entry.comparingByKey()))
                .limit(MOST)
                .map(Map.Entry::getKey)
                .toList();
    }

    private static @Nullable String value(SessionFilter.Key key, SessionRow row) {
        return switch (key) {
            case USER -> row.email().toLowerCase(Locale.ROOT);
            case IP -> row.ip();
            case DEVICE -> row.device();
            case TENANT -> row.tenant();
            case REF -> row.ref().toLowerCase(Locale.ROOT);
            case AGENT, TEXT, STATE, MODE, RISK, IDLE, AGE, LEFT -> null;
        };
    }
}
