package drawbridge.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.policy.RouteSharing.Used;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class RouteSharingTest {
    private final Map<String, Long> kept = new HashMap<>();
    private final RouteLimit here = new RouteLimit(10, 0);
    private final RouteLimit there = new RouteLimit(10, 0);
    private boolean away;
    private long now;

    private Optional<List<Long>> add(List<String> names, List<Long> more) {
        if (away) {
            return Optional.empty();
        }
        for (int i = 0; i < names.size(); i++) {
            kept.merge(names.get(i), more.get(i), Long::sum);
        }
        return Optional.of(names.stream().map(kept::get).toList());
    }

    private void share() {
        for (RouteLimit limit : List.of(here, there, here)) {
            RouteSharing.share(List.of(new Used("route", limit)), this::add, now);
        }
    }

    private int take(RouteLimit limit, int most) {
        int passed = 0;
        while (passed < most && limit.take(now).isZero()) {
            passed++;
        }
        return passed;
    }

    @Test
    void nodesLetThroughTogetherWhatOneMay() {
        share();
        assertThat(take(here, 4)).isEqualTo(4);
        assertThat(take(there, 3)).isEqualTo(3);

        share();

        assertThat(take(here, 100)).isEqualTo(3);
        share();
        assertThat(take(there, 100)).isZero();
    }

    @Test
    void timeFillsAgainWhatOthersTook() {
        share();
        assertThat(take(here, 100)).isEqualTo(10);
        share();
        assertThat(take(there, 1)).isZero();

        now += Duration.ofSeconds(6).toNanos();

        assertThat(take(there, 100)).isEqualTo(1);
    }

    @Test
    void eachCountsForItselfWhileNobodyCanSay() {
        share();
        away = true;
        assertThat(take(here, 100)).isEqualTo(10);
        share();
        assertThat(take(there, 100)).isEqualTo(10);
        share();

        away = false;
        now += Duration.ofMinutes(1).toNanos();
        share();

        assertThat(take(here, 100)).isEqualTo(10); // what was missed meanwhile is nobody's debt
    }

    @Test
    void totalThatFellOrWasForgedChargesAMinuteAtMost() {
        share();
        kept.put("route", Long.MAX_VALUE / 2);
        share();
        assertThat(take(here, 1)).isZero();

        kept.put("route", 0L);
        share();
        now += Duration.ofMinutes(1).toNanos();

        assertThat(take(here, 100)).isEqualTo(10);
    }
}
