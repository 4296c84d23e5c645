package drawbridge.server.storage;

import java.util.List;

/**
 * A store could not give a sure answer: away, too slow, full or broken. Nothing may be decided from
 * it; over HTTP it becomes a 503.
 */
public final class StoreUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final List<String> FULL = List.of("SQLITE_FULL", "No space left on device");

    private final String store;

    /** The store's name as in {@code SessionSource}, and what was being done with it. */
    public StoreUnavailableException(String store, String doing, Throwable cause) {
        super(store + " unavailable while " + doing + ": " + rootOf(cause).getMessage(), cause);
        this.store = store;
    }

    private static Throwable rootOf(Throwable cause) {
        Throwable root = cause;
        for (Throwable next = root.getCause(); next != null; next = next.getCause()) {
            root = next;
        }
        return root;
    }

    /** Whether it has no room left: it reads as before, and writes again once there is some. */
    public boolean isFull() {
        for (Throwable next = getCause(); next != null; next = next.getCause()) {
            if (FULL.stream().anyMatch(String.valueOf(next.getMessage())::contains)) {
                return true;
            }
        }
        return false;
    }

    /** {@code database} or {@code redis}. */
    public String store() {
        return store;
    }
}
