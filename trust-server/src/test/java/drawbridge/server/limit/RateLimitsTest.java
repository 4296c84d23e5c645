package drawbridge.server.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import drawbridge.model.IpAddress;
import drawbridge.model.TenantId;
import drawbridge.server.crypto.Keys;
import drawbridge.server.limit.RateLimits.Owner;
import drawbridge.server.session.DeviceHash;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

final class RateLimitsTest {
    private static final DeviceHash PHONE = new DeviceHash(new byte[] {1, 2, 3, 4});
    private static final SourceNetwork HERE = new SourceNetwork("198.51.100.7");

    private static final Map<Counted, Integer> RATES =
            Map.of(
                    Counted.REQUESTS, 600,
                    Counted.AUTHENTICATION, 10,
                    Counted.HASHING, 5,
                    Counted.EXPORT, 6,
                    Counted.WRONG_SECRETS, 60);

    private final AtomicLong nanos = new AtomicLong(1);
    private final RateLimits limits =
            new RateLimits(
                    RATES,
                    List.of(),
                    new Keys(new byte[32]).hashFor("limit-buckets/v1"),
                    nanos::get);

    @Test
    void letsAMinutesWorthThroughAndThenAsMuchAsTimeFills() {
        for (int i = 0; i < 10; i++) {
            assertThat(limits.take(Counted.AUTHENTICATION, HERE)).isEmpty();
        }

        assertThat(limits.take(Counted.AUTHENTICATION, HERE)).contains(Duration.ofSeconds(6));
        nanos.addAndGet(Duration.ofSeconds(6).toNanos());
        assertThat(limits.take(Counted.AUTHENTICATION, HERE)).isEmpty();
        assertThat(limits.take(Counted.AUTHENTICATION, HERE)).isPresent();
    }

    @Test
    void countsEachThingSourceAccountTenantAndDeviceApart() {
        TenantId acme = new TenantId("acme");
        for (int i = 0; i < 5; i++) {
            limits.take(Counted.HASHING, HERE);
            limits.take(Counted.HASHING, new Owner(TenantId.DEFAULT, "ana@example.test", null));
        }

        assertThat(limits.take(Counted.HASHING, HERE)).isPresent();
        assertThat(limits.take(Counted.AUTHENTICATION, HERE)).isEmpty();
        assertThat(limits.take(Counted.HASHING, new SourceNetwork("198.51.100.8"))).isEmpty();
        assertThat(
                        limits.take(
                                Counted.HASHING,
                                new Owner(TenantId.DEFAULT, "ana@example.test", null)))
                .isPresent();
        assertThat(limits.take(Counted.HASHING, new Owner(acme, "ana@example.test", null)))
                .isEmpty();
        assertThat(
                        limits.take(
                                Counted.HASHING,
                                new Owner(TenantId.DEFAULT, "ben@example.test", null)))
                .isEmpty();
        assertThat(
                        limits.take(
                                Counted.HASHING,
                                new Owner(TenantId.DEFAULT, "ana@example.test", PHONE)))
                .isEmpty();
    }

    @Test
    void letsNoMoreThroughWhenTheyComeSideBySide() throws Exception {
        int passed = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> tries = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                tries.add(
                        threads.submit(() -> limits.take(Counted.AUTHENTICATION, HERE).isEmpty()));
            }
            for (Future<Boolean> each : tries) {
                passed += passed(each) ? 1 : 0;
            }
        }

        assertThat(passed).isEqualTo(10);
    }

    private static boolean passed(Future<Boolean> one)
            throws InterruptedException, ExecutionException {
        return one.get();
    }

    @Test
    void holdsABoundedNumberOfBuckets() {
        for (int i = 0; i < 300_000; i++) {
            limits.take(Counted.REQUESTS, new SourceNetwork("source-" + i));
        }

        assertThat(limits.size()).isLessThan(120_000);
    }

    /** What nodes share: one that can say, or not, and how often it was asked. */
    private static final class Asked implements SharedLimits {
        private final Optional<Duration> answer;
        private int times;

        Asked(@Nullable Duration answer) {
            this.answer = Optional.ofNullable(answer);
        }

        @Override
        public boolean shares(Counted what) {
            return what == Counted.HASHING;
        }

        @Override
        public Optional<Duration> take(List<byte[]> buckets, int perMinute) {
            times++;
            return answer;
        }
    }

    private RateLimits sharing(SharedLimits... shared) {
        return new RateLimits(
                RATES,
                List.of(shared),
                new Keys(new byte[32]).hashFor("limit-buckets/v1"),
                nanos::get);
    }

    @Test
    void firstWhoCanSayDecides() {
        Duration wait = Duration.ofSeconds(3);
        Asked away = new Asked(null);
        Asked strict = new Asked(wait);
        Asked lax = new Asked(Duration.ZERO);

        assertThat(sharing(away, strict).take(Counted.HASHING, HERE)).contains(wait);
        assertThat(sharing(lax, strict).take(Counted.HASHING, HERE)).isEmpty();
        assertThat(sharing(away).take(Counted.HASHING, HERE)).isEmpty(); // this node's own count
        assertThat(strict.times).isEqualTo(1);
        assertThat(sharing(strict).take(Counted.AUTHENTICATION, HERE)).isEmpty();
        assertThat(strict.times).isEqualTo(1);
    }

    @Test
    void sourceAndAccountAreTakenTogetherAndEachCountsHere() {
        Asked shared = new Asked(Duration.ZERO);
        RateLimits both = sharing(shared);
        Owner ana = new Owner(TenantId.DEFAULT, "ana@example.test", null);
        for (int i = 0; i < 5; i++) {
            assertThat(both.takeHere(Counted.HASHING, HERE)).isEmpty();
            assertThat(both.take(Counted.HASHING, HERE, ana)).isEmpty();
        }

        assertThat(shared.times).isEqualTo(5);
        assertThat(both.takeHere(Counted.HASHING, HERE)).isPresent();
        assertThat(both.take(Counted.HASHING, HERE, ana)).isPresent();
        assertThat(shared.times).isEqualTo(5);
    }

    @Test
    void needsARateForEverything() {
        assertThatThrownBy(() ->
                        new RateLimits(
                                Map.of(Counted.REQUESTS, 1),
                                List.of(),
                                new Keys(new byte[32]).hashFor("limit-buckets/v1"),
                                nanos::get))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "198.51.100.7, 198.51.100.7",
        "::ffff:198.51.100.7, 198.51.100.7",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:2::/64",
        "2001:db8:1:2::ffff, 2001:db8:1:2::/64"
    })
    void countsAnIpv6NetworkAsOne(String address, String network) {
        assertThat(SourceNetwork.of(IpAddress.parse(address).orElseThrow()).text())
                .isEqualTo(network);
    }
}
