package drawbridge.server.limit;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;

import drawbridge.model.TenantId;
import drawbridge.server.crypto.Keys;
import drawbridge.server.limit.RateLimits.Owner;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What buckets that nodes share must do, wherever they are kept. */
abstract class SharedLimitsContract {
    private static final byte[] BUCKET = {1, 2, 3};
    private static final SourceNetwork HERE = new SourceNetwork("198.51.100.7");

    /** Those of another node, or of this one after a restart. */
    abstract SharedLimits node();

    /** Lets so much time pass where it is told; false when it cannot be. */
    abstract boolean pass(Duration time);

    private static boolean isZero(Optional<Duration> wait) {
        return wait.orElseThrow().isZero();
    }

    private static RateLimits limits(SharedLimits shared) {
        return new RateLimits(
                Map.of(
                        Counted.REQUESTS, 600,
                        Counted.AUTHENTICATION, 10,
                        Counted.HASHING, 5,
                        Counted.EXPORT, 6,
                        Counted.WRONG_SECRETS, 60),
                List.of(shared),
                new Keys(new byte[32]).hashFor("limit-buckets/v1"),
                Ticker.systemTicker());
    }

    @Test
    void nodesTakeFromOneBucket() {
        SharedLimits one = node();
        SharedLimits other = node();
        for (int i = 0; i < 5; i++) {
            assertThat(isZero(one.take(List.of(BUCKET), 10))).isTrue();
            assertThat(isZero(other.take(List.of(BUCKET), 10))).isTrue();
        }

        Duration wait = one.take(List.of(BUCKET), 10).orElseThrow();

        assertThat(wait).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(6));
        assertThat(isZero(other.take(List.of(BUCKET), 10))).isFalse();
        assertThat(isZero(other.take(List.of(new byte[] {9}), 10))).isTrue();
    }

    @Test
    void givesOutNoMoreThanThereIsHoweverManyAskAtOnce() throws Exception {
        SharedLimits one = node();
        SharedLimits other = node();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> taken = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                SharedLimits node = i % 2 == 0 ? one : other;
                taken.add(threads.submit(() -> isZero(node.take(List.of(BUCKET), 10))));
            }

            assertThat(taken.stream().filter(SharedLimitsContract::done)).hasSize(10);
        }
    }

    private static boolean done(Future<Boolean> taken) {
        try {
            return taken.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void takesOfEachUpToTheFirstThatHasNone() {
        byte[] other = {4, 5, 6};
        SharedLimits one = node();
        for (int i = 0; i < 4; i++) {
            assertThat(isZero(one.take(List.of(other), 5))).isTrue();
        }
        assertThat(isZero(one.take(List.of(BUCKET, other), 5))).isTrue();

        Duration wait = one.take(List.of(BUCKET, other), 5).orElseThrow();

        assertThat(wait).isPositive();
        assertThat(isZero(one.take(List.of(other, BUCKET), 5))).isFalse();
        for (int i = 0; i < 3; i++) { // two were taken, and none by whoever began with the other
            assertThat(isZero(one.take(List.of(BUCKET), 5))).isTrue();
        }
        assertThat(isZero(one.take(List.of(BUCKET), 5))).isFalse();
    }

    @Test
    void timeFillsTheBucket() {
        SharedLimits one = node();
        for (int i = 0; i < 10; i++) {
            one.take(List.of(BUCKET), 10);
        }
        if (pass(Duration.ofSeconds(6))) {
            assertThat(isZero(one.take(List.of(BUCKET), 10))).isTrue();
            assertThat(isZero(one.take(List.of(BUCKET), 10))).isFalse();
        }
    }

    @Test
    void restartGivesNobodyAnotherSetOfAttempts() {
        RateLimits before = limits(node());
        TenantId tenant = TenantId.DEFAULT;
        for (int i = 0; i < 5; i++) {
            assertThat(before.take(Counted.AUTHENTICATION, HERE)).isEmpty();
            assertThat(before.take(Counted.HASHING, new Owner(tenant, "ana@example.test", null)))
                    .isEmpty();
        }

        RateLimits after = limits(node());
        RateLimits elsewhere = limits(node());

        assertThat(after.take(Counted.HASHING, new Owner(tenant, "ana@example.test", null)))
                .isPresent();
        assertThat(elsewhere.take(Counted.HASHING, new Owner(tenant, "ana@example.test", null)))
                .isPresent();
        assertThat(elsewhere.take(Counted.HASHING, new Owner(tenant, "ben@example.test", null)))
                .isEmpty();
        for (int i = 0; i < 5; i++) {
            assertThat(after.take(Counted.AUTHENTICATION, HERE)).isEmpty();
        }
        assertThat(elsewhere.take(Counted.AUTHENTICATION, HERE)).isPresent();
    }
}
