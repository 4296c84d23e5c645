package drawbridge.server.limit;

import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.StoreUnavailableException;
import drawbridge.server.storage.Times;

import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Shares, in the database, what guesses could be tried at: those requests write to it anyway, and a
 * restart or another node must not give anybody a second set of attempts. Whatever costs less is
 * counted by each node for itself. Safe for many threads.
 */
public final class DatabaseLimits implements SharedLimits {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseLimits.class);
    private static final long MINUTE = Duration.ofMinutes(1).toNanos() / 1000;
    private static final int PURGED_EACH = 1_000;

    private final Database database;
    private final Clock clock;

    public DatabaseLimits(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public boolean shares(Counted what) {
        return switch (what) {
            case AUTHENTICATION, HASHING -> true;
            case REQUESTS, EXPORT, WRONG_SECRETS -> false;
        };
    }

    @Override
    public Optional<Duration> take(List<byte[]> buckets, int perMinute) {
        long now = Times.micros(clock.instant());
        long share = MINUTE / perMinute;
        try {
            return Optional.of(
                    database.writeTogether(
                            DataScope.server(Why.UPKEEP),
                            "counting a request",
                            handle -> take(handle, buckets, share, now)));
        } catch (StoreUnavailableException e) {
            LOG.debug("counted by this node alone", e);
            return Optional.empty();
        }
    }

    @Override
    public Optional<Owed> owe(List<byte[]> buckets, int perMinute) {
        long share = MINUTE / perMinute;
        return Optional.of(
                new Owed(handle -> take(handle, buckets, share, Times.micros(clock.instant()))));
    }

    private static Duration take(Handle handle, List<byte[]> buckets, long share, long now) {
        for (byte[] bucket : buckets) {
            Duration wait = take(handle, bucket, share, now);
            if (!wait.isZero()) {
                return wait;
            }
        }
        return Duration.ZERO;
    }

    private static Duration take(Handle handle, byte[] bucket, long share, long now) {
        // What is paid further ahead than a bucket is deep was written under another clock.
        boolean taken =
                handle.createQuery(
                                """
                                INSERT INTO limit_bucket (bucket, paid_until) VALUES (:bucket, :now + :share)
                                ON CONFLICT (bucket) DO UPDATE SET paid_until = :share
                                    + CASE WHEN limit_bucket.paid_until BETWEEN :now AND :now + :minute
                                        THEN limit_bucket.paid_until ELSE :now END
                                WHERE limit_bucket.paid_until NOT BETWEEN :now + :minute - :share + 1
                                    AND :now + :minute
                                RETURNING paid_until
                                """)
                        .bind("bucket", bucket)
                        .bind("now", now)
                        .bind("share", share)
                        .bind("minute", MINUTE)
                        .mapTo(long.class)
                        .findOne()
                        .isPresent();
        if (taken) {
            return Duration.ZERO;
        }
        long paid =
                handle.createQuery("SELECT paid_until FROM limit_bucket WHERE bucket = :bucket")
                        .bind("bucket", bucket)
                        .mapTo(long.class)
                        .one();
        return Duration.of(paid + share - now - MINUTE, ChronoUnit.MICROS);
    }

    /** Forgets buckets that are full again: a new one is full as well. */
    public void purge() {
        long now = Times.micros(clock.instant());
        int purged;
        do {
            purged =
                    database.write(
                            DataScope.server(Why.UPKEEP),
                            "purging full buckets",
                            handle ->
                                    handle.createUpdate(
                                                    """
                                                    DELETE FROM limit_bucket WHERE bucket IN (
                                                        SELECT bucket FROM limit_bucket
                                                        WHERE paid_until < :now LIMIT :most)
                                                    """)
                                            .bind("now", now)
                                            .bind("most", PURGED_EACH)
                                            .execute());
        } while (purged == PURGED_EACH);
    }
}
