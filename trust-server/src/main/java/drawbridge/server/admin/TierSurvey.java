package drawbridge.server.admin;

import drawbridge.model.SessionSource;
import drawbridge.model.view.TierView;
import drawbridge.model.view.TiersView;
import drawbridge.model.view.Warming;
import drawbridge.server.metrics.TierMeters;
import drawbridge.server.redis.RedisTier;
import drawbridge.server.session.MemorySessionCache;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** How the tiers are doing. Asks none of them anything that could wait. Safe for many threads. */
public final class TierSurvey {
    private final TierMeters meters;
    private final MemorySessionCache memory;
    private final Optional<RedisTier> redis;
    private volatile boolean isDatabaseUp = true;
    private final Supplier<Warming> warming;

    /**
     * Assembled by the wiring.
     *
     * @param warming how far memory is filled; must be quick
     */
    public TierSurvey(
            TierMeters meters,
            MemorySessionCache memory,
            Optional<RedisTier> redis,
            Supplier<Warming> warming) {
        this.meters = meters;
        this.memory = memory;
        this.redis = redis;
        this.warming = warming;
    }

    /** Hears whether the database answers. */
    void databaseIs(boolean up) {
        isDatabaseUp = up;
    }

    /** The tiers now, and what they did since the start. */
    public TiersView now() {
        List<TierView> views = new ArrayList<>();
        for (SessionSource tier : meters.tiers()) {
            views.add(
                    switch (tier) {
                        case MEMORY -> inMemory();
                        case REDIS -> redis.map(this::inRedis).orElseThrow();
                        case DATABASE -> inDatabase();
                    });
        }
        return new TiersView(views, meters.byTenant(), warming.get());
    }

    private TierView inMemory() {
        return view(
                SessionSource.MEMORY,
                true,
                new Holds(memory.size(), memory.capacity(), memory.evictions()),
                Troubles.NONE);
    }

    private TierView inRedis(RedisTier tier) {
        return view(
                SessionSource.REDIS,
                tier.link().isAsked(),
                Holds.UNKNOWN,
                new Troubles(
                        tier.copies().forged(),
                        tier.sessions().overtaken(),
                        tier.link().failures(),
                        tier.link().writesDropped()));
    }

    private TierView inDatabase() {
        return view(SessionSource.DATABASE, isDatabaseUp, Holds.UNKNOWN, Troubles.NONE);
    }

    private record Holds(long size, long capacity, long evictions) {
        static final Holds UNKNOWN = new Holds(0, 0, 0);
    }

    private record Troubles(long forged, long overtaken, long failures, long writesDropped) {
        static final Troubles NONE = new Troubles(0, 0, 0, 0);
    }

    private TierView view(SessionSource tier, boolean isUp, Holds holds, Troubles troubles) {
        TierMeters.Asked asked = meters.of(tier);
        return new TierView(
                tier.wireName(),
                isUp ? "up" : "down",
                asked.hits(),
                asked.misses(),
                asked.latency().p50(),
                asked.latency().p99(),
                asked.latency().max(),
                holds.size(),
                holds.capacity(),
                holds.evictions(),
                troubles.forged(),
                troubles.overtaken(),
                troubles.failures(),
                troubles.writesDropped());
    }
}
