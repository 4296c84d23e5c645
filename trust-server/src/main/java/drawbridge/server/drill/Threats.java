package drawbridge.server.drill;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;

import drawbridge.model.TenantId;
import drawbridge.model.Threat;
import drawbridge.model.view.DrillMark;
import drawbridge.model.view.ThreatMatrix;
import drawbridge.model.view.ThreatReason;
import drawbridge.model.view.ThreatRow;
import drawbridge.server.storage.Database;
import drawbridge.server.tenant.Tenants;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The threat matrix of a tenant: how its controls are set now, what the audit says was refused, and
 * how drills went. Safe for many threads.
 */
public final class Threats {
    private static final Duration BACK = Duration.ofHours(24);

    /**
     * Counting a day of the audit costs; a screen that looks every second gets the same figures.
     */
    private static final Duration SAME_FIGURES = Duration.ofSeconds(5);

    private final Tenants tenants;
    private final Controls controls;
    private final DatabaseDrillRuns store;
    private final DatabaseThreatCounts counts;
    private final Drills drills;
    private final Clock clock;
    private final Cache<TenantId, Map<Threat, DatabaseThreatCounts.Blocked>> counted;

    Threats(
            Tenants tenants,
            Controls controls,
            Database database,
            DatabaseDrillRuns store,
            Drills drills,
            Ticker ticker,
            Clock clock) {
        this.tenants = tenants;
        this.controls = controls;
        this.store = store;
        this.counts = new DatabaseThreatCounts(database);
        this.drills = drills;
        this.clock = clock;
        this.counted =
                Caffeine.newBuilder()
                        .expireAfterWrite(SAME_FIGURES)
                        .maximumSize(1_000)
                        .ticker(ticker)
                        .build();
    }

    /** The rows of that tenant; empty when there is none. */
    public Optional<ThreatMatrix> matrix(TenantId tenant) {
        if (tenants.find(tenant).isEmpty()) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        Map<Threat, DatabaseThreatCounts.Blocked> blocked =
                counted.get(tenant, id -> counts.since(id, now.minus(BACK), store));
        Map<Threat, DatabaseDrillRuns.Before> played = store.before(tenant);
        List<ThreatRow> rows = new ArrayList<>();
        for (Threat threat : Threat.values()) {
            List<ThreatReason> reasons = new ArrayList<>(controls.reasons(threat, tenant));
            var seen = blocked.getOrDefault(threat, new DatabaseThreatCounts.Blocked(0, null));
            var drill = played.get(threat);
            DrillMark last = drill == null ? null : drill.last();
            if (last != null && last.outcome().equals(Reasons.OPEN)) {
                reasons.addFirst(Reasons.ofLastDrill());
            }
            rows.add(
                    new ThreatRow(
                            threat.wireName(),
                            Reasons.worst(reasons),
                            reasons,
                            seen.count(),
                            seen.lastAt(),
                            last));
        }
        return Optional.of(
                new ThreatMatrix(tenant.value(), now, rows, drills.running().orElse(null)));
    }
}
