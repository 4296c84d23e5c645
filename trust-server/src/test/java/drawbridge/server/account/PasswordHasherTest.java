package drawbridge.server.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import de.mkammerer.argon2.Argon2Advanced;
import de.mkammerer.argon2.Argon2Factory;
import de.mkammerer.argon2.Argon2Version;

import drawbridge.server.account.PasswordHasher.Cost;
import drawbridge.server.account.PasswordHasher.Limits;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

final class PasswordHasherTest {
    private static final Cost CHEAP = new Cost(256, 2, 1);
    private static final Limits ROOMY = new Limits(2, 16, Duration.ofSeconds(60));
    private static final Duration RETRY_AT_LEAST = Duration.ofSeconds(1);

    private final List<PasswordHasher> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(PasswordHasher::close);
    }

    @Test
    void acceptsTheRightPasswordAndNoOther() {
        PasswordHasher hasher = hasher(CHEAP, ROOMY);

        String stored = hasher.hash(password("correct horse battery"));

        assertThat(stored).startsWith("$argon2id$v=19$m=256,t=2,p=1$");
        assertThat(hasher.verify(stored, password("correct horse battery")))
                .isEqualTo(new PasswordCheck.Matches(false));
        assertThat(hasher.verify(stored, password("correct horse batterz")))
                .isEqualTo(new PasswordCheck.Differs());
    }

    @Test
    void saltsEachHashAnew() {
        PasswordHasher hasher = hasher(CHEAP, ROOMY);

        assertThat(hasher.hash(password("the same words")))
                .isNotEqualTo(hasher.hash(password("the same words")));
    }

    static List<JsonNode> encodedVectors() throws IOException {
        return List.copyOf(vectors().get("encoded").values());
    }

    @ParameterizedTest
    @MethodSource("encodedVectors")
    void verifiesPublishedStrings(JsonNode vector) {
        PasswordHasher hasher = hasher(CHEAP, ROOMY);
        String stored = vector.get("phc_string").asString();

        assertThat(hasher.verify(stored, password(vector.get("password").asString())))
                .isInstanceOf(PasswordCheck.Matches.class);
        assertThat(hasher.verify(stored, password("another password")))
                .isEqualTo(new PasswordCheck.Differs());
    }

    @Test
    void theLibraryComputesThePublishedTags() throws IOException {
        Argon2Advanced argon2 = Argon2Factory.createAdvanced(Argon2Factory.Argon2Types.ARGON2id);
        JsonNode rfc = vectors().get("rfc9106").get(0);
        JsonNode raw = vectors().get("raw").get(1);

        for (JsonNode vector : List.of(rfc, raw)) {
            byte[] expected = hex(vector, "tag_hex");
            byte[] tag =
                    argon2.rawHashAdvanced(
                            vector.get("t").asInt(),
                            vector.get("m_kib").asInt(),
                            vector.get("p").asInt(),
                            hex(vector, "password_hex"),
                            hex(vector, "salt_hex"),
                            optionalHex(vector, "secret_hex"),
                            optionalHex(vector, "ad_hex"),
                            expected.length,
                            Argon2Version.V13);
            assertThat(tag).isEqualTo(expected);
        }
    }

    @Test
    void saysWhenAStoredStringIsWeakerThanToday() {
        String weak = hasher(CHEAP, ROOMY).hash(password("long enough words"));

        PasswordCheck check =
                hasher(new Cost(512, 2, 1), ROOMY).verify(weak, password("long enough words"));
        PasswordCheck stronger =
                hasher(new Cost(128, 1, 1), ROOMY).verify(weak, password("long enough words"));

        assertThat(check).isEqualTo(new PasswordCheck.Matches(true));
        assertThat(stronger).isEqualTo(new PasswordCheck.Matches(false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain text",
                "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                "$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                "$argon2id$v=19$m=1048577,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                "$argon2id$v=19$m=4294967295,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                "$argon2id$v=19$m=256,t=65,p=1$c29tZXNhbHRzb21lc2FsdA$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                "$argon2id$v=19$m=256,t=2,p=17$c29tZXNhbHRzb21lc2FsdA$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                "$argon2id$v=19$m=8,t=2,p=2$c29tZXNhbHRzb21lc2FsdA$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                "$argon2id$v=19$m=256,t=0,p=1$c29tZXNhbHRzb21lc2FsdA$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$",
            })
    void readsNoStringThatIsMalformedOrAbsurd(String stored) {
        assertThat(hasher(CHEAP, ROOMY).verify(stored, password("password")))
                .isEqualTo(new PasswordCheck.Unreadable());
    }

    @Test
    void anUnknownUserTakesTheSameWork() {
        List<Integer> computed = new ArrayList<>();
        PasswordHasher hasher =
                opened(
                        new PasswordHasher(
                                CHEAP,
                                ROOMY,
                                new SecureRandom(),
                                () -> {
                                    computed.add(1);
                                    return 0;
                                }));

        hasher.verifyDummy(password("any password at all"));
        int forDummy = computed.size();
        hasher.verify("unreadable", password("any password at all"));

        assertThat(forDummy).isEqualTo(2);
        assertThat(computed).hasSize(4);
    }

    @Test
    void comparesAnEmptyPasswordLikeAnyOther() {
        PasswordHasher hasher = hasher(CHEAP, ROOMY);
        String stored = hasher.hash(password("something"));

        assertThat(hasher.verify(stored, password(""))).isEqualTo(new PasswordCheck.Differs());
    }

    @Test
    void turnsAwayWhoFindsTheQueueFull() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        PasswordHasher hasher = held(hold, new Limits(1, 1, Duration.ofSeconds(60)));
        try (ExecutorService logins = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<String> login = () -> hasher.hash(password("some password"));
            Future<String> running = logins.submit(login);
            await().until(() -> hasher.waiting() == 0 && holding(hold));
            Future<String> waiting = logins.submit(login);
            await().until(() -> hasher.waiting() == 1);

            assertThatExceptionOfType(HashingBusyException.class)
                    .isThrownBy(() -> hasher.verifyDummy(password("some password")))
                    .satisfies(busy ->
                            assertThat(busy.retryAfter()).isGreaterThanOrEqualTo(RETRY_AT_LEAST));

            hold.countDown();
            assertThat(running.get(60, TimeUnit.SECONDS)).startsWith("$argon2id$");
            assertThat(waiting.get(60, TimeUnit.SECONDS)).startsWith("$argon2id$");
        }
    }

    @Test
    void turnsAwayAtOnceWhoWouldWaitTooLong() throws Exception {
        // By this clock the first hash takes ten seconds, so one is expected to take 2.5 from then
        // on, and three of them more than a third of the patience.
        AtomicLong clock = new AtomicLong();
        CountDownLatch hold = new CountDownLatch(1);
        PasswordHasher hasher =
                held(
                        hold,
                        new Limits(1, 16, Duration.ofSeconds(20)),
                        () -> clock.addAndGet(10_000_000_000L));
        try (ExecutorService logins = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> first = logins.submit(() -> hasher.verifyDummy(password("first")));
            await().until(() -> holding(hold));
            hold.countDown();
            first.get(60, TimeUnit.SECONDS);
            CountDownLatch again = new CountDownLatch(1);
            latch = again;
            inside = false;
            Callable<Boolean> login =
                    () -> {
                        hasher.verifyDummy(password("admitted"));
                        return true;
                    };
            List<Future<Boolean>> admitted = new ArrayList<>(List.of(logins.submit(login)));
            await().until(() -> holding(again));
            for (int i = 0; i < 3; i++) {
                admitted.add(logins.submit(login));
            }
            await().until(() -> hasher.waiting() == 3);

            assertThatExceptionOfType(HashingBusyException.class)
                    .isThrownBy(hasher::requireRoom)
                    .satisfies(busy -> assertThat(busy.retryAfter()).isGreaterThan(RETRY_AT_LEAST));
            assertThatExceptionOfType(HashingBusyException.class)
                    .as("whoever asked before the others had come")
                    .isThrownBy(() -> hasher.verifyDummy(password("too many")));

            again.countDown();
            for (Future<Boolean> one : admitted) {
                assertThat(one.get(60, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    @Test
    void turnsAwayWhoWaitsTooLong() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        PasswordHasher hasher = held(hold, new Limits(1, 4, Duration.ofMillis(50)));
        try (ExecutorService logins = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            await().until(() -> {
                if (running.isEmpty() || running.getLast().isDone()) {
                    // again, where the hashing thread came too late for the one before
                    running.add(logins.submit(() -> hasher.verifyDummy(password("first"))));
                }
                return holding(hold);
            });

            assertThatExceptionOfType(HashingBusyException.class)
                    .isThrownBy(() -> hasher.verifyDummy(password("second")));
            assertThat(hasher.waiting()).as("nobody waits for its result any more").isZero();

            hold.countDown();
        }
    }

    @Test
    void turnsEverybodyAwayAfterItsEnd() {
        PasswordHasher hasher = hasher(CHEAP, ROOMY);
        hasher.close();

        assertThatExceptionOfType(HashingBusyException.class)
                .isThrownBy(() -> hasher.hash(password("too late for this")));
    }

    private volatile boolean inside;
    private volatile CountDownLatch latch = new CountDownLatch(0);

    private boolean holding(CountDownLatch hold) {
        return inside && hold.getCount() == 1;
    }

    /** A hasher whose threads stop before their first hash until the latch is open. */
    private PasswordHasher held(CountDownLatch hold, Limits limits) {
        return held(hold, limits, () -> 0);
    }

    private PasswordHasher held(CountDownLatch hold, Limits limits, LongSupplier ticker) {
        latch = hold;
        return opened(
                new PasswordHasher(
                        CHEAP,
                        limits,
                        new SecureRandom(),
                        () -> {
                            inside = true;
                            try {
                                assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                            return ticker.getAsLong();
                        }));
    }

    private PasswordHasher hasher(Cost cost, Limits limits) {
        return opened(new PasswordHasher(cost, limits, new SecureRandom(), System::nanoTime));
    }

    private PasswordHasher opened(PasswordHasher hasher) {
        opened.add(hasher);
        return hasher;
    }

    private static Password password(String text) {
        return Password.takeOwnership(text.toCharArray()).orElseThrow();
    }

    private static JsonNode vectors() throws IOException {
        try (InputStream in =
                PasswordHasherTest.class.getResourceAsStream("/vectors/argon2/argon2id.json")) {
            return JsonMapper.shared().readTree(Objects.requireNonNull(in));
        }
    }

    private static byte[] hex(JsonNode vector, String field) {
        return HexFormat.of().parseHex(vector.get(field).asString());
    }

    private static byte @Nullable [] optionalHex(JsonNode vector, String field) {
        return vector.has(field) ? hex(vector, field) : null;
    }
}
