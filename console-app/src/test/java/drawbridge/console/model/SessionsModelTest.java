package drawbridge.console.model;

import static drawbridge.console.model.Sessions.START;
import static drawbridge.console.model.Sessions.live;
import static drawbridge.console.model.Sessions.revoked;
import static drawbridge.console.model.Sessions.userRevoked;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.model.SessionState;
import drawbridge.model.event.ServerEvent;
import drawbridge.model.event.ServerEvent.SessionOpened;
import drawbridge.model.event.ServerEvent.SessionRestored;
import drawbridge.model.event.ServerEvent.SessionsSeen;
import drawbridge.model.view.SessionRow;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

class SessionsModelTest {
    private final SessionsModel sessions = new SessionsModel();

    @Test
    void showsRevokedSessionAsHeldUntilItsUndoIsOver() {
        sessions.apply(new SessionOpened(1, START, live("a", "ana")));

        sessions.apply(revoked(2, "a", START, START.plusSeconds(30)));

        SessionEntry entry = sessions.find("a").orElseThrow();
        assertThat(entry.state(START.plusSeconds(29))).isEqualTo(SessionState.HELD);
        assertThat(entry.state(START.plusSeconds(30))).isEqualTo(SessionState.REVOKED);
        assertThat(entry.ending()).contains(new Ending(1, 9_000));
    }

    /** Each of two nodes tells of its own rows at once and of the other's when it read them. */
    @Test
    void keepsToTheNewestRowOfTheLogWhenTheyComeOutOfTheirOrder() {
        sessions.apply(new SessionOpened(1, START, live("a", "ana")));

        sessions.apply(new SessionRestored(4, START, live("a", "ana"), 4, "admin"));
        sessions.apply(revoked(3, "a", START, START.plusSeconds(30)));

        SessionEntry entry = sessions.find("a").orElseThrow();
        assertThat(entry.state(START)).isEqualTo(SessionState.LIVE);

        sessions.beginLoad(); // from a database whose numbers begin anew
        sessions.addPage(List.of(live("a", "ana")));
        sessions.endLoad(true);
        sessions.apply(revoked(2, "a", START, START.plusSeconds(30)));
        assertThat(entry.state(START)).isEqualTo(SessionState.HELD);
    }

    @Test
    void countsSessionWhoseLifetimeIsOverAsExpiredWithoutBeingTold() {
        sessions.apply(new SessionOpened(1, START, live("a", "ana")));

        assertThat(sessions.liveOf("u-ana", START.plusSeconds(1_789))).isEqualTo(1);
        assertThat(sessions.liveOf("u-ana", START.plusSeconds(1_790))).isZero();
    }

    @Test
    void letsUsedSessionLiveOnByTheServersRule() {
        sessions.setLifetimes(new Lifetimes(Duration.ofMinutes(30), Duration.ofHours(1)));
        sessions.apply(new SessionOpened(1, START, live("a", "ana")));

        sessions.apply(new SessionsSeen(2, START, Map.of("a", START.plusSeconds(600))));
        SessionRow idle = sessions.find("a").orElseThrow().row();
        sessions.apply(new SessionsSeen(3, START, Map.of("a", START.plusSeconds(3_000))));
        SessionRow old = sessions.find("a").orElseThrow().row();

        assertThat(idle.expiresAt()).isEqualTo(START.plusSeconds(600 + 1_800));
        assertThat(old.expiresAt()).isEqualTo(START.minusSeconds(60).plusSeconds(3_600));
    }

    @Test
    void keepsTheLatestUseInTheRowAndInTheStateAsTimePasses() {
        sessions.setLifetimes(new Lifetimes(Duration.ofMinutes(30), Duration.ofHours(8)));
        sessions.apply(new SessionOpened(1, START, live("a", "ana")));
        SessionEntry entry = sessions.find("a").orElseThrow();
        List<Instant> heard = new ArrayList<>();
        entry.rowProperty().addListener((property, before, row) -> heard.add(row.lastSeenAt()));

        sessions.apply(
                new SessionsSeen(
                        2, START, Map.of("a", START.plusNanos(600_000_000_001L)), Map.of()));
        sessions.apply(new SessionsSeen(3, START, Map.of("a", START.plusSeconds(599))));
        sessions.apply(
                new SessionsSeen(
                        4, START, Map.of("a", START.plusSeconds(700)), Map.of("a", "STRICT")));

        assertThat(heard)
                .containsExactly(START.plusNanos(600_000_000_001L), START.plusSeconds(700));
        assertThat(entry.row().lastSeenAt()).isEqualTo(START.plusSeconds(700));
        assertThat(entry.row().strictestMode()).isEqualTo("STRICT");
        assertThat(entry.row()).isEqualTo(entry.rowProperty().get());
        assertThat(entry.state(START.plusSeconds(2_499))).isEqualTo(SessionState.LIVE);
        assertThat(entry.state(START.plusSeconds(2_500))).isEqualTo(SessionState.EXPIRED);
    }

    @Test
    void bearsLifetimesThatEndBeyondAllReckoning() {
        sessions.setLifetimes(
                new Lifetimes(Duration.ofDays(365L * 5_000), Duration.ofDays(365L * 9_000)));
        sessions.apply(new SessionOpened(1, START, live("a", "ana")));

        sessions.apply(new SessionsSeen(2, START, Map.of("a", START.plusSeconds(1))));

        SessionEntry entry = sessions.find("a").orElseThrow();
        assertThat(entry.row().expiresAt()).isAfter(START.plus(Duration.ofDays(365 * 200)));
        assertThat(entry.state(START.plus(Duration.ofDays(365)))).isEqualTo(SessionState.LIVE);
    }

    @Test
    void endsEverySessionOfUserOpenedBeforeAndNoneOpenedAfter() {
        sessions.apply(new SessionOpened(1, START, live("a", "ana")));
        sessions.apply(new SessionOpened(2, START, live("b", "bela")));

        sessions.apply(userRevoked(3, "ana", START));
        SessionRow later = live("c", "ana");
        sessions.apply(
                new SessionOpened(
                        4,
                        START,
                        new SessionRow(
                                "c",
                                later.userId(),
                                later.email(),
                                later.tenant(),
                                later.ip(),
                                later.device(),
                                later.agent(),
                                START,
                                START,
                                later.expiresAt(),
                                "live",
                                null,
                                null,
                                null,
                                null,
                                null)));

        assertThat(sessions.find("a").orElseThrow().state(START)).isEqualTo(SessionState.REVOKED);
        assertThat(sessions.find("b").orElseThrow().state(START)).isEqualTo(SessionState.LIVE);
        assertThat(sessions.find("c").orElseThrow().state(START)).isEqualTo(SessionState.LIVE);
    }

    @Test
    void forgetsWhatNoPageHoldsAnyMore() {
        sessions.apply(new SessionOpened(1, START, live("gone", "ana")));

        sessions.beginLoad();
        sessions.addPage(List.of(live("kept", "ana")));
        sessions.apply(new SessionOpened(2, START, live("fresh", "ana")));
        sessions.endLoad(true);

        assertThat(sessions.find("gone")).isEmpty();
        assertThat(sessions.find("kept")).isPresent();
        assertThat(sessions.find("fresh")).isPresent();
    }

    @Test
    void keepsTheSameEntryOverAReload() {
        sessions.apply(new SessionOpened(1, START, live("a", "ana")));
        SessionEntry before = sessions.find("a").orElseThrow();

        sessions.beginLoad();
        sessions.addPage(List.of(live("a", "ana")));
        sessions.endLoad(true);

        assertThat(sessions.find("a")).containsSame(before);
    }

    @Test
    void boundsTheEndedSessionsItKeeps() {
        List<SessionRow> rows = new ArrayList<>();
        int most = SessionsModel.Most.USUAL.ended();
        for (int i = 0; i < most + 5; i++) {
            rows.add(live("r-" + i, "user" + i));
        }
        sessions.addPage(rows);

        Instant later = START.plusSeconds(10_000);
        sessions.forgetSoon(sessions.surplus(sessions.copy(), later));
        sessions.forgetSome(later);

        assertThat(sessions.size()).isEqualTo(most);
        assertThat(sessions.copy())
                .hasSize(most)
                .allSatisfy(entry -> assertThat(sessions.find(entry.ref())).containsSame(entry));
    }

    /** Pages read early, late or in between: the sessions end in the same states. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void endsInTheSameStateHoweverPagesAndEventsInterleave(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        Map<String, SessionRow> server = new TreeMap<>();
        for (int i = 0; i < 12; i++) {
            server.put("s" + i, live("s" + i, "user" + i % 4));
        }
        List<String> unread = new ArrayList<>(server.keySet());
        List<ServerEvent> untold = new ArrayList<>();
        sessions.beginLoad();

        long seq = 0;
        while (!unread.isEmpty() || !untold.isEmpty() || seq < 30) {
            int what = random.nextInt(3);
            if (what == 0 && seq < 30) {
                seq++;
                untold.add(happen(server, seq, random));
            } else if (what == 1 && !unread.isEmpty()) {
                SessionRow read = server.get(unread.removeFirst());
                sessions.addPage(read == null ? List.of() : List.of(read));
            } else if (!untold.isEmpty()) {
                sessions.apply(untold.removeFirst());
            }
        }
        sessions.endLoad(true);

        Instant now = START.plusSeconds(1);
        Map<String, SessionState> known = new TreeMap<>();
        sessions.copy().forEach(entry -> known.put(entry.ref(), entry.state(now)));
        Map<String, SessionState> true_ = new TreeMap<>();
        server.forEach((ref, row) -> true_.put(ref, SessionRows.state(row, now)));
        assertThat(known).isEqualTo(true_);
    }

    private static ServerEvent happen(
            Map<String, SessionRow> server, long seq, RandomGenerator random) {
        String ref = "s" + random.nextInt(12);
        SessionRow row = server.get(ref);
        if (row == null) {
            throw new IllegalStateException("no " + ref);
        }
        return switch (random.nextInt(4)) {
            case 0 -> {
                SessionRow opened = live("n" + seq, "user" + random.nextInt(4));
                server.put(opened.ref(), opened);
                yield new SessionOpened(seq, START, opened);
            }
            case 1 -> {
                ServerEvent.SessionRevoked event =
                        userRevoked(seq, "user" + random.nextInt(4), START.plusSeconds(1));
                server.replaceAll((any, each) -> endIfNamed(each, event));
                yield event;
            }
            case 2 -> {
                if (SessionRows.state(row, START) != SessionState.HELD) {
                    yield new SessionsSeen(seq, START, Map.of(ref, START));
                }
                SessionRow restored = live(ref, row.email().replace("@example.com", ""));
                server.put(ref, restored);
                yield new SessionRestored(seq, START, restored, seq, "admin");
            }
            default -> {
                ServerEvent.SessionRevoked event = revoked(seq, ref, START, START.plusSeconds(30));
                server.put(ref, endIfNamed(row, event));
                yield event;
            }
        };
    }

    private static SessionRow endIfNamed(SessionRow row, ServerEvent.SessionRevoked event) {
        SessionState state = SessionRows.state(row, START);
        boolean ends = state == SessionState.LIVE || state == SessionState.HELD;
        return ends && SessionRows.isNamedBy(row, event) ? SessionRows.revoked(row, event) : row;
    }
}
