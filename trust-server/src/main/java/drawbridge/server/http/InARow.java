package drawbridge.server.http;

import org.jspecify.annotations.Nullable;

/**
 * Notices a connection whose calls are there one right behind the other: as long as there are more
 * of them, its reader would read no other connection. For one thread.
 */
final class InARow {
    /** A few milliseconds' work. */
    private static final int MOST = 100;

    private @Nullable Object connection;
    private int calls;

    /**
     * Whether another call of a connection may be answered before others have their turn.
     *
     * @param from equal to itself alone
     */
    boolean admits(Object from) {
        if (!from.equals(connection)) {
            connection = from;
            calls = 0;
        }
        calls = calls < MOST ? calls + 1 : 0;
        return calls > 0;
    }
}
