package drawbridge.server.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.benmanes.caffeine.cache.Ticker;

import drawbridge.model.SessionSource;
import drawbridge.server.support.Given;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

@Timeout(120)
class SessionFinderTest {
    private static final int PATIENCE = 60;

    /** An authority whose reads can be held after they have read and before they return. */
    private static final class HeldStore implements SessionStore {
        private final Map<SessionKey, Session> rows = new ConcurrentHashMap<>();
        private final AtomicInteger reads = new AtomicInteger();
        private volatile CountDownLatch hasRead = new CountDownLatch(0);
        private volatile CountDownLatch mayReturn = new CountDownLatch(0);

        void holdNextReads() {
            hasRead = new CountDownLatch(1);
            mayReturn = new CountDownLatch(1);
        }

        void release() {
            CountDownLatch held = mayReturn;
            mayReturn = new CountDownLatch(0);
            held.countDown();
        }

        @Override
        public Optional<Session> find(SessionKey key) {
            Optional<Session> row = Optional.ofNullable(rows.get(key));
            reads.incrementAndGet();
            CountDownLatch wait = mayReturn;
            hasRead.countDown();
            try {
                assertThat(wait.await(PATIENCE, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            return row;
        }
    }

    private final HeldStore store = new HeldStore();
    private final Tombstones tombstones =
            new Tombstones(
                    Duration.ofHours(1), 0, Ticker.systemTicker(), Tombstones.Follows.OWN_COMMITS);
    private final MemorySessionCache memory =
            new MemorySessionCache(100, Duration.ofMinutes(10), tombstones, Ticker.systemTicker());
    private final SessionFinder finder =
            new SessionFinder(
                    new SessionFinder.Tiers(memory, SharedSessions.NONE, store),
                    tombstones,
                    new LastSeen(),
                    Standing.ALONE,
                    TierWatch.NONE);
    private final Session session = Given.session();

    private void revoke(long number) {
        store.rows.put(session.key(), Given.ended(session, number));
        tombstones.committed(new Revocation.OfSession(number, session.key()));
        memory.remove(session.key());
    }

    private Future<Optional<Found>> findInBackground() {
        FutureTask<Optional<Found>> looking = new FutureTask<>(() -> finder.find(session.key()));
        Thread.ofVirtual().start(looking);
        return looking;
    }

    /**
     * The same, and returns when it waits: for the look of somebody else, or for one of its own.
     */
    private Future<Optional<Found>> findAndWait() {
        FutureTask<Optional<Found>> looking = new FutureTask<>(() -> finder.find(session.key()));
        Thread thread = Thread.ofVirtual().start(looking);
        await().until(() ->
                thread.getState() == Thread.State.TIMED_WAITING
                        && Arrays.stream(thread.getStackTrace())
                                .anyMatch(SessionFinderTest::isOfTheFinder));
        return looking;
    }

    private static boolean isOfTheFinder(StackTraceElement frame) {
        return frame.getClassName().equals(SessionFinder.class.getName());
    }

    @Test
    void fillsMemoryAndServesFromIt() {
        store.rows.put(session.key(), session);

        Optional<Found> first = finder.find(session.key());
        Optional<Found> second = finder.find(session.key());

        assertThat(first).map(Found::source).contains(SessionSource.DATABASE);
        assertThat(second).map(Found::source).contains(SessionSource.MEMORY);
        assertThat(store.reads).hasValue(1);
    }

    @Test
    void doesNotResurrectSessionWhoseReadWasOvertakenByItsRevocation() throws Exception {
        store.rows.put(session.key(), session);
        store.holdNextReads();
        Future<Optional<Found>> slow = findInBackground();
        assertThat(store.hasRead.await(PATIENCE, TimeUnit.SECONDS)).isTrue();

        revoke(1);
        store.release();

        assertThat(slow.get(PATIENCE, TimeUnit.SECONDS))
                .isPresent(); // it began before the revocation
        assertThat(memory.find(session.key())).isEmpty();
        assertThat(finder.find(session.key()))
                .hasValueSatisfying(found -> assertThat(found.session().ended()).isNotNull());
    }

    @Test
    void doesNotShareReadThatBeganBeforeTheRevocation() throws Exception {
        store.rows.put(session.key(), session);
        store.holdNextReads();
        Future<Optional<Found>> slow = findInBackground();
        assertThat(store.hasRead.await(PATIENCE, TimeUnit.SECONDS)).isTrue();
        revoke(1);

        Future<Optional<Found>> begunAfter = findAndWait();
        assertThat(store.reads).hasValue(1); // so it has that read before it
        store.release();

        assertThat(slow.get(PATIENCE, TimeUnit.SECONDS)).isPresent();
        assertThat(begunAfter.get(PATIENCE, TimeUnit.SECONDS))
                .hasValueSatisfying(found -> assertThat(found.session().ended()).isNotNull());
    }

    @Test
    void doesNotServeFromMemoryOnceTheUsersSessionsAreEnded() {
        store.rows.put(session.key(), session);
        finder.find(session.key());

        store.rows.put(session.key(), Given.ended(session, 1));
        tombstones.committed(new Revocation.OfUser(1, session.tenant(), session.user().id()));

        assertThat(finder.find(session.key()))
                .hasValueSatisfying(found -> assertThat(found.session().ended()).isNotNull());
    }

    @Test
    void servesRestoredSessionAgain() {
        store.rows.put(session.key(), session);
        finder.find(session.key());
        revoke(1);
        assertThat(finder.find(session.key()).orElseThrow().session().ended()).isNotNull();

        store.rows.put(session.key(), session);
        tombstones.committed(new Revocation.OfSession(2, session.key()));

        assertThat(finder.find(session.key()).orElseThrow().session().ended()).isNull();
        assertThat(finder.find(session.key())).map(Found::source).contains(SessionSource.MEMORY);
    }

    @Test
    void readsOnceForManyWhoMissTheSameSession() throws Exception {
        store.rows.put(session.key(), session);
        store.holdNextReads();
        Future<Optional<Found>> first = findInBackground();
        assertThat(store.hasRead.await(PATIENCE, TimeUnit.SECONDS)).isTrue();
        Future<Optional<Found>> second = findAndWait();
        Future<Optional<Found>> third = findAndWait();

        store.release();

        assertThat(first.get(PATIENCE, TimeUnit.SECONDS)).isPresent();
        assertThat(second.get(PATIENCE, TimeUnit.SECONDS)).isPresent();
        assertThat(third.get(PATIENCE, TimeUnit.SECONDS)).isPresent();
        assertThat(store.reads).hasValue(1);
    }

    @Test
    void asksTheAuthorityOnceForIdThatNobodyHas() {
        assertThat(finder.find(session.key())).isEmpty();
        assertThat(finder.find(session.key())).isEmpty();

        assertThat(store.reads).hasValue(1);
    }

    @Test
    void findsFreshLoginAtOnceWhoeverAskedBefore() {
        assertThat(finder.find(session.key())).isEmpty();

        store.rows.put(session.key(), session);
        memory.put(session, tombstones.mark(), session.lastSeenAt()); // as a login does

        assertThat(finder.find(session.key())).isPresent();
        memory.remove(session.key());
        assertThat(finder.find(session.key())).map(Found::source).contains(SessionSource.DATABASE);
    }

    @Test
    void asksAgainForUnknownIdThatARowNames() {
        assertThat(finder.find(session.key())).isEmpty();

        store.rows.put(session.key(), session);
        tombstones.committed(new Revocation.OfSession(1, session.key()));

        assertThat(finder.find(session.key())).isPresent();
    }

    @Test
    void takesCopyBeforeTheAuthorityAndKeepsItInMemory() {
        SessionFinder withShared = finder(Standing.ALONE);

        assertThat(withShared.find(session.key())).map(Found::source).contains(SessionSource.REDIS);
        assertThat(withShared.find(session.key()))
                .map(Found::source)
                .contains(SessionSource.MEMORY);
        assertThat(store.reads).hasValue(0);
    }

    @Test
    void asksOnlyTheAuthorityWithoutStanding() {
        store.rows.put(session.key(), Given.ended(session, 1));
        SessionFinder withoutLease = finder(LAPSED);

        assertThat(withoutLease.find(session.key()))
                .hasValueSatisfying(found -> assertThat(found.session().ended()).isNotNull());
    }

    @Test
    void heldIsWhatMemoryHoldsAndNobodyIsAskedForMore() {
        store.rows.put(session.key(), session);

        assertThat(finder.held(session.key(), session.lastSeenAt())).isEmpty();
        assertThat(store.reads).hasValue(0);

        Optional<Found> _ = finder.find(session.key());
        assertThat(finder.held(session.key(), session.lastSeenAt()))
                .map(Found::source)
                .contains(SessionSource.MEMORY);
        assertThat(finder(LAPSED).held(session.key(), session.lastSeenAt())).isEmpty();

        revoke(1);
        assertThat(finder.held(session.key(), session.lastSeenAt())).isEmpty();
        assertThat(store.reads).hasValue(1);
    }

    @Test
    void oneThatOthersMayHaveUsedHasToBeLookedFor() {
        store.rows.put(session.key(), session);
        Optional<Found> _ = finder.find(session.key());
        Instant late = session.lastSeenAt().plus(session.idle()).plusSeconds(1);

        assertThat(finder.held(session.key(), late)).isPresent(); // refused as unused for too long
        assertThat(finder(AMONG_OTHERS).held(session.key(), late)).isEmpty();
        assertThat(finder(AMONG_OTHERS).held(session.key(), session.lastSeenAt())).isPresent();
    }

    private static final Standing LAPSED =
            new Standing() {
                @Override
                public boolean mayAnswer() {
                    return false;
                }

                @Override
                public void catchUp() {
                    throw new IllegalStateException("the finder asks the authority itself");
                }

                @Override
                public boolean hasOthers() {
                    return true;
                }
            };

    private static final Standing AMONG_OTHERS =
            new Standing() {
                @Override
                public boolean mayAnswer() {
                    return true;
                }

                @Override
                public void catchUp() {}

                @Override
                public boolean hasOthers() {
                    return true;
                }
            };

    private SessionFinder finder(Standing standing) {
        return new SessionFinder(
                new SessionFinder.Tiers(memory, new OneCopy(session), store),
                tombstones,
                new LastSeen(),
                standing,
                TierWatch.NONE);
    }

    /** It may have been used on another node, which only the authority knows. */
    @Test
    void looksAgainWhereOthersMayHaveUsedIt() {
        Instant used = session.lastSeenAt().plusSeconds(300);
        store.rows.put(session.key(), Given.seen(session, session.ref(), used));
        SessionFinder among = finder(AMONG_OTHERS);
        Found held = among.find(session.key()).orElseThrow();
        assertThat(held.lastSeenAt()).isEqualTo(session.lastSeenAt());

        Found again = among.lookAgain(held).orElseThrow();

        assertThat(again.lastSeenAt()).isEqualTo(used);
        assertThat(again.source()).isEqualTo(SessionSource.DATABASE);
        assertThat(among.lookAgain(again)).containsSame(again); // the authority has said so
        assertThat(among.find(session.key()).orElseThrow().lastSeenAt()).isEqualTo(used);
        assertThat(store.reads).hasValue(1);
    }

    @Test
    void doesNotLookAgainAlone() {
        SessionFinder alone = finder(Standing.ALONE);
        Found held = alone.find(session.key()).orElseThrow();

        assertThat(alone.lookAgain(held)).containsSame(held);
        assertThat(store.reads).hasValue(0);
    }

    /** A shared tier that has one session. */
    private record OneCopy(Session session) implements SharedSessions {
        @Override
        public Optional<Copied> find(SessionKey key) {
            return key.equals(session.key())
                    ? Optional.of(new Copied(session, new Tombstones.Mark(1, 0)))
                    : Optional.empty();
        }

        @Override
        public void put(Session read, Tombstones.Mark readAt) {}

        @Override
        public void remove(SessionKey key) {}

        @Override
        public boolean isAsked() {
            return true;
        }
    }
}
