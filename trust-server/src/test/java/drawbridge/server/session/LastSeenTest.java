package drawbridge.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.model.SessionRef;
import drawbridge.model.TenantId;
import drawbridge.model.ValidationMode;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.ServerState;
import drawbridge.server.support.DatabaseContract;
import drawbridge.server.support.Given;
import drawbridge.server.support.TestDatabase;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

@DatabaseContract
@Timeout(120)
class LastSeenTest {
    private static final Instant SEEN = Given.OPENED.plusSeconds(300);
    private static final Duration OVER = Duration.ofSeconds(2);
    private static final Duration QUICK = Duration.ofMillis(1);

    private final LastSeen lastSeen = new LastSeen();
    private final List<Duration> rests = new ArrayList<>();
    private final List<Integer> waiting = new ArrayList<>();
    private long nanos;

    @TempDir private Path folder;
    private Database database;
    private DatabaseSessionStore store;

    @BeforeEach
    void open() {
        database = TestDatabase.open(folder);
        ServerState.prepare(database, Given.OPENED);
        store = new DatabaseSessionStore(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    /** So many sessions that were trusted at {@link #SEEN}. */
    private List<Session> seen(int count) {
        List<Session> made = new ArrayList<>();
        database.write(
                DataScope.of(TenantId.DEFAULT),
                "making sessions",
                handle -> {
                    Given.insertUser(handle);
                    for (int i = 0; i < count; i++) {
                        Session session =
                                Given.seen(
                                        Given.session(),
                                        new SessionRef("ref_%022d".formatted(i)),
                                        Given.OPENED);
                        store.insert(handle, session);
                        made.add(session);
                    }
                    return count;
                });
        made.forEach(session -> lastSeen.note(session, SEEN, ValidationMode.STRICT));
        return made;
    }

    /** In a time where each batch takes that long. */
    private void writeDown(Duration each) throws InterruptedException {
        lastSeen.writeDown(
                database,
                OVER,
                () -> {
                    nanos += each.toNanos() / 2; // looked at twice for each batch
                    return nanos;
                },
                length -> {
                    rests.add(length);
                    waiting.add(lastSeen.waiting());
                    nanos += length.toNanos();
                });
    }

    private Instant known(Session session) {
        return store.find(session.key()).orElseThrow().lastSeenAt();
    }

    @Test
    void smallBatchesAreSpreadOverTheTime() throws Exception {
        List<Session> sessions = seen(1_000);

        writeDown(QUICK);

        assertThat(sessions).allMatch(session -> known(session).equals(SEEN));
        assertThat(waiting).startsWith(950, 900, 850).endsWith(50, 0).hasSize(20);
        assertThat(Duration.ofNanos(nanos)).isBetween(OVER, OVER.plus(QUICK));
    }

    @Test
    void othersHaveHalfOfTheTimeHoweverSlowItIs() throws Exception {
        seen(200);
        Duration slow = OVER.multipliedBy(3);

        writeDown(slow);

        assertThat(rests).hasSize(10).allMatch(rest -> rest.compareTo(slow.dividedBy(2)) >= 0);
    }

    @Test
    void whatABrokenDatabaseDidNotTakeStaysNoted() throws Exception {
        seen(100);
        database.close();

        writeDown(QUICK);

        assertThat(lastSeen.waiting()).isEqualTo(100);
        assertThat(rests).hasSize(3); // the next batch may fare better, but not all are tried
    }

    @Test
    void whatIsSeenMeanwhileIsWrittenTheNextTime() throws Exception {
        Session session = seen(1).getFirst();
        Instant later = SEEN.plusSeconds(60);
        lastSeen.writeDown(
                database,
                OVER,
                () -> nanos,
                _ -> lastSeen.note(session, later, ValidationMode.STRICT));
        assertThat(known(session)).isEqualTo(SEEN);

        writeDown(QUICK);

        assertThat(known(session)).isEqualTo(later);
        assertThat(lastSeen.waiting()).isZero();
    }

    /**
     * A tenth of the idle lifetime may be forgotten in a crash, and no row is written more often.
     */
    @ParameterizedTest
    @CsvSource({
        "PT30M, PT1M",
        "PT10M, PT1M",
        "PT9M, PT54S",
        "PT1M, PT6S",
        "PT2S, PT0.2S",
        "PT0.001S, PT0.2S",
    })
    void aRowIsWrittenOnceAMinuteAtMostUnlessItIdlesShorter(Duration idle, Duration every) {
        assertThat(LastSeenWriter.every(idle)).isEqualTo(every);
    }

    @Test
    void allAreWrittenAtOnceWhenItStops() {
        List<Session> sessions = seen(1_200);
        LastSeenWriter writer = new LastSeenWriter(lastSeen, database, Duration.ofHours(1));

        writer.close();

        assertThat(sessions).allMatch(session -> known(session).equals(SEEN));
    }
}
