package drawbridge.server.admin;

import java.util.List;
import java.util.TreeSet;

/**
 * Which rows of the revocation log were told of: a row may come from who wrote it and from the log,
 * in either order, and is told once. Safe for many threads.
 */
final class ToldRows {
    private static final int REMEMBERED = 10_000;

    private final TreeSet<Long> numbers = new TreeSet<>(); // guarded by itself

    /** Whether nobody has told of that row; from now on somebody has. */
    boolean take(long number) {
        synchronized (numbers) {
            boolean isNew = numbers.add(number);
            while (numbers.size() > REMEMBERED) {
                numbers.removeFirst();
            }
            return isNew;
        }
    }

    /** The same for rows that are told together: what tells of any of them tells of all. */
    boolean takeAll(List<Long> rows) {
        synchronized (numbers) {
            boolean isNew = rows.stream().noneMatch(numbers::contains);
            rows.forEach(this::take);
            return isNew;
        }
    }

    /** The numbers may be given anew. */
    void forget() {
        synchronized (numbers) {
            numbers.clear();
        }
    }
}
