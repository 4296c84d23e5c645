package drawbridge.server.drill;

import drawbridge.model.TenantId;
import drawbridge.model.Threat;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.Times;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Counts what the audit says was refused, by the threat it was. Safe for many threads. */
final class DatabaseThreatCounts {
    /** What a run's id has in front of each of its requests: {@code drl_} and 16 characters. */
    private static final int RUN_ID = 20;

    private final Database database;

    DatabaseThreatCounts(Database database) {
        this.database = database;
    }

    /**
     * How often a threat was seen.
     *
     * @param count how many attempts were refused
     * @param lastAt when the last one was; null when there was none
     */
    record Blocked(long count, @Nullable Instant lastAt) {
        Blocked and(long more, Instant at) {
            boolean isLater = lastAt == null || at.isAfter(lastAt);
            return new Blocked(count + more, isLater ? at : lastAt);
        }
    }

    private record Kind(
            String kind, String reason, String signal, String run, long count, Instant lastAt) {}

    /** What was refused since; attempts of drills are not counted. */
    Map<Threat, Blocked> since(TenantId tenant, Instant since, DatabaseDrillRuns runs) {
        List<Kind> kinds =
                database.read(
                        DataScope.of(tenant),
                        "counting what was refused",
                        handle ->
                                handle.createQuery(
                                                """
                                                SELECT kind, coalesce(reason, '') AS reason, coalesce(signal, '') AS signal,
                                                    CASE WHEN request_id LIKE 'drl%' THEN substr(request_id, 1, :length)
                                                        ELSE '' END AS run,
                                                    count(*) AS refusals, max(at) AS last_at
                                                FROM audit WHERE tenant_id = :tenant AND at >= :since
                                                    AND kind IN ('validation.refused', 'login.refused', 'token.refused',
                                                        'bridge.refused', 'admin.refused')
                                                GROUP BY 1, 2, 3, 4
                                                """)
                                        .bind("length", RUN_ID)
                                        .bind("tenant", tenant.value())
                                        .bind("since", Times.micros(since))
                                        .map((row, context) ->
                                                new Kind(
                                                        row.getString("kind"),
                                                        row.getString("reason"),
                                                        row.getString("signal"),
                                                        row.getString("run"),
                                                        row.getLong("refusals"),
                                                        Times.instant(row.getLong("last_at"))))
                                        .list());
        // Whoever attacks may name his requests so, but knows the id of no run.
        Set<String> ofDrills =
                kinds.stream().anyMatch(kind -> !kind.run().isEmpty())
                        ? runs.idsSince(since.minusSeconds(3600))
                        : Set.of();
        Map<Threat, Blocked> blocked = new EnumMap<>(Threat.class);
        for (Kind kind : kinds) {
            if (!ofDrills.contains(kind.run())) {
                threat(kind)
                        .ifPresent(threat ->
                                blocked.merge(
                                        threat,
                                        new Blocked(kind.count(), kind.lastAt()),
                                        (one, other) ->
                                                one.and(
                                                        other.count(),
                                                        other.lastAt() == null
                                                                ? Instant.EPOCH
                                                                : other.lastAt())));
            }
        }
        return blocked;
    }

    private static Optional<Threat> threat(Kind kind) {
        return switch (kind.kind()) {
            case "login.refused" -> Optional.of(Threat.BRUTE_FORCE);
            case "bridge.refused", "admin.refused" -> Optional.of(Threat.AUTH_BYPASS);
            case "token.refused" ->
                    Optional.of(
                            kind.reason().equals("signature")
                                    ? Threat.AUTH_BYPASS
                                    : Threat.LINK_REPLAY);
            case "validation.refused" -> validation(kind);
            default -> Optional.empty();
        };
    }

    private static Optional<Threat> validation(Kind kind) {
        return switch (kind.reason()) {
            case "signal_differs", "signal_missing", "signal_too_weak" ->
                    Optional.of(
                            kind.signal().equals("device") ? Threat.TOKEN_THEFT : Threat.HIJACKING);
            case "replaced" -> Optional.of(Threat.TOKEN_THEFT);
            case "revoked" -> Optional.of(Threat.REVOCATION_WINDOW);
            case "no_session", "rate_limited" -> Optional.of(Threat.COLD_START);
            default -> Optional.empty();
        };
    }
}
