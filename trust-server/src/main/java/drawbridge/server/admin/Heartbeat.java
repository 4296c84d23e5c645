package drawbridge.server.admin;

import drawbridge.model.SessionSource;
import drawbridge.model.event.ServerEvent;
import drawbridge.model.view.MetricsTick;
import drawbridge.model.view.SecretUse;
import drawbridge.model.view.TiersView;
import drawbridge.server.Background;
import drawbridge.server.bridge.BridgeTrail;
import drawbridge.server.bridge.CallerUse;
import drawbridge.server.event.EventHub;
import drawbridge.server.limit.DatabaseLimits;
import drawbridge.server.limit.LoginGuard;
import drawbridge.server.metrics.Meters;
import drawbridge.server.metrics.MinuteFile;
import drawbridge.server.session.DatabaseSessionPurge;
import drawbridge.server.session.DatabaseSessionStore;
import drawbridge.server.session.LastSeen;
import drawbridge.server.session.RevocationLog;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.ServerState;
import drawbridge.server.storage.StoreUnavailableException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * What is done again and again, off every request: a second's figures, live sessions counted, old
 * sessions purged. Two threads: one only for the figures, so that slow work never stops the clock.
 */
public final class Heartbeat implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
    private static final int SEEN_EACH = 1000;
    private static final int PURGED_EACH = 500;
    private static final Duration LOOK_AT_NODES = Duration.ofSeconds(1);
    private static final Duration TELL_TIERS = Duration.ofSeconds(5);
    private static final Duration WRITE_MINUTES = Duration.ofSeconds(10);
    private static final Duration KEPT_REVOCATIONS = Duration.ofDays(30);

    /** What it works on. */
    public record Works(
            EventHub events,
            Meters meters,
            Meters.Gauges gauges,
            BridgeTrail trail,
            LastSeen lastSeen,
            LiveCount live,
            DatabaseSessionStore store,
            DatabaseSessionPurge sessionPurge,
            LoginGuard guard,
            DatabaseLimits limits,
            Database database,
            TierSurvey tiers,
            CallerUse callers,
            MinuteFile minutes,
            Optional<NodesWatch> nodes) {}

    private final Works on;

    /** Only the upkeep thread looks at it. */
    private boolean databaseUp = true;

    private final Clock clock;
    private final ScheduledExecutorService figures =
            Executors.newSingleThreadScheduledExecutor(Background.daemons("figures"));
    private final ScheduledExecutorService upkeep =
            Executors.newSingleThreadScheduledExecutor(Background.daemons("upkeep"));

    /** Starts. */
    public Heartbeat(Works on, Clock clock) {
        this.on = on;
        this.clock = clock;
        repeat(figures, this::second, Duration.ofSeconds(1));
        repeat(figures, this::tellTiers, TELL_TIERS);
        repeat(upkeep, this::watchDatabase, Duration.ofSeconds(2));
        on.nodes().ifPresent(nodes -> repeat(upkeep, nodes::look, LOOK_AT_NODES));
        upkeep.execute(() -> guarded(on.live()::count));
        repeat(upkeep, on.live()::count, Duration.ofSeconds(5));
        repeat(upkeep, on.minutes()::writeDown, WRITE_MINUTES);
        repeat(upkeep, this::purge, Duration.ofMinutes(1));
        repeat(upkeep, this::purgeFailures, Duration.ofMinutes(1));
        repeat(upkeep, on.limits()::purge, Duration.ofMinutes(1));
        repeat(upkeep, this::forgetRevocations, Duration.ofHours(1));
    }

    private static void repeat(ScheduledExecutorService on, Runnable work, Duration every) {
        long millis = every.toMillis();
        Future<?> _ =
                on.scheduleAtFixedRate(() -> guarded(work), millis, millis, TimeUnit.MILLISECONDS);
    }

    /** A failure must not end the repetition, which the scheduler would do. */
    private static void guarded(Runnable work) {
        try {
            work.run();
        } catch (StoreUnavailableException e) {
            LOG.warn("put off: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("upkeep failed", e);
        }
    }

    private void second() {
        Instant now = clock.instant();
        Map<String, LastSeen.Seen> seen = on.lastSeen().takeNews(SEEN_EACH);
        if (!seen.isEmpty()) {
            Map<String, Instant> times = new HashMap<>();
            Map<String, String> modes = new HashMap<>();
            seen.forEach((ref, noted) -> {
                times.put(ref, noted.at());
                modes.put(ref, noted.strictest().name());
            });
            on.events().publish((seq, at) -> new ServerEvent.SessionsSeen(seq, at, times, modes));
        }
        List<SecretUse> used = on.callers().takeNews(now);
        if (!used.isEmpty()) {
            on.events().publish((seq, at) -> new ServerEvent.SecretsUsed(seq, at, used));
        }
        on.trail().tellOmitted();
        MetricsTick tick = on.meters().tick(now, on.gauges());
        on.events().publish((seq, at) -> new ServerEvent.Metrics(seq, at, tick));
    }

    private void tellTiers() {
        TiersView tiers = on.tiers().now();
        on.events().publish((seq, at) -> new ServerEvent.TiersMeasured(seq, at, tiers));
    }

    /** Tells once when the database goes away, and once when it is back. */
    private void watchDatabase() {
        try {
            ServerState.logNumber(on.database());
            tellDatabase(true, "");
        } catch (StoreUnavailableException e) {
            tellDatabase(false, e.getMessage());
        }
    }

    private void tellDatabase(boolean up, @Nullable String why) {
        if (up == databaseUp) {
            return;
        }
        databaseUp = up;
        on.tiers().databaseIs(up);
        LOG.warn("database {} {}", up ? "is back" : "is away", why);
        on.events()
                .publish((seq, at) ->
                        new ServerEvent.SourceChanged(
                                seq,
                                at,
                                SessionSource.DATABASE.wireName(),
                                up ? "up" : "down",
                                why == null ? "" : why));
    }

    private void purge() {
        Instant now = clock.instant();
        repeatWhileFull(() -> on.store().forgetSuccessors(now, PURGED_EACH));
        int purged = on.sessionPurge().once();
        if (purged > 0) {
            LOG.info("purged sessions={}", purged);
        }
    }

    private void purgeFailures() {
        repeatWhileFull(() -> on.guard().purge(PURGED_EACH));
    }

    private void forgetRevocations() {
        Instant before = clock.instant().minus(KEPT_REVOCATIONS);
        repeatWhileFull(() -> RevocationLog.forget(on.database(), before, PURGED_EACH));
    }

    /** In pieces, between which others write. */
    private void repeatWhileFull(IntSupplier purge) {
        int purged;
        do {
            purged = purge.getAsInt();
        } while (purged == PURGED_EACH && !upkeep.isShutdown());
    }

    /** Does all of the upkeep now, on the calling thread. */
    public void upkeepNow() {
        on.lastSeen().writeDown(on.database());
        purge();
        forgetRevocations();
        purgeFailures();
    }

    /** Stops, and writes down what is noted. */
    @Override
    public void close() {
        figures.shutdownNow();
        upkeep.shutdown();
        try {
            if (!upkeep.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.warn("upkeep did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        guarded(on.minutes()::close);
    }
}
