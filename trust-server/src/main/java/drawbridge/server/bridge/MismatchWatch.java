package drawbridge.server.bridge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import drawbridge.server.session.Session;
import drawbridge.server.session.SessionKey;
import drawbridge.server.session.Sessions;
import drawbridge.server.session.Sessions.By;
import drawbridge.server.storage.StoreUnavailableException;
import drawbridge.server.tenant.TenantDirectory;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ends sessions that are used from elsewhere as often as their tenant allows. The validate path
 * only counts; a thread of its own ends the session, and what it cannot take up now comes again
 * with the next mismatch. Counts are this node's and begin anew with it. Safe for many threads.
 */
public final class MismatchWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MismatchWatch.class);
    private static final int MOST_COUNTED = 100_000;
    private static final int MOST_WAITING = 1000;

    private final TenantDirectory tenants;
    private final Sessions sessions;
    private final Cache<SessionKey, AtomicInteger> counts =
            Caffeine.newBuilder().maximumSize(MOST_COUNTED).build();
    private final ThreadPoolExecutor ending =
            new ThreadPoolExecutor(
                    1,
                    1,
                    0,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(MOST_WAITING),
                    Thread.ofPlatform().name("mismatches").daemon().factory(),
                    new ThreadPoolExecutor.DiscardPolicy());

    public MismatchWatch(TenantDirectory tenants, Sessions sessions) {
        this.tenants = tenants;
        this.sessions = sessions;
    }

    /** Counts a call whose signals were not those of the session. */
    void differs(Session session, String requestId) {
        int most =
                tenants.find(session.tenant())
                        .map(tenant -> tenant.bounds().mostMismatches())
                        .orElse(0);
        if (most > 0
                && counts.get(session.key(), _ -> new AtomicInteger()).incrementAndGet() >= most) {
            ending.execute(() -> end(session.key(), requestId));
        }
    }

    private void end(SessionKey key, String requestId) {
        try {
            sessions.end(key, "too many mismatches", new By("server", requestId));
            counts.invalidate(key);
        } catch (StoreUnavailableException e) {
            LOG.warn("a session with too many mismatches has not ended yet: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        ending.shutdownNow();
    }
}
