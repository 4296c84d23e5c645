package drawbridge.server.storage;

import org.jdbi.v3.core.config.JdbiConfig;

import java.util.function.LongSupplier;

/**
 * How far the revocation log must reach of a database that is asked anything: to the last row that
 * this server knows to be committed. A stand-by that took over without it, or an older state that
 * was put back, is not believed. For many threads.
 */
public final class LeastLog implements JdbiConfig<LeastLog> {
    private volatile LongSupplier known = () -> 0;

    /** Made by Jdbi. */
    public LeastLog() {}

    private LeastLog(LongSupplier known) {
        this.known = known;
    }

    void is(LongSupplier wanted) {
        known = wanted;
    }

    /**
     * The number of the last row that is known to be committed. Is asked for before the database
     * is: what is committed in between need not be in its answer.
     */
    long least() {
        return known.getAsLong();
    }

    /**
     * @param number of the log's last row
     * @param least what was known before it was asked for
     * @throws StoreUnavailableException when rows are missing
     */
    static void require(long number, long least) {
        if (number < least) {
            throw StoreUnavailableException.notDone(
                    "database",
                    "asking it",
                    new IllegalStateException(
                            "its revocation log ends at %d and has lost rows up to %d"
                                    .formatted(number, least)));
        }
    }

    @Override
    public LeastLog createCopy() {
        return new LeastLog(known);
    }
}
