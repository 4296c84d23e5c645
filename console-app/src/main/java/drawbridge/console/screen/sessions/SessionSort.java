package drawbridge.console.screen.sessions;

import drawbridge.console.model.SessionEntry;
import drawbridge.console.ui.AgentNames;

import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongUnaryOperator;

/**
 * Sorts very many sessions by a column, equal ones by their time of opening, newest first, and by
 * their reference then.
 *
 * <p>Events go on changing sessions meanwhile, and a sort over keys that move fails, so each key is
 * read once. Keys are numbers, for texts the first characters in which they differ: numbers are
 * sorted where they lie, several times faster than objects that have to be fetched for each
 * comparison.
 *
 * <p>For one thread; any.
 */
final class SessionSort {
    /** Numbers that are sorted in one go hold the session's place in their lower bits. */
    private static final int BITS = 63;

    private static final int CHARACTERS = 9;
    private static final int CHARACTER_BITS = 7;
    private static final int MOST_CHARACTER = (1 << CHARACTER_BITS) - 1;
    private static final String NOTHING = "";

    /** What is looked at, each where all before are equal. */
    private enum By {
        COLUMN,
        TEXT,
        OPENING,
        REFERENCE,
        NOTHING;

        By next() {
            return switch (this) {
                case COLUMN -> TEXT;
                case TEXT -> OPENING;
                case OPENING -> REFERENCE;
                case REFERENCE, NOTHING -> NOTHING;
            };
        }
    }

    private final List<SessionEntry> rows;
    private final Keys keys;
    private final boolean descending;
    private final int[] order;
    private final long[] packed;
    private final int placeBits;

    /** What the column holds of each session. */
    private static final class Keys {
        /** In whose order they come first. */
        final long[] numbers;

        /** In whose order those with equal numbers come; empty when the numbers say it all. */
        final String[] texts;

        Keys(long[] numbers, String[] texts) {
            this.numbers = numbers;
            this.texts = texts;
        }
    }

    private SessionSort(List<SessionEntry> rows, Keys keys, boolean descending) {
        this.rows = rows;
        this.keys = keys;
        this.descending = descending;
        this.order = new int[rows.size()];
        Arrays.setAll(order, place -> place);
        this.packed = new long[order.length];
        this.placeBits = Integer.SIZE - Integer.numberOfLeadingZeros(order.length);
    }

    /** Those sessions in their new order, which goes down when the column's is to be turned. */
    static List<SessionEntry> sorted(
            List<SessionEntry> rows,
            SessionColumn column,
            boolean descending,
            AgentNames agents,
            Instant now) {
        Keys keys = column.isText() ? texts(rows, column, agents) : numbers(rows, column, now);
        return new SessionSort(rows, keys, descending).run();
    }

    private static Keys numbers(List<SessionEntry> rows, SessionColumn column, Instant now) {
        long[] numbers = new long[rows.size()];
        Arrays.setAll(numbers, place -> column.number(rows.get(place), now));
        return new Keys(numbers, new String[0]);
    }

    /** Whatever has no text comes last. */
    private static Keys texts(List<SessionEntry> rows, SessionColumn column, AgentNames agents) {
        String[] texts = new String[rows.size()];
        long[] numbers = new long[texts.length];
        String first = NOTHING;
        int from = Integer.MAX_VALUE;
        int place = 0;
        while (place < texts.length) {
            String text = column.sortedAs(rows.get(place), agents).orElse(NOTHING);
            first = first.isEmpty() ? text : first;
            int same = text.isEmpty() ? from : same(first, text, from);
            texts[place] = text;
            numbers[place] = text.isEmpty() ? Long.MAX_VALUE : number(text, same);
            // Those before were taken from further behind, which most often were few.
            place = same < from ? 0 : place + 1;
            from = same;
        }
        return new Keys(numbers, texts);
    }

    /** In how many characters both begin alike, whatever their case; at most so many. */
    private static int same(String one, String other, int most) {
        int length = Math.min(most, Math.min(one.length(), other.length()));
        int same = 0;
        while (same < length && fold(one.charAt(same)) == fold(other.charAt(same))) {
            same++;
        }
        return same;
    }

    private static long number(String text, int from) {
        long number = 0;
        for (int i = from; i < from + CHARACTERS; i++) {
            int character = i < text.length() ? fold(text.charAt(i)) : 0;
            number = number << CHARACTER_BITS | Math.min(character, MOST_CHARACTER);
        }
        return number;
    }

    /** As {@link String#compareToIgnoreCase} does. */
    private static char fold(char character) {
        return Character.toLowerCase(Character.toUpperCase(character));
    }

    private List<SessionEntry> run() {
        sort(0, order.length, By.COLUMN);
        SessionEntry[] sorted = new SessionEntry[order.length];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = rows.get(order[i]);
        }
        return List.of(sorted);
    }

    private void sort(int from, int to, By by) {
        if (to - from < 2) {
            return;
        }
        switch (by) {
            case COLUMN -> byNumber(from, to, by, place -> turned(keys.numbers[(int) place]));
            case TEXT -> byText(from, to);
            case OPENING -> byNumber(from, to, by, place -> ~rows.get((int) place).createdNanos());
            case REFERENCE ->
                    byComparing(from, to, Comparator.comparing(place -> rows.get(place).ref()));
            case NOTHING -> {}
        }
    }

    private long turned(long number) {
        return descending ? ~number : number;
    }

    /**
     * Sorts a part of the order by numbers. When they differ by more than there are bits for, their
     * upper bits come first, and each run of those that agree in them again.
     */
    private void byNumber(int from, int to, By by, LongUnaryOperator number) {
        long least = Long.MAX_VALUE;
        long most = Long.MIN_VALUE;
        for (int i = from; i < to; i++) {
            long key = number.applyAsLong(order[i]);
            least = Math.min(least, key);
            most = Math.max(most, key);
        }
        if (least >= most) {
            sort(from, to, by.next());
            return;
        }
        // As a number without a sign: the two may be further apart than a long reaches.
        int keyBits = Long.SIZE - Long.numberOfLeadingZeros(most - least);
        int shift = Math.max(0, keyBits + placeBits - BITS);
        for (int i = from; i < to; i++) {
            long key = number.applyAsLong(order[i]) - least;
            packed[i] = key >>> shift << placeBits | order[i];
        }
        Arrays.sort(packed, from, to);
        long places = (1L << placeBits) - 1;
        int began = from;
        for (int i = from; i < to; i++) {
            order[i] = (int) (packed[i] & places);
        }
        for (int i = from + 1; i <= to; i++) {
            if (i == to || packed[i] >>> placeBits != packed[began] >>> placeBits) {
                sort(began, i, shift == 0 ? by.next() : by);
                began = i;
            }
        }
    }

    private void byText(int from, int to) {
        if (keys.texts.length == 0 || isOneText(from, to)) {
            sort(from, to, By.TEXT.next());
            return;
        }
        Comparator<Integer> ascending =
                Comparator.comparing(place -> keys.texts[place], String.CASE_INSENSITIVE_ORDER);
        byComparing(from, to, descending ? ascending.reversed() : ascending);
        int began = from;
        for (int i = from + 1; i <= to; i++) {
            if (i == to || !isOneText(began, i, i + 1)) {
                sort(began, i, By.TEXT.next());
                began = i;
            }
        }
    }

    private boolean isOneText(int from, int to) {
        return isOneText(from, from + 1, to);
    }

    /** Whether what stands in that part is the same text as one, whatever its case. */
    private boolean isOneText(int as, int from, int to) {
        String text = keys.texts[order[as]];
        for (int i = from; i < to; i++) {
            if (!text.equalsIgnoreCase(keys.texts[order[i]])) {
                return false;
            }
        }
        return true;
    }

    private void byComparing(int from, int to, Comparator<Integer> comparator) {
        Integer[] places = new Integer[to - from];
        Arrays.setAll(places, i -> order[from + i]);
        Arrays.sort(places, comparator);
        for (int i = from; i < to; i++) {
            order[i] = places[i - from];
        }
    }
}
