package drawbridge.server.storage;

/**
 * A store could not give a sure answer: away, too slow, full or broken. Nothing may be decided from
 * it; over HTTP it becomes a 503.
 */
public final class StoreUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

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

    /** {@code database} or {@code redis}. */
    public String store() {
        return store;
    }
}
