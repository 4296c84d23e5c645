package drawbridge.server.storage;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.EOFException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import javax.net.ssl.SSLException;

/**
 * Waits at a start for a PostgreSQL that will be there soon: one that is started beside the server,
 * restarted, changing its primary, or has given all its connections away. It is tried again and
 * again, for a while and not for ever; what waiting does not mend is told at once. One thread.
 */
public final class DatabaseArrival {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseArrival.class);
    private static final Duration SHORTEST = Duration.ofMillis(250);
    private static final Duration LONGEST = Duration.ofSeconds(2);
    private static final Duration TOLD_AGAIN = Duration.ofSeconds(5);

    /**
     * PostgreSQL's words for "not now" (its manual, appendix A): it starts or stops, a connection
     * was ended by an administrator or a crash, too many connections, out of memory.
     */
    private static final Set<String> NOT_NOW =
            Set.of("57P01", "57P02", "57P03", "53300", "53200", "53000");

    /** The driver's word for "no connection": refused, no such name yet, none is the primary. */
    private static final String NOT_CONNECTED = "08001";

    /** Its word for a connection that was lost, or that TLS did not come about on. */
    private static final String LOST = "08006";

    /** Passes time; a seam for tests. */
    interface Pause {
        void pause(Duration time) throws InterruptedException;
    }

    private final Duration patience;
    private final LongSupplier nanos;
    private final Pause pause;

    DatabaseArrival(Duration patience, LongSupplier nanos, Pause pause) {
        this.patience = patience;
        this.nanos = nanos;
        this.pause = pause;
    }

    /**
     * @param patience how long to try; zero to try once
     */
    public static DatabaseArrival within(Duration patience) {
        return new DatabaseArrival(patience, System::nanoTime, Thread::sleep);
    }

    /**
     * Opens the database, again and again while it is not there yet.
     *
     * @param url for the log
     * @throws StoreUnavailableException when it cannot be used and waiting does not mend it, or the
     *     time is over, or the thread is interrupted
     */
    public Database await(PostgresUrl url, Supplier<Database> opening) {
        return await(url.toString(), opening);
    }

    <T> T await(String url, Supplier<T> opening) {
        long began = nanos.getAsLong();
        long told = began;
        Duration next = SHORTEST;
        boolean isFirst = true;
        while (true) {
            StoreUnavailableException fault;
            try {
                T opened = opening.get();
                if (!isFirst) {
                    LOG.info("the database is there now after={}ms", since(began).toMillis());
                }
                return opened;
            } catch (StoreUnavailableException e) {
                fault = e;
            }
            if (!isPassing(fault)) {
                throw fault;
            }
            Duration waited = since(began);
            Duration left = patience.minus(waited);
            if (!left.isPositive()) {
                throw patience.isZero()
                        ? fault
                        : StoreUnavailableException.afterWaiting(
                                fault.store(), "opening " + url, fault, waited);
            }
            if (isFirst) {
                LOG.warn(
                        "the database is not there yet; trying again for {} s database={} why={}",
                        patience.toSeconds(),
                        url,
                        fault.getMessage());
            } else if (since(told).compareTo(TOLD_AGAIN) >= 0) {
                told = nanos.getAsLong();
                LOG.warn(
                        "still waiting for the database; {} s are left why={}",
                        left.toSeconds(),
                        fault.getMessage());
            }
            isFirst = false;
            pause(left.compareTo(next) < 0 ? left : next, fault);
            next = next.multipliedBy(2).compareTo(LONGEST) < 0 ? next.multipliedBy(2) : LONGEST;
        }
    }

    private Duration since(long began) {
        return Duration.ofNanos(nanos.getAsLong() - began);
    }

    private void pause(Duration time, StoreUnavailableException fault) {
        try {
            pause.pause(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw fault;
        }
    }

    /** Whether it may be otherwise soon, without anybody changing a setting. */
    static boolean isPassing(StoreUnavailableException fault) {
        boolean isTls = false;
        boolean isCut = false;
        String state = "";
        for (Throwable next = fault; next != null; next = next.getCause()) {
            isTls |= next instanceof SSLException;
            isCut |=
                    next instanceof EOFException
                            || next instanceof SocketException
                            || next instanceof SocketTimeoutException;
            if (state.isEmpty() && next instanceof SQLException sql && sql.getSQLState() != null) {
                state = sql.getSQLState();
            }
        }
        return NOT_NOW.contains(state)
                || (state.equals(NOT_CONNECTED) && !isTls)
                || (state.equals(LOST) && isCut && !isTls);
    }
}
