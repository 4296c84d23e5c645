package drawbridge.server.policy;

import drawbridge.model.TenantId;
import drawbridge.server.policy.RouteTable.Why;
import drawbridge.server.policy.RouteUse.Count;
import drawbridge.server.policy.RouteUse.Hour;
import drawbridge.server.policy.RouteUse.Refusal;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.StoreUnavailableException;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.RowView;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the rules decided in the last hour on all servers of the database. Each server adds what it
 * counted every few seconds, so that of the others the last few may be missing; a server that is
 * killed takes those with it. Safe for many threads, of which one writes down.
 */
public final class DatabaseRouteUse {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseRouteUse.class);

    private final Policies policies;
    private final Database database;
    private final Clock clock;
    private long purged; // the minute it was done in

    /**
     * The hours of one tenant's rules.
     *
     * @param rules one for each rule, in their order
     * @param withoutRule of calls that no rule decided, by why
     */
    public record Hours(List<Hour> rules, Map<Why, Hour> withoutRule) {
        public Hours {
            rules = List.copyOf(rules);
            withoutRule = Map.copyOf(withoutRule);
        }

        /** Of calls that no rule decided, for that reason. */
        public Hour withoutRule(Why why) {
            Hour known = withoutRule.get(why);
            if (known == null) {
                throw new IllegalArgumentException("a rule decided");
            }
            return known;
        }
    }

    private record Unwritten(TenantId tenant, String route, RouteUse use, Count count) {}

    public DatabaseRouteUse(Policies policies, Database database, Clock clock) {
        this.policies = policies;
        this.database = database;
        this.clock = clock;
    }

    /**
     * What was counted of that table's rules in the hour that ends now.
     *
     * @throws StoreUnavailableException when the database does not say what others counted
     */
    public Hours hours(TenantId tenant, RouteTable table, Instant now) {
        Map<String, List<Count>> all = read(tenant, now);
        table.uses()
                .forEach((route, use) ->
                        all.computeIfAbsent(route, _ -> new ArrayList<>()).addAll(use.unwritten()));
        List<Hour> rules =
                table.policies().rules().stream()
                        // Where two rules are for the same route, the second never decides.
                        .map(rule -> all.remove(rule.route()))
                        .map(counts -> Hour.of(counts == null ? List.of() : counts, now))
                        .toList();
        Map<Why, Hour> without = new EnumMap<>(Why.class);
        for (Why why : List.of(Why.NO_RULE, Why.NOT_TOLD, Why.AMBIGUOUS)) {
            without.put(
                    why,
                    Hour.of(all.getOrDefault(RouteTable.nameWithoutRule(why), List.of()), now));
        }
        return new Hours(rules, without);
    }

    private Map<String, List<Count>> read(TenantId tenant, Instant now) {
        return database.read(
                DataScope.of(tenant),
                "reading what rules decided",
                handle -> {
                    Map<String, List<Count>> counts = new HashMap<>();
                    handle.createQuery(
                                    """
                                    SELECT route, minute, reason, signal, calls FROM rule_use
                                    WHERE tenant_id = :tenant AND minute > :past
                                    """)
                            .bind("tenant", tenant.value())
                            .bind("past", RouteUse.minuteOf(now) - RouteUse.MINUTES)
                            .map((RowView row) -> put(counts, row))
                            .list();
                    return counts;
                });
    }

    private static boolean put(Map<String, List<Count>> counts, RowView row) {
        String reason = row.getColumn("reason", String.class);
        Refusal refusal =
                reason.isEmpty()
                        ? null
                        : new Refusal(reason, row.getColumn("signal", String.class));
        return counts.computeIfAbsent(row.getColumn("route", String.class), _ -> new ArrayList<>())
                .add(
                        new Count(
                                row.getColumn("minute", Long.class),
                                refusal,
                                row.getColumn("calls", Long.class)));
    }

    /**
     * Adds what is not written yet. What a broken database did not take stays counted; what it may
     * have taken is not added again.
     */
    public void writeDown() {
        List<Unwritten> all = unwritten();
        if (all.isEmpty()) {
            return;
        }
        long past = RouteUse.minuteOf(clock.instant()) - RouteUse.MINUTES;
        try {
            int _ =
                    database.write(
                            DataScope.server(DataScope.Why.UPKEEP),
                            "noting what rules decided",
                            handle -> write(handle, all, past));
        } catch (StoreUnavailableException e) {
            LOG.warn("what rules decided stays in memory why={}", e.getMessage());
            if (!e.maybeDone()) {
                return;
            }
        }
        purged = past;
        all.forEach(one -> one.use().written(one.count()));
    }

    private List<Unwritten> unwritten() {
        List<Unwritten> all = new ArrayList<>();
        for (RouteTable table : policies.tables()) {
            TenantId tenant = table.policies().tenant();
            table.uses()
                    .forEach((route, use) ->
                            use.unwritten()
                                    .forEach(count ->
                                            all.add(new Unwritten(tenant, route, use, count))));
        }
        return all;
    }

    /** What was counted for a tenant that is deleted is nobody's any more. */
    private int write(Handle handle, List<Unwritten> all, long past) {
        PreparedBatch batch =
                handle.prepareBatch(
                        """
                        INSERT INTO rule_use (tenant_id, route, minute, reason, signal, calls)
                        SELECT id, :route, :minute, :reason, :signal, :calls FROM tenant
                            WHERE id = :tenant
                        ON CONFLICT (tenant_id, route, minute, reason, signal)
                            DO UPDATE SET calls = rule_use.calls + excluded.calls
                        """);
        for (Unwritten one : all) {
            Refusal refusal = one.count().refusal();
            batch.bind("tenant", one.tenant().value())
                    .bind("route", one.route())
                    .bind("minute", one.count().minute())
                    .bind("reason", refusal == null ? "" : refusal.reason())
                    .bind("signal", refusal == null ? "" : refusal.signal())
                    .bind("calls", one.count().calls())
                    .add();
        }
        int[] _ = batch.execute();
        return purged == past
                ? 0
                : handle.createUpdate("DELETE FROM rule_use WHERE minute <= :past")
                        .bind("past", past)
                        .execute();
    }
}
