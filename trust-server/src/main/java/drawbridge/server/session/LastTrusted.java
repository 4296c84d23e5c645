package drawbridge.server.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import drawbridge.model.SessionRef;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * When sessions that were just ended had last been answered "valid" by this node. Safe for many
 * threads.
 */
public final class LastTrusted {
    private static final int ROWS = 10_000;

    private final Function<String, Optional<Instant>> byRef;
    private final Cache<Long, String> ended = Caffeine.newBuilder().maximumSize(ROWS).build();

    /**
     * @param byRef when the session of a reference was last answered "valid", as far as this node
     *     remembers it
     */
    public LastTrusted(Function<String, Optional<Instant>> byRef) {
        this.byRef = byRef;
    }

    /** That row of the revocation log ends the session of that reference. */
    public void ended(long number, SessionRef ref) {
        ended.put(number, ref.value());
    }

    /**
     * The last "valid" for the session that the row ended.
     *
     * @return null when there was none, it is not remembered, or the row ended more than one
     *     session
     */
    public @Nullable Instant before(long number) {
        String ref = ended.getIfPresent(number);
        return ref == null ? null : byRef.apply(ref).orElse(null);
    }
}
