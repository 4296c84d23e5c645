package drawbridge.server.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.benmanes.caffeine.cache.Ticker;

import drawbridge.model.SessionRef;
import drawbridge.model.SessionSource;
import drawbridge.model.TenantId;
import drawbridge.model.view.Warming;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.ServerState;
import drawbridge.server.storage.StoreUnavailableException;
import drawbridge.server.support.DatabaseContract;
import drawbridge.server.support.Given;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.TestDatabase;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

@DatabaseContract
@Timeout(120)
class PreWarmingTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    /** Nobody waits longer than five seconds for a write. */
    private static final int AT_ONCE = 500;

    private final MutableClock clock = new MutableClock(Given.OPENED.plusSeconds(600));
    private final LastSeen lastSeen = new LastSeen();
    private final List<Warming> heard = new CopyOnWriteArrayList<>();
    private final AtomicLong databaseAsked = new AtomicLong();

    @TempDir private Path folder;
    private Database database;
    private DatabaseSessionStore store;
    private Tombstones tombstones;

    @BeforeEach
    void open() {
        database = TestDatabase.open(folder);
        ServerState.prepare(database, clock.instant());
        store = new DatabaseSessionStore(database);
        tombstones =
                new Tombstones(
                        Duration.ofHours(1),
                        0,
                        Ticker.systemTicker(),
                        Tombstones.Follows.OWN_COMMITS);
    }

    @AfterEach
    void close() {
        database.close();
    }

    /** So many sessions, each a millisecond older than the one before. */
    private List<Session> sessions(int count) {
        List<Session> made = new ArrayList<>();
        int _ =
                database.write(
                        DataScope.of(TenantId.DEFAULT),
                        "making a user",
                        handle -> {
                            Given.insertUser(handle);
                            return 1;
                        });
        while (made.size() < count) {
            List<Session> some = new ArrayList<>();
            for (int i = made.size(); i < Math.min(count, made.size() + AT_ONCE); i++) {
                some.add(seenAt(Given.session(), i));
            }
            int _ =
                    database.write(
                            DataScope.of(TenantId.DEFAULT),
                            "making sessions",
                            handle -> {
                                some.forEach(session -> store.insert(handle, session));
                                return some.size();
                            });
            made.addAll(some);
        }
        return made;
    }

    private Session seenAt(Session session, int millisAgo) {
        Instant seen = clock.instant().minusMillis(millisAgo);
        return Given.seen(session, new SessionRef("ref_%022d".formatted(millisAgo)), seen);
    }

    private MemorySessionCache memory(int capacity) {
        return new MemorySessionCache(
                capacity, Duration.ofHours(1), tombstones, Ticker.systemTicker());
    }

    private PreWarming warm(MemorySessionCache memory, Duration budget) {
        return warm(memory, budget, Standing.ALONE);
    }

    private PreWarming warm(MemorySessionCache memory, Duration budget, Standing standing) {
        PreWarming warming =
                new PreWarming(
                        new PreWarming.Works(store, memory, tombstones, lastSeen, standing),
                        budget,
                        clock);
        warming.begin(heard::add);
        return warming;
    }

    private SessionFinder finder(MemorySessionCache memory) {
        return new SessionFinder(
                new SessionFinder.Tiers(
                        memory,
                        SharedSessions.NONE,
                        key -> {
                            databaseAsked.incrementAndGet();
                            return store.find(key);
                        }),
                tombstones,
                lastSeen,
                Standing.ALONE,
                TierWatch.NONE);
    }

    @Test
    void firstTenThousandHotSessionsNeverTouchTheDatabase() {
        List<Session> all = sessions(12_000);
        MemorySessionCache memory = memory(100_000);

        try (PreWarming warming = warm(memory, LONG)) {
            await().atMost(LONG).until(() -> warming.state().hasEnded());

            assertThat(warming.state().state()).isEqualTo("done");
            assertThat(warming.state().loaded()).isEqualTo(12_000);
        }
        SessionFinder finder = finder(memory);
        for (Session session : all.subList(0, 10_000)) {
            assertThat(finder.find(session.key()))
                    .map(Found::source)
                    .contains(SessionSource.MEMORY);
        }
        assertThat(databaseAsked).hasValue(0);
        assertThat(heard.getLast().state()).isEqualTo("done");
    }

    @Test
    void takesTheLatestWhenMemoryIsSmaller() {
        List<Session> all = sessions(1_700);
        MemorySessionCache memory = memory(1_100);

        try (PreWarming warming = warm(memory, LONG)) {
            await().until(() -> warming.state().hasEnded());

            assertThat(warming.state().loaded()).isEqualTo(1_100);
        }
        assertThat(all.subList(0, 1_000)).allMatch(s -> memory.find(s.key()).isPresent());
        assertThat(all.subList(1_200, 1_700)).noneMatch(s -> memory.find(s.key()).isPresent());
    }

    @Test
    void leavesOutWhatIsOver() {
        List<Session> all = sessions(10);
        database.write(
                DataScope.of(TenantId.DEFAULT),
                "ending",
                handle -> {
                    store.end(
                            handle,
                            all.getFirst(),
                            new Session.Ended(clock.instant(), 1, "test", "admin", null));
                    return handle.createUpdate(
                                    "UPDATE session SET idle_micros = 1"
                                            + " WHERE tenant_id = :tenant AND ref = :ref")
                            .bind("tenant", TenantId.DEFAULT.value())
                            .bind("ref", all.getLast().ref().value())
                            .execute();
                });
        clock.advance(Duration.ofSeconds(1));
        MemorySessionCache memory = memory(100);

        try (PreWarming warming = warm(memory, LONG)) {
            await().until(() -> warming.state().hasEnded());

            assertThat(warming.state().loaded()).isEqualTo(8);
        }
        assertThat(memory.size()).isEqualTo(8);
    }

    @Test
    void goesOnWhenTheDatabaseAnswersAgain() {
        sessions(10);
        MemorySessionCache memory = memory(100);
        AtomicInteger failures = new AtomicInteger(2);

        try (PreWarming warming = warm(memory, LONG, awayFor(failures))) {
            await().until(() -> warming.state().hasEnded());

            assertThat(warming.state().state()).isEqualTo("done");
        }
        assertThat(memory.size()).isEqualTo(10);
    }

    @Test
    void saysThatItFailed() {
        Standing broken =
                standing(() -> {
                    throw new IllegalStateException("a row that cannot be read");
                });

        try (PreWarming warming = warm(memory(100), LONG, broken)) {
            await().until(() -> warming.state().hasEnded());

            assertThat(warming.state().state()).isEqualTo("failed");
        }
        assertThat(heard.getLast().state()).isEqualTo("failed");
    }

    private static Standing awayFor(AtomicInteger failures) {
        return standing(() -> {
            if (failures.getAndDecrement() > 0) {
                throw new StoreUnavailableException(
                        "database", "catching up", new IllegalStateException("away"));
            }
        });
    }

    private static Standing standing(Runnable catchingUp) {
        return new Standing() {
            @Override
            public boolean mayAnswer() {
                return false;
            }

            @Override
            public void catchUp() {
                catchingUp.run();
            }

            @Override
            public boolean hasOthers() {
                return true;
            }
        };
    }

    @Test
    void stopsWhenItsTimeIsOver() {
        sessions(3_000);
        MemorySessionCache memory = memory(100_000);

        try (PreWarming warming = warm(memory, Duration.ofMillis(1))) {
            await().until(() -> warming.state().hasEnded());

            assertThat(warming.state().state()).isEqualTo("out_of_time");
            assertThat(warming.state().loaded()).isLessThan(3_000);
        }
    }

    @Test
    void doesNothingWhenItHasNoTime() {
        sessions(3);
        MemorySessionCache memory = memory(100);

        try (PreWarming warming = warm(memory, Duration.ZERO)) {
            assertThat(warming.state()).isEqualTo(new Warming("off", 0, 100, 0));
        }
        assertThat(memory.size()).isZero();
    }
}
