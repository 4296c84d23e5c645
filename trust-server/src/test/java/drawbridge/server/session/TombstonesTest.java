package drawbridge.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.support.Given;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

class TombstonesTest {
    private static final Duration KEPT = Duration.ofMinutes(64);

    private final AtomicLong nanos = new AtomicLong(12345);
    private final Tombstones tombstones =
            new Tombstones(KEPT, 10, nanos::get, Tombstones.Follows.OWN_COMMITS);
    private final Session session = Given.session();

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private void end(long number, Session which) {
        tombstones.committed(new Revocation.OfSession(number, which.key()));
    }

    @Test
    void vouchesForNothingFromBeforeItsStart() {
        assertThat(tombstones.coverage()).isEqualTo(10);
        assertThat(tombstones.vouchesFor(9, session)).isFalse();
        assertThat(tombstones.vouchesFor(10, session)).isTrue();
    }

    /** A reader may begin while this node starts anew, and may end long after it has. */
    @Test
    void nothingReadBeforeThisNodeStartedAnewIsHeld() {
        Tombstones following = new Tombstones(KEPT, 10, nanos::get, Tombstones.Follows.THE_LOG);
        MemorySessionCache memory = new MemorySessionCache(9, KEPT, following, nanos::get);
        Tombstones.Mark before = following.mark();
        memory.put(session, before, session.createdAt());
        following.distrust();
        Tombstones.Mark between = following.mark();
        memory.put(session, between, session.createdAt());
        following.startAnew(12);
        Session other = Given.session();
        memory.put(other, between, other.createdAt());

        assertThat(memory.find(session.key())).isEmpty();
        assertThat(memory.find(other.key())).isEmpty();

        memory.put(session, following.mark(), session.createdAt());
        assertThat(memory.find(session.key())).isPresent();
    }

    /** Whoever has read the number, and then finds the session in memory, would trust for long. */
    @Test
    void countsNoRowAsAppliedWhileMemoryHoldsWhatItEnds() {
        MemorySessionCache memory = new MemorySessionCache(9, KEPT, tombstones, nanos::get);
        memory.put(session, tombstones.mark(), session.createdAt());
        List<String> seen = new ArrayList<>();
        tombstones.whenApplied(() ->
                seen.add(tombstones.applied() + " " + memory.find(session.key()).isPresent()));

        tombstones.committed(
                new Revocation.OfSession(11, session.key()),
                key -> {
                    seen.add(tombstones.applied() + " " + memory.find(key).isPresent());
                    memory.remove(key);
                    memory.put(session, tombstones.mark(), session.createdAt()); // a late reader
                });

        assertThat(seen).containsExactly("10 true", "11 false");
    }

    @Test
    void vouchesForNothingFromTheFuture() {
        assertThat(tombstones.vouchesFor(11, session)).isFalse();
    }

    @Test
    void vouchesForNothingThatALaterRowNames() {
        end(11, session);

        assertThat(tombstones.vouchesFor(10, session)).isFalse();
        assertThat(tombstones.vouchesFor(10, Given.session())).isTrue();
        assertThat(tombstones.vouchesFor(11, session)).isTrue(); // it was read after that row
    }

    @Test
    void coversLessAsRowsAreForgotten() {
        end(11, Given.session());
        pass(Duration.ofMinutes(30));
        end(12, session);
        end(13, Given.session());

        pass(Duration.ofMinutes(33));
        assertThat(tombstones.coverage()).isEqualTo(10);

        pass(Duration.ofMinutes(1));
        assertThat(tombstones.coverage()).isEqualTo(11);
        assertThat(tombstones.vouchesFor(10, Given.session())).isFalse();
        assertThat(tombstones.vouchesFor(11, Given.session())).isTrue();

        pass(Duration.ofMinutes(30));
        // The row that named the session is gone, and so is the trust in what may be older.
        assertThat(tombstones.coverage()).isEqualTo(13);
        assertThat(tombstones.vouchesFor(11, session)).isFalse();
    }

    @Test
    void neverVouchesForAnEndedSessionHoweverLongItWaits() {
        long number = 10;
        for (int minute = 0; minute < 400; minute++) {
            Session ended = Given.session();
            long copiedAt = number;
            end(++number, ended);
            for (int later = 0; later < 5; later++) {
                assertThat(tombstones.vouchesFor(copiedAt, ended)).isFalse();
                pass(Duration.ofMinutes(later * 7L));
            }
        }
    }

    @Test
    void vouchesForNothingWhileOutOfTouchAndForNothingOlderAfterwards() {
        Tombstones.Mark before = tombstones.mark();

        tombstones.distrust();
        assertThat(tombstones.vouchesFor(10, session)).isFalse();
        assertThat(tombstones.vouchesFor(Long.MAX_VALUE, session)).isFalse();
        assertThat(tombstones.numberOf(tombstones.mark())).isEmpty();

        tombstones.startAnew(20);
        assertThat(tombstones.vouchesFor(10, session)).isFalse();
        assertThat(tombstones.vouchesFor(20, session)).isTrue();
        assertThat(tombstones.numberOf(before)).isEmpty();
        assertThat(tombstones.wentBack()).isZero();
    }

    @Test
    void noticesThatTheLogWentBack() {
        tombstones.distrust();
        tombstones.startAnew(7);

        assertThat(tombstones.wentBack()).isEqualTo(1);
        assertThat(tombstones.coverage()).isEqualTo(7);
    }
}
