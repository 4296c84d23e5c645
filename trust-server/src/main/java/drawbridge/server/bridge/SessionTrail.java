package drawbridge.server.bridge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;

import drawbridge.model.ValidationMode;
import drawbridge.model.view.TimelineEntry;
import drawbridge.server.session.Found;
import drawbridge.server.storage.Times;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The last validations of the sessions that were used last, in memory only: for an administrator
 * who looks at one. Of those that were trusted the first {@value #EACH_SECOND} of a second are kept
 * for each session: what is kept outlives every short collection of garbage, which is why each is
 * one object, and nobody reads hundreds that say the same. Safe for many threads.
 */
public final class SessionTrail {
    private static final int SESSIONS = 5_000;
    private static final int EACH = 50;
    private static final int EACH_SECOND = 10;
    private static final Duration KEPT = Duration.ofHours(1);

    private static final class Trail {
        private static final long NEVER = Long.MIN_VALUE;

        private final Deque<byte[]> entries = new ArrayDeque<>(4);
        private final Pace pace = new Pace(EACH_SECOND, Pace.SECOND);

        /** A number, so that a trail that is old never leads to something new. */
        private volatile long lastTrustedMicros = NEVER;

        synchronized void add(Visit visit) {
            entries.addFirst(visit.packed());
            if (entries.size() > EACH) {
                entries.removeLast();
            }
        }

        synchronized List<byte[]> newestFirst() {
            return new ArrayList<>(entries);
        }

        Optional<Instant> lastTrusted() {
            long micros = lastTrustedMicros;
            return micros == NEVER ? Optional.empty() : Optional.of(Times.instant(micros));
        }
    }

    private final Cache<String, Trail> trails;

    public SessionTrail(Ticker ticker) {
        this.trails =
                Caffeine.newBuilder()
                        .maximumSize(SESSIONS)
                        .expireAfterAccess(KEPT)
                        .ticker(ticker)
                        .executor(Runnable::run)
                        .build();
    }

    /** Notes a validation that was refused. */
    void refused(String ref, Visit visit) {
        trails.get(ref, r -> new Trail()).add(visit);
    }

    /** Notes one that was trusted. */
    void trusted(BridgeCall call, ValidationMode mode, Found found, Instant now) {
        Trail trail = trails.get(found.session().ref().value(), r -> new Trail());
        trail.lastTrustedMicros = Times.micros(now);
        if (trail.pace.admits(now)) {
            trail.add(Visit.of(call, true, mode, found, null, null, now));
        }
    }

    /** What is remembered of that session, newest first; empty when nothing is. */
    public List<TimelineEntry> of(String ref) {
        Trail trail = trails.getIfPresent(ref);
        return trail == null
                ? List.of()
                : trail.newestFirst().stream().map(packed -> Visit.of(packed).entry()).toList();
    }

    /** When the session was last answered "valid"; empty when that is not remembered. */
    public Optional<Instant> lastTrusted(String ref) {
        Trail trail = trails.getIfPresent(ref);
        return trail == null ? Optional.empty() : trail.lastTrusted();
    }
}
