package drawbridge.server.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;

import drawbridge.model.CallerKit;
import drawbridge.model.CallerSignals;
import drawbridge.model.TenantId;
import drawbridge.model.ValidationMode;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.bridge.Callers.Outcome;
import drawbridge.server.crypto.Keys;
import drawbridge.server.session.Sessions.By;
import drawbridge.server.session.Tombstones;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.ServerState;
import drawbridge.server.support.DatabaseContract;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.TestDatabase;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a change of a caller leaves in the database, and what is told of it. */
@DatabaseContract
class CallersTest {
    private static final By ADMIN = By.admin("req-test-1");

    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));
    private final Keys keys = new Keys(new byte[32]);
    private final CallerRegistry registry = new CallerRegistry(keys);
    private final CallerUse use = new CallerUse();
    private final List<CallerNews.Told> news = new ArrayList<>();
    private final Tombstones tombstones =
            new Tombstones(
                    Duration.ofMinutes(1),
                    0,
                    Ticker.systemTicker(),
                    Tombstones.Follows.OWN_COMMITS);
    private Database database;
    private Callers callers;

    @BeforeEach
    void open(@TempDir Path folder) {
        database = TestDatabase.open(folder);
        ServerState.prepare(database, clock.instant());
        callers =
                new Callers(
                        new Callers.Tiers(database, registry, use, tombstones),
                        new DatabaseAuditLog(database, keys),
                        news::add,
                        new Callers.Rules(false, Duration.ofMinutes(10), Duration.ofDays(90)),
                        clock);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static Caller wanted(String name) {
        return new Caller(
                "",
                name,
                TenantId.DEFAULT,
                CallerKit.DRAWBRIDGE,
                CallerSignals.REQUIRED,
                ValidationMode.STANDARD,
                Duration.ZERO,
                Duration.ZERO,
                Set.of(Scope.VALIDATE),
                List.of(),
                AdvancedMeans.DEVICE);
    }

    private Outcome.NewSecret make(String name) {
        return (Outcome.NewSecret) callers.create(wanted(name), ADMIN);
    }

    private List<String> column(String sql) {
        return database.read(
                DataScope.server(Why.SETUP),
                "looking",
                handle -> handle.createQuery(sql).mapTo(String.class).list());
    }

    @Test
    void writesEveryEndOfSecretIntoTheRevocationLogAndTheAuditTogether() {
        Outcome.NewSecret shop = make("shop");
        String id = shop.caller().caller().id();
        callers.rotate(id, Duration.ofHours(1), ADMIN);
        callers.retire(id, 1, ADMIN);
        callers.burn(id, 2, ADMIN);
        callers.burn(id, 2, ADMIN);

        assertThat(
                        column(
                                "SELECT kind || ' ' || reason || ' ' || coalesce(CAST(secret_version AS TEXT), '')"
                                        + " FROM revocation_log ORDER BY number"))
                .containsExactly(
                        "secret created 1",
                        "secret rotated 2",
                        "secret retired 1",
                        "secret burned 2");
        assertThat(column("SELECT kind FROM audit ORDER BY number"))
                .containsExactly(
                        "caller.created", "secret.rotated", "secret.retired", "secret.burned");
        assertThat(news)
                .extracting(CallerNews.Told::what)
                .containsExactly("created", "rotated", "retired", "burned");
        assertThat(tombstones.applied()).isEqualTo(4);
    }

    @Test
    void writesNoSecretAnywhere() {
        Outcome.NewSecret shop = make("shop");
        String text = shop.secret().use(bytes -> new String(bytes, StandardCharsets.US_ASCII));

        assertThat(shop.toString()).doesNotContain(text);
        assertThat(column("SELECT coalesce(reason, '') || coalesce(detail, '') FROM audit"))
                .noneMatch(row -> row.contains(text));
        List<byte[]> hashes =
                database
                        .read(
                                DataScope.server(Why.SETUP),
                                "looking",
                                handle ->
                                        handle.createQuery(
                                                        "SELECT lookup_hash, confirm_hash FROM caller_secret")
                                                .map((row, context) ->
                                                        List.of(row.getBytes(1), row.getBytes(2)))
                                                .list())
                        .stream()
                        .flatMap(List::stream)
                        .toList();
        assertThat(hashes)
                .isNotEmpty()
                .noneMatch(hash -> new String(hash, StandardCharsets.ISO_8859_1).contains(text));
    }

    @Test
    void tellsOfDueRotationOnceAndAgainAfterTheNextTerm() {
        String id = make("shop").caller().caller().id();
        callers.schedule(id, Duration.ofDays(30), Duration.ofDays(1), ADMIN);
        callers.tellDue();
        assertThat(news).extracting(CallerNews.Told::what).doesNotContain("rotation_due");

        clock.advance(Duration.ofDays(30));
        callers.tellDue();
        callers.tellDue();

        assertThat(news)
                .extracting(CallerNews.Told::what)
                .containsExactly("created", "changed", "rotation_due");
        assertThat(column("SELECT kind FROM audit WHERE actor = 'server'"))
                .containsExactly("secret.rotation_due");
        callers.rotate(id, Duration.ZERO, ADMIN);
        clock.advance(Duration.ofDays(30));
        callers.tellDue();
        assertThat(news.getLast().what()).isEqualTo("rotation_due");
    }

    @Test
    void countsUseInMemoryAndInTheDatabaseWithoutCountingTwice() {
        Caller shop = make("shop").caller().caller();
        for (int i = 0; i < 3; i++) {
            use.version(shop, 1, clock.instant());
        }
        assertThat(uses(shop)).isEqualTo(3);
        use.writeDown(database);
        assertThat(uses(shop)).isEqualTo(3);
        use.version(shop, 1, clock.instant());

        assertThat(uses(shop)).isEqualTo(4);
        assertThat(column("SELECT uses FROM caller_secret")).containsExactly("3");
        clock.advance(UseCount.WINDOW);
        assertThat(callers.get(shop.id()).orElseThrow().secrets().getFirst().recentUses()).isZero();
        assertThat(uses(shop)).isEqualTo(4);
    }

    private long uses(Caller caller) {
        return callers.get(caller.id()).orElseThrow().secrets().getFirst().uses();
    }

    @Test
    void acceptsNothingOfDeletedCallerAndGivesItsNameAway() {
        Outcome.NewSecret first = make("shop");
        callers.delete(first.caller().caller().id(), ADMIN);
        Outcome.NewSecret second = make("shop");

        assertThat(accepted(first)).isFalse();
        assertThat(accepted(second)).isTrue();
        assertThat(callers.list(null)).hasSize(1);
        assertThat(callers.get(first.caller().caller().id())).isEmpty();
    }

    private boolean accepted(Outcome.NewSecret made) {
        if (database.isShared()) {
            // What the row of the log has each node do.
            registry.accept(
                    new DatabaseCallerStore(database, new DatabaseAuditLog(database, keys))
                            .accepted());
        }
        return made.secret()
                .use(bytes -> registry.authenticate(bytes, clock.instant()))
                .isPresent();
    }
}
