package drawbridge.server.bridge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;

import drawbridge.model.view.TimelineEntry;

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
 * who looks at one. Safe for many threads.
 */
public final class SessionTrail {
    private static final int SESSIONS = 5_000;
    private static final int EACH = 50;
    private static final Duration KEPT = Duration.ofHours(1);

    private static final class Trail {
        private final Deque<Visit> entries = new ArrayDeque<>(4);
        private volatile @Nullable Instant lastTrusted;

        synchronized void add(Visit entry) {
            entries.addFirst(entry);
            if (entries.size() > EACH) {
                entries.removeLast();
            }
            if (entry.trusted()) {
                lastTrusted = entry.at();
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

    /** Notes a validation of the session with that reference. */
    void note(String ref, Visit visit) {
        trails.get(ref, r -> new Trail()).add(visit);
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
