package drawbridge.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.redis.RedisLink.State;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

class SteadyStateTest {
    private final List<State> told = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private final SteadyState state = new SteadyState(told::add, nanos::get);

    private void pass(double share) {
        nanos.addAndGet((long) (SteadyState.WHILE.toNanos() * share));
        state.look();
    }

    @Test
    void tellsOfOneThatComesAndGoesOnce() {
        for (int i = 0; i < 10; i++) {
            state.opened();
            pass(0.2);
            state.closed();
            pass(0.9);
        }

        assertThat(told).containsExactly(State.DOWN);
    }

    @Test
    void tellsThatItIsBackWhenItStays() {
        state.opened();
        state.closed();
        pass(0.6);
        pass(0.6);
        pass(0.6);

        assertThat(told).containsExactly(State.DOWN, State.UP);
    }

    @Test
    void tellsNothingOfOneThatWasAlwaysThere() {
        pass(2);

        assertThat(told).isEmpty();
    }

    @Test
    void stillTryingIsStillAway() {
        state.opened();
        pass(1);
        state.opened();
        pass(5);

        assertThat(told).containsExactly(State.DOWN);
    }
}
