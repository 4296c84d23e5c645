package drawbridge.server.storage;

/**
 * What a committed write waits for before it is answered, when its answer rests on the revocation
 * log. Safe for many threads.
 */
public interface Agreement {
    /** A server that is alone with its database has applied its own rows by then. */
    Agreement ALONE = (number, doing) -> {};

    /**
     * Returns once no node of this database can answer from before that row.
     *
     * @param number the row's number, committed before the call
     * @param doing for the error message
     * @throws StoreUnavailableException when that could not be made sure; the row stays committed
     */
    void await(long number, String doing);
}
