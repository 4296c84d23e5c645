package drawbridge.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.model.SessionSource;
import drawbridge.model.TenantId;
import drawbridge.model.view.TenantTiers;

import org.junit.jupiter.api.Test;

import java.util.List;

class TierMetersTest {
    private static final TenantId ACME = new TenantId("acme");

    private final Meters meters = new Meters();
    private final TierMeters tiers = new TierMeters(meters, List.of(SessionSource.values()));

    @Test
    void countsEachTierAndTenant() {
        tiers.asked(SessionSource.MEMORY, ACME, true, 300);
        tiers.asked(SessionSource.MEMORY, TenantId.DEFAULT, false, 200);
        tiers.asked(SessionSource.DATABASE, TenantId.DEFAULT, true, 2_000_000);

        assertThat(tiers.of(SessionSource.MEMORY).hits()).isEqualTo(1);
        assertThat(tiers.of(SessionSource.MEMORY).misses()).isEqualTo(1);
        assertThat(tiers.of(SessionSource.MEMORY).latency().max()).isBetween(300L, 310L);
        assertThat(tiers.of(SessionSource.DATABASE).hits()).isEqualTo(1);
        assertThat(tiers.of(SessionSource.REDIS).latency().p99()).isZero();
        assertThat(tiers.byTenant())
                .extracting(TenantTiers::tenant)
                .containsExactly("acme", "default");
        assertThat(meters.prometheus())
                .contains("drawbridge_tier_hits_total{tenant=\"acme\",tier=\"memory\"} 1.0")
                .contains("drawbridge_tier_seconds_bucket{tenant=\"acme\",tier=\"memory\"");
    }

    @Test
    void measuresEachTierAndTenant() {
        for (int i = 1; i <= 100; i++) {
            tiers.asked(SessionSource.MEMORY, ACME, true, 1_000L * i);
            tiers.asked(SessionSource.MEMORY, TenantId.DEFAULT, true, 1_000_000);
        }

        TenantTiers acme = tiers.byTenant().getFirst();

        assertThat(acme.tenant()).isEqualTo("acme");
        assertThat(acme.p50Nanos().get("memory")).isBetween(50_000L, 55_000L);
        assertThat(acme.p99Nanos().get("memory")).isBetween(99_000L, 109_000L);
        assertThat(acme.p50Nanos()).containsEntry("database", 0L).hasSize(3);
        assertThat(tiers.byTenant().getLast().p50Nanos().get("memory"))
                .isBetween(1_000_000L, 1_100_000L);
        // Asked again, they are of all the time since the start.
        assertThat(tiers.byTenant().getFirst()).isEqualTo(acme);
    }

    @Test
    void showsNothingOfTierThatIsNotThere() {
        Meters two = new Meters();
        TierMeters without =
                new TierMeters(two, List.of(SessionSource.MEMORY, SessionSource.DATABASE));

        without.asked(SessionSource.DATABASE, ACME, true, 1);

        assertThat(two.prometheus()).contains("tier=\"database\"").doesNotContain("redis");
        assertThat(without.byTenant().getFirst().hits()).doesNotContainKey("redis");
    }

    @Test
    void moreTenantsThanHaveFiguresAreCountedTogether() {
        for (int i = 0; i < TierMeters.MOST_TENANTS + 50; i++) {
            tiers.asked(SessionSource.MEMORY, new TenantId("tenant-" + i), true, 1);
        }

        List<TenantTiers> each = tiers.byTenant();

        assertThat(each).hasSize(TierMeters.MOST_TENANTS + 1);
        assertThat(each.getFirst().hits()).containsEntry("memory", 50L);
        assertThat(tiers.of(SessionSource.MEMORY).hits()).isEqualTo(TierMeters.MOST_TENANTS + 50L);
    }
}
