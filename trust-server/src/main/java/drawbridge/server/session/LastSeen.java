package drawbridge.server.session;

import drawbridge.model.ValidationMode;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.ManyRows;
import drawbridge.server.storage.StoreUnavailableException;
import drawbridge.server.storage.Times;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * When sessions were last trusted, for as long as the database does not know it yet. The validate
 * path only notes it here; {@link LastSeenWriter} writes it down in batches. A crash forgets at
 * most what came since the last batch, so that a session's idle time may end that much sooner,
 * never later. Safe for many threads.
 */
public final class LastSeen {
    private static final Logger LOG = LoggerFactory.getLogger(LastSeen.class);

    /** So many failures in a row, and the next pass goes on. */
    private static final int MOST_FAILURES = 3;

    /** A batch in each step of the time, of that many rows. */
    private static final Duration STEP = Duration.ofMillis(100);

    private static final int LEAST_AT_ONCE = 20;
    private static final int MOST_AT_ONCE = 100;

    /** So many references wait to be told at most; a reader asks for the others. */
    private static final int MOST_NEWS = 20_000;

    private static final String UPDATE =
            """
            UPDATE session SET last_seen_at = CASE WHEN last_seen_at < ? THEN ? ELSE last_seen_at END,
                strictest_mode = CASE
                    WHEN strictest_mode = 'STRICT' OR ? = 'STRICT' THEN 'STRICT'
                    WHEN strictest_mode = 'ADVANCED' OR ? = 'ADVANCED' THEN 'ADVANCED'
                    ELSE 'STANDARD' END
            WHERE id = ? AND tenant_id = ?
            """;

    /**
     * What is not written yet. There are many, and each outlives many a short collection, so its
     * time is no object of its own.
     *
     * @param second of the time it was seen, since 1970
     * @param nano the rest of that time, in nanoseconds
     * @param strictest the strictest mode it has passed
     */
    public record Seen(long second, int nano, ValidationMode strictest) {
        Seen(Instant at, ValidationMode strictest) {
            this(at.getEpochSecond(), at.getNano(), strictest);
        }

        /** When it was seen last. */
        public Instant at() {
            return Instant.ofEpochSecond(second, nano);
        }

        /** The later of both, and the stricter. */
        Seen and(Seen other) {
            Seen later = at().isAfter(other.at()) ? this : other;
            return new Seen(later.second, later.nano, strictest.atLeast(other.strictest));
        }
    }

    /** Waits between two batches. */
    @FunctionalInterface
    interface Rest {
        void rest(Duration length) throws InterruptedException;
    }

    private final ConcurrentHashMap<SessionKey, Seen> pending = new ConcurrentHashMap<>();

    /** References seen since they were last taken, for the event stream. */
    private final ConcurrentHashMap<String, Seen> news = new ConcurrentHashMap<>();

    /** Notes that the session was trusted under that mode. */
    public void note(Session session, Instant at, ValidationMode mode) {
        Seen known = pending.get(session.key());
        if (known != null
                && known.strictest().compareTo(mode) >= 0
                && !at.isAfter(known.at().plusMillis(1))) {
            return; // a hot session need not be noted more than once a millisecond
        }
        Seen noted = pending.merge(session.key(), new Seen(at, atLeast(session, mode)), Seen::and);
        if (noted != null && (news.size() < MOST_NEWS || news.containsKey(session.ref().value()))) {
            news.put(session.ref().value(), noted);
        }
    }

    private static ValidationMode atLeast(Session session, ValidationMode mode) {
        ValidationMode stored = session.strictest();
        return stored == null ? mode : mode.atLeast(stored);
    }

    /** The later of what the session says and what is noted here. */
    public Instant of(Session session) {
        Seen seen = pending.get(session.key());
        return seen != null && seen.at().isAfter(session.lastSeenAt())
                ? seen.at()
                : session.lastSeenAt();
    }

    /** The strictest mode the session has passed; empty when none. */
    public Optional<ValidationMode> strictestOf(Session session) {
        Seen seen = pending.get(session.key());
        ValidationMode stored = session.strictest();
        if (seen == null) {
            return Optional.ofNullable(stored);
        }
        return Optional.of(stored == null ? seen.strictest() : seen.strictest().atLeast(stored));
    }

    /**
     * Up to {@code most} sessions, by reference, that were trusted since they were last taken here.
     */
    public Map<String, Seen> takeNews(int most) {
        Map<String, Seen> taken = new HashMap<>();
        for (Map.Entry<String, Seen> entry : news.entrySet()) {
            if (taken.size() == most) {
                break;
            }
            if (news.remove(entry.getKey(), entry.getValue())) {
                taken.put(entry.getKey(), entry.getValue());
            }
        }
        return taken;
    }

    /**
     * Writes down all that is noted, as fast as it goes; what a broken database did not take stays
     * noted.
     */
    public void writeDown(Database database) {
        for (List<SessionKey> batch : batches(MOST_AT_ONCE)) {
            if (!write(database, batch)) {
                return;
            }
        }
    }

    /**
     * Writes down what is noted when it begins, in small batches with rests between them, so that
     * nobody who waits for a write meets more than one of them; what a broken database did not take
     * stays noted.
     *
     * @param over how long it may take; longer when that would leave others less than half the time
     * @param nanos a clock that only goes forward
     */
    void writeDown(Database database, Duration over, LongSupplier nanos, Rest rest)
            throws InterruptedException {
        long began = nanos.getAsLong();
        List<List<SessionKey>> batches = batches(atOnce(pending.size(), over));
        int failures = 0;
        for (int i = 0; i < batches.size() && failures < MOST_FAILURES; i++) {
            long before = nanos.getAsLong();
            failures = write(database, batches.get(i)) ? 0 : failures + 1;
            long now = nanos.getAsLong();
            long due = began + over.toNanos() / batches.size() * (i + 1);
            rest.rest(Duration.ofNanos(Math.max(due - now, now - before)));
        }
    }

    private static int atOnce(int rows, Duration over) {
        long steps = Math.max(1, over.dividedBy(STEP));
        return Math.clamp(rows / steps, LEAST_AT_ONCE, MOST_AT_ONCE);
    }

    /** In the order of the table, so that rows written together lie together. */
    private List<List<SessionKey>> batches(int size) {
        List<SessionKey> keys = new ArrayList<>(pending.keySet());
        keys.sort(Comparator.comparing(SessionKey::id));
        List<List<SessionKey>> batches = new ArrayList<>();
        for (int from = 0; from < keys.size(); from += size) {
            batches.add(keys.subList(from, Math.min(keys.size(), from + size)));
        }
        return batches;
    }

    /** Whether the database took it. */
    private boolean write(Database database, List<SessionKey> keys) {
        List<Map.Entry<SessionKey, Seen>> batch = new ArrayList<>(keys.size());
        for (SessionKey key : keys) {
            Seen seen = pending.get(key);
            if (seen != null) {
                batch.add(Map.entry(key, seen));
            }
        }
        if (batch.isEmpty()) {
            return true; // others have written them since
        }
        try {
            database.write(
                    DataScope.server(Why.UPKEEP),
                    "noting when sessions were last seen",
                    handle -> ManyRows.execute(handle, UPDATE, batch, LastSeen::values));
        } catch (StoreUnavailableException e) {
            LOG.warn(
                    "last-seen times stay in memory count={} why={}",
                    pending.size(),
                    e.getMessage());
            return false;
        }
        batch.forEach(entry -> pending.remove(entry.getKey(), entry.getValue()));
        return true;
    }

    private static List<Object> values(Map.Entry<SessionKey, Seen> entry) {
        SessionKey key = entry.getKey();
        long at = Times.micros(entry.getValue().at());
        String mode = entry.getValue().strictest().name();
        return List.of(at, at, mode, mode, key.id().bytes(), key.tenant().value());
    }

    /** How many sessions' times are not written yet. */
    public int waiting() {
        return pending.size();
    }
}
