package drawbridge.server.bridge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;

import drawbridge.model.ValidationMode;
import drawbridge.model.view.TimelineEntry;
import drawbridge.server.session.Found;

import org.jspecify.annotations.Nullable;

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
 * for each session: what is kept outlives every short collection of garbage, and nobody reads
 * hundreds that say the same. Safe for many threads.
 */
public final class SessionTrail {
    private static final int SESSIONS = 5_000;
    private static final int EACH = 50;
    private static final int EACH_SECOND = 10;
    private static final Duration KEPT = Duration.ofHours(1);

    private static final class Trail {
        private final Deque<Visit> entries = new ArrayDeque<>(4);
        private final Pace pace = new Pace(EACH_SECOND, Pace.SECOND);
        private volatile @Nullable Instant lastTrusted;

        synchronized void add(Visit entry) {
            entries.addFirst(entry);
            if (entries.size() > EACH) {
                entries.removeLast();
            }
        }

        synchronized List<Visit> newestFirst() {
            return new ArrayList<>(entries);
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
        trail.lastTrusted = now;
        if (trail.pace.admits(now)) {
            trail.add(Visit.of(call, true, mode, found, null, null, now));
        }
    }

    /** What is remembered of that session, newest first; empty when nothing is. */
    public List<TimelineEntry> of(String ref) {
        Trail trail = trails.getIfPresent(ref);
        return trail == null ? List.of() : trail.newestFirst().stream().map(Visit::entry).toList();
    }

    /** When the session was last answered "valid"; empty when that is not remembered. */
    public Optional<Instant> lastTrusted(String ref) {
        Trail trail = trails.getIfPresent(ref);
        return trail == null ? Optional.empty() : Optional.ofNullable(trail.lastTrusted);
    }
}
