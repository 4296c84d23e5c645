package drawbridge.console.model;

import static drawbridge.console.model.Sessions.START;
import static drawbridge.console.model.Sessions.live;
import static drawbridge.console.model.Sessions.revoked;
import static drawbridge.console.model.Sessions.userRevoked;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.fake.FakeConsole;
import drawbridge.console.fake.FakeServer;
import drawbridge.console.fixture.Samples;
import drawbridge.model.SessionState;
import drawbridge.model.event.ServerEvent.SessionOpened;
import drawbridge.model.event.ServerEvent.SessionRestored;
import drawbridge.model.event.ServerEvent.SessionsRestored;
import drawbridge.model.event.ServerEvent.SessionsRevoked;
import drawbridge.model.event.ServerEvent.SessionsSeen;
import drawbridge.model.view.SessionRow;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** A server with more sessions than the console holds. */
class ManySessionsTest {
    private static final SessionsModel.Most MOST = new SessionsModel.Most(10, 5);
    private final SessionsModel sessions = new SessionsModel(MOST);

    private static SessionRow row(int number) {
        return at(live("s%05d".formatted(number), "user" + number % 7), number);
    }

    /** Opened and last used so many seconds after the start. */
    private static SessionRow at(SessionRow row, int second) {
        return new SessionRow(
                row.ref(),
                row.userId(),
                row.email(),
                row.tenant(),
                row.ip(),
                row.device(),
                row.agent(),
                START.plusSeconds(second),
                START.plusSeconds(second),
                START.plusSeconds(100_000 + second),
                row.state(),
                row.strictestMode(),
                null,
                null,
                null,
                null);
    }

    private void open(int from, int to) {
        for (int i = from; i < to; i++) {
            sessions.apply(new SessionOpened(i, START, row(i)));
        }
    }

    private void tidy(Instant now) {
        sessions.forgetSoon(sessions.surplus(sessions.copy(), now));
        sessions.forgetSome(now);
    }

    private Set<String> held() {
        TreeSet<String> refs = new TreeSet<>();
        sessions.copy().forEach(entry -> refs.add(entry.ref()));
        return refs;
    }

    @Test
    void forgetsThoseUnusedForLongest() {
        sessions.beginLoad();
        sessions.endLoad(true);
        open(0, 30);
        sessions.apply(new SessionsSeen(31, START, Map.of("s00003", START.plusSeconds(40))));
        assertThat(sessions.isCrowded()).isTrue();
        assertThat(sessions.wholeProperty().get()).isTrue();
        SessionEntry gone = sessions.find("s00004").orElseThrow();

        tidy(START.plusSeconds(50));

        assertThat(held())
                .containsExactly(
                        "s00003", "s00021", "s00022", "s00023", "s00024", "s00025", "s00026",
                        "s00027", "s00028", "s00029");
        assertThat(sessions.isCrowded()).isFalse();
        assertThat(sessions.wholeProperty().get()).isFalse();
        assertThat(sessions.liveHeld()).isEqualTo(10);
        assertThat(gone.isForgotten()).isTrue();
        assertThat(sessions.liveOf("u-user3", START)).isEqualTo(2); // 3 and 24
    }

    @Test
    void forgetsNoneThatWasUsedOrIsLookedAtMeanwhile() {
        open(0, 30);
        sessions.pin(sessions.find("s00001").orElseThrow());
        sessions.forgetSoon(sessions.surplus(sessions.copy(), START));
        sessions.apply(new SessionsSeen(31, START, Map.of("s00002", START.plusSeconds(41))));

        sessions.forgetSome(START.plusSeconds(42));

        assertThat(held()).contains("s00001", "s00002").doesNotContain("s00000", "s00003");
    }

    @Test
    void keepsWhatSomebodyAskedForThoughItIsLongUnused() {
        open(100, 130);
        sessions.read(List.of(row(1)), START.plusSeconds(200));

        tidy(START.plusSeconds(200));
        assertThat(held()).contains("s00001").hasSize(10);

        open(1_000, 1_010);
        tidy(START.plusSeconds(1_100));
        assertThat(held()).as("ten minutes later").doesNotContain("s00001");
    }

    @Test
    void bearsEventsAboutSessionsItDoesNotHold() {
        List<String> one = List.of("s00001");
        open(20, 30);

        sessions.apply(new SessionsSeen(40, START, Map.of("s00001", START.plusSeconds(60))));
        sessions.apply(revoked(41, "s00001", START, START.plusSeconds(30)));
        sessions.apply(userRevoked(42, "nobody", START));
        sessions.apply(
                new SessionsRevoked(
                        43, START, "default", "job", one, 7, "test", "admin", 9, START, List.of()));
        sessions.apply(new SessionsRestored(44, START, "default", "job", one, 8, "admin"));
        assertThat(sessions.size()).isEqualTo(10);

        sessions.apply(new SessionRestored(45, START, row(1), 9, "admin"));
        assertThat(sessions.find("s00001").orElseThrow().state(START)).isEqualTo(SessionState.LIVE);
    }

    @Test
    void keepsTheOneThatIsLookedAtOverAReadingThatDoesNotComeToIt() {
        open(0, 3);
        SessionEntry looked = sessions.find("s00000").orElseThrow();
        sessions.pin(looked);

        sessions.beginLoad();
        sessions.addPage(List.of(row(2)));
        sessions.endLoad(false);
        assertThat(held()).containsExactly("s00000", "s00002");
        assertThat(sessions.wholeProperty().get()).isFalse();

        sessions.beginLoad();
        sessions.endLoad(true);
        assertThat(looked.isForgotten()).isTrue();
        sessions.read(List.of(row(0)), START);
        assertThat(sessions.find("s00000")).containsSame(looked);
        assertThat(looked.isForgotten()).isFalse();
    }

    @Test
    void holdsEqualTextsOnce() {
        sessions.addPage(List.of(copied(row(1)), copied(row(8)), copied(row(2))));

        SessionRow one = sessions.find("s00001").orElseThrow().told();
        SessionRow ofSameUser = sessions.find("s00008").orElseThrow().told();
        SessionRow ofAnother = sessions.find("s00002").orElseThrow().told();
        assertThat(ofSameUser).isEqualTo(row(8));
        assertThat(ofSameUser.email()).isSameAs(one.email());
        assertThat(ofSameUser.userId()).isSameAs(one.userId());
        assertThat(ofAnother.agent()).isSameAs(one.agent());
        assertThat(ofAnother.state()).isSameAs(one.state());
    }

    private static SessionRow copied(SessionRow row) {
        return new SessionRow(
                row.ref(),
                copy(row.userId()),
                copy(row.email()),
                copy(row.tenant()),
                row.ip(),
                row.device(),
                copy(String.valueOf(row.agent())),
                row.createdAt(),
                row.lastSeenAt(),
                row.expiresAt(),
                copy(row.state()),
                row.strictestMode(),
                null,
                null,
                null,
                null);
    }

    private static String copy(String text) {
        return new String(text.toCharArray());
    }

    /** Whatever comes and goes, each user has those of its sessions that are held. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void knowsWhoseItsSessionsAre(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int step = 0; step < 200; step++) {
            int number = random.nextInt(60);
            if (random.nextInt(10) == 0) {
                tidy(START.plusSeconds(step));
            } else {
                sessions.read(List.of(row(number)), START);
            }
            Map<String, Long> users = new HashMap<>();
            sessions.copy().forEach(entry -> users.merge(entry.told().userId(), 1L, Long::sum));
            for (int user = 0; user < 7; user++) {
                assertThat(sessions.liveOf("u-user" + user, START))
                        .isEqualTo(users.getOrDefault("u-user" + user, 0L));
            }
        }
        assertThat(sessions.size()).isPositive();
    }

    @Test
    void readsNoMorePagesThanItKeeps() {
        FakeConsole console = new FakeConsole(START, new SessionsModel.Most(6_000, 100));
        FakeServer server = console.server();
        for (int i = 0; i < 22_000; i++) {
            server.hold(row(i));
        }
        console.model().open();

        console.supervisor().enter(server.running());

        assertThat(server.listed()).containsExactly("", "");
        assertThat(console.model().sessions().wholeProperty().get()).isFalse();
        assertThat(console.model().sessions().find("s21999")).isPresent();
        assertThat(console.model().loadingProperty().get())
                .isEqualTo(new Loading(10_000, 10_000, true, ""));
        for (int tick = 0; tick < 3; tick++) {
            console.model().tick();
        }
        assertThat(console.model().sessions().size()).isEqualTo(6_000);
        assertThat(console.model().sessions().find("s15999")).as("older").isEmpty();
    }

    @Test
    void asksForLiveOnesOnlyOnceEnoughEndedOnesWereRead() {
        FakeConsole console = new FakeConsole(START, new SessionsModel.Most(6_000, 100));
        FakeServer server = console.server();
        for (int i = 0; i < 3_000; i++) {
            server.hold(row(i));
        }
        for (int i = 3_000; i < 9_000; i++) {
            server.hold(ended(row(i)));
        }
        console.model().open();

        console.supervisor().enter(server.running());
        console.model().tick();
        console.model().tick();
        console.model().tick();

        assertThat(server.listed()).containsExactly("", "state:live");
        assertThat(console.model().sessions().wholeProperty().get()).isTrue();
        assertThat(console.model().loadingProperty().get())
                .isEqualTo(new Loading(8_000, 8_000, true, ""));
        assertThat(console.model().sessions().size()).isEqualTo(3_100);
    }

    private static SessionRow ended(SessionRow row) {
        return SessionRows.revoked(row, revoked(1, row.ref(), row.createdAt(), null));
    }

    @Test
    void readsAgainOnceAllOfThemFit() {
        FakeConsole console = new FakeConsole(START, MOST);
        FakeServer server = console.server();
        ConsoleModel model = console.model();
        List<SessionRow> rows = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            rows.add(row(i));
            server.hold(row(i));
        }
        model.open();
        console.supervisor().enter(server.running());
        model.tick();
        assertThat(model.sessions().wholeProperty().get()).isFalse();
        assertThat(model.sessions().size()).isEqualTo(10);

        rows.subList(4, 30).forEach(row -> server.open(ended(row)));
        server.tell(Samples::metrics);
        console.clock().advance(Duration.ofSeconds(31));
        model.tick();
        model.tick();

        assertThat(model.sessions().wholeProperty().get()).isTrue();
        assertThat(model.sessions().find("s00000")).isPresent();
    }
}
