package drawbridge.server.storage;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * A store could not give a sure answer: away, too slow, full or broken. Nothing may be decided from
 * it; over HTTP it becomes a 503.
 */
public final class StoreUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final List<String> FULL = List.of("SQLITE_FULL", "No space left on device");

    /** PostgreSQL's {@code disk_full}; its words for it may be in any language. */
    private static final String FULL_STATE = "53100";

    private final String store;
    private final boolean maybeDone;
    private final Duration waited;

    /** The store's name as in {@code SessionSource}, and what was being done with it. */
    public StoreUnavailableException(String store, String doing, Throwable cause) {
        this(store, doing, cause, true, Duration.ZERO);
    }

    private StoreUnavailableException(
            String store, String doing, Throwable cause, boolean maybeDone, Duration waited) {
        super(store + " unavailable while " + doing + ": " + why(cause), cause);
        this.store = store;
        this.maybeDone = maybeDone;
        this.waited = waited;
    }

    /** The same, where it is sure that nothing was changed and nothing will be. */
    static StoreUnavailableException notDone(String store, String doing, Throwable cause) {
        return new StoreUnavailableException(store, doing, cause, false, Duration.ZERO);
    }

    /** The same, after it was tried again and again for so long. */
    static StoreUnavailableException afterWaiting(
            String store, String doing, Throwable cause, Duration waited) {
        return new StoreUnavailableException(store, doing, cause, true, waited);
    }

    /** What began it, or the nearest to it that has words. */
    private static String why(Throwable cause) {
        String why = cause.getClass().getSimpleName();
        for (Throwable next = cause; next != null; next = next.getCause()) {
            why = next.getMessage() == null ? why : next.getMessage();
        }
        return why;
    }

    /** Whether what was to be changed may have been changed, or may still be. */
    public boolean maybeDone() {
        return maybeDone;
    }

    /** Whether it has no room left: it reads as before, and writes again once there is some. */
    public boolean isFull() {
        return isFull(getCause());
    }

    /** Whether that came of a database without room. */
    static boolean isFull(@Nullable Throwable failure) {
        for (Throwable next = failure; next != null; next = next.getCause()) {
            if (FULL.stream().anyMatch(String.valueOf(next.getMessage())::contains)
                    || (next instanceof SQLException sql && FULL_STATE.equals(sql.getSQLState()))) {
                return true;
            }
        }
        return false;
    }

    /** For how long it was tried again and again; zero when it was tried once. */
    public Duration waited() {
        return waited;
    }

    /** {@code database} or {@code redis}. */
    public String store() {
        return store;
    }
}
