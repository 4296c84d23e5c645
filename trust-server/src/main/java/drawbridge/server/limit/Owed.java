package drawbridge.server.limit;

import org.jdbi.v3.core.Handle;

import java.time.Duration;
import java.util.function.Function;

/**
 * What a request has still to take from buckets that nodes share, in a transaction that it writes
 * in anyway.
 */
public final class Owed {
    private final Function<Handle, Duration> taking;

    Owed(Function<Handle, Duration> taking) {
        this.taking = taking;
    }

    /**
     * Takes it, in a transaction of the whole server's.
     *
     * @return zero when there was enough, else how long to wait; nothing but that is to be done
     *     then
     */
    Duration take(Handle handle) {
        return taking.apply(handle);
    }
}
