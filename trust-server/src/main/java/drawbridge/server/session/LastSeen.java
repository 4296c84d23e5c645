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

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When sessions were last trusted, for as long as the database does not know it yet. The validate
 * path only notes it here; a background thread writes it down in batches. A crash forgets at most
 * what came since the last batch, so that a session's idle time may end that much sooner, never
 * later. Safe for many threads.
 */
public final class LastSeen {
    private static final Logger LOG = LoggerFactory.getLogger(LastSeen.class);
    private static final int BATCH = 500;
    private static final String UPDATE =
            """
            UPDATE session SET last_seen_at = CASE WHEN last_seen_at < ? THEN ? ELSE last_seen_at END,
                strictest_mode = CASE
                    WHEN strictest_mode = 'STRICT' OR ? = 'STRICT' THEN 'STRICT'
                    WHEN strictest_mode = 'ADVANCED' OR ? = 'ADVANCED' THEN 'ADVANCED'
                    ELSE 'STANDARD' END
            WHERE id = ? AND tenant_id = ?
            """;

    /** What is not written yet. */
    public record Seen(Instant at, ValidationMode strictest) {
        /** The later of both, and the stricter. */
        Seen and(Seen other) {
            return new Seen(
                    at.isAfter(other.at) ? at : other.at, strictest.atLeast(other.strictest));
        }
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
        if (noted != null) {
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
     * Writes down all that is noted, in batches; what a broken database did not take stays noted.
     */
    public void writeDown(Database database) {
        List<Map.Entry<SessionKey, Seen>> batch = new ArrayList<>(BATCH);
        for (Map.Entry<SessionKey, Seen> entry : pending.entrySet()) {
            batch.add(Map.entry(entry.getKey(), entry.getValue()));
            if (batch.size() == BATCH) {
                write(database, batch);
                batch.clear();
            }
        }
        write(database, batch);
    }

    private void write(Database database, List<Map.Entry<SessionKey, Seen>> batch) {
        if (batch.isEmpty()) {
            return;
        }
        try {
            database.write(
                    DataScope.server(Why.UPKEEP),
                    "noting when sessions were last seen",
                    handle -> ManyRows.execute(handle, UPDATE, batch, LastSeen::values));
            batch.forEach(entry -> pending.remove(entry.getKey(), entry.getValue()));
        } catch (StoreUnavailableException e) {
            LOG.warn(
                    "last-seen times stay in memory count={} why={}", batch.size(), e.getMessage());
        }
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
