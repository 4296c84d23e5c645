package drawbridge.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.support.FaultProxy;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.TestDatabase;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.LongStream;

/** A real PostgreSQL with several servers on it, and with faults between. */
@Timeout(120)
final class PostgresTest {
    private static final DataScope SETUP = DataScope.server(Why.SETUP);
    private static final Database.Pool POOL = new Database.Pool(2, Duration.ofSeconds(1));
    private static final MutableClock CLOCK =
            new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));

    @TempDir Path temp = Path.of("");
    private final List<AutoCloseable> opened = new ArrayList<>();
    private String url = "";
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @BeforeEach
    void find() {
        url = TestDatabase.postgresFor(temp.resolve("data"));
    }

    @AfterEach
    void close() throws Exception {
        threads.shutdownNow();
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    private Database open(String at) {
        Database database = Database.openPostgres(TestDatabase.parsed(at), POOL);
        opened.add(database);
        ServerState.prepare(database, CLOCK.instant());
        return database;
    }

    private FaultProxy proxy() throws IOException {
        int port = Integer.parseInt(url.replaceAll(".*:(\\d+)/.*", "$1"));
        FaultProxy proxy = new FaultProxy(port);
        opened.add(proxy);
        return proxy;
    }

    private String through(FaultProxy proxy) {
        return url.replaceAll(":\\d+/", ":" + proxy.port() + "/");
    }

    private static long next(Handle handle) {
        return handle.createQuery(
                        "UPDATE server_state SET log_number = log_number + 1 WHERE id = 1"
                                + " RETURNING log_number")
                .mapTo(long.class)
                .one();
    }

    @Test
    void hasTheTablesAndColumnsThatSqliteHas() {
        Database postgres = open(url);
        Database sqlite = Database.openSqlite(temp.resolve("other.db"));
        opened.add(sqlite);

        assertThat(columns(postgres)).isEqualTo(columns(sqlite)).hasSizeGreaterThan(20);
        assertThat(columns(postgres).get("session")).contains("device_cookie_hash");
    }

    private static Map<String, Set<String>> columns(Database database) {
        return database.read(
                SETUP,
                "reading the schema",
                handle -> {
                    Dialect dialect = Dialect.of(handle);
                    Map<String, Set<String>> columns = new TreeMap<>();
                    for (String table : dialect.tables(handle)) {
                        columns.put(table, Set.copyOf(dialect.columns(handle, table)));
                    }
                    columns.remove("flyway_schema_history");
                    return columns;
                });
    }

    @Test
    void letsServersWriteOneAfterTheOtherSoThatCommitsAreInTheOrderOfTheirNumbers()
            throws Exception {
        List<Database> servers = List.of(open(url), open(url), open(url));
        ConcurrentLinkedQueue<Long> committed = new ConcurrentLinkedQueue<>();
        List<Future<Long>> all = new ArrayList<>();

        for (int i = 0; i < 150; i++) {
            Database server = servers.get(i % servers.size());
            all.add(
                    threads.submit(() ->
                            server.write(SETUP, "counting", PostgresTest::next, committed::add)));
        }
        List<Long> numbers = new ArrayList<>();
        for (Future<Long> each : all) {
            numbers.add(each.get());
        }

        assertThat(numbers).containsExactlyInAnyOrderElementsOf(to(150));
        assertThat(committed).hasSize(150);
        assertThat(ServerState.logNumber(servers.getFirst())).isEqualTo(150);
    }

    /** Elsewhere commits that wait for nothing are what these tests' PostgreSQL is set to. */
    @ParameterizedTest
    @CsvSource({"off, on", "local, local", "remote_apply, remote_apply"})
    void waitsForItsCommitsWhereTheDatabaseIsSetNotTo(String set, String seen) {
        String name = url.substring(url.lastIndexOf('/') + 1);
        Jdbi.create(TestDatabase.parsed(url).source(10))
                .useHandle(handle ->
                        handle.execute(
                                "ALTER DATABASE %s SET synchronous_commit = '%s'"
                                        .formatted(name, set)));
        Database server = open(url);
        Function<Handle, String> asked =
                handle -> handle.createQuery("SHOW synchronous_commit").mapTo(String.class).one();

        assertThat(server.write(SETUP, "writing", asked)).isEqualTo(seen);
        assertThat(server.rewrite(SETUP, "writing much", asked)).isEqualTo(seen);
    }

    private static List<Long> to(long most) {
        return LongStream.rangeClosed(1, most).boxed().toList();
    }

    @Test
    void undoesOnePieceThatFailsAndKeepsTheOthersOfItsGroup() throws Exception {
        Database server = open(url);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Future<Long> first =
                threads.submit(() ->
                        server.write(
                                SETUP,
                                "beginning",
                                handle -> {
                                    begun.countDown();
                                    wait(go);
                                    return next(handle);
                                }));
        wait(begun);
        Future<Long> good = threads.submit(() -> server.write(SETUP, "a", PostgresTest::next));
        Future<StoreUnavailableException> bad =
                threads.submit(() ->
                        catchThrowableOfType(
                                StoreUnavailableException.class,
                                () ->
                                        server.write(
                                                SETUP,
                                                "b",
                                                handle -> {
                                                    long _ = next(handle);
                                                    return handle.execute("SELECT 1 / 0");
                                                })));
        await().until(() -> server.writesWaiting() == 2);
        go.countDown();

        assertThat(List.of(first.get(), good.get())).containsExactlyInAnyOrder(1L, 2L);
        assertThat(bad.get().maybeDone()).isFalse();
        assertThat(ServerState.logNumber(server)).isEqualTo(2);
    }

    /** Its words for it may be in any language. */
    @Test
    void aFullDiskIsKnownByItsNumber() {
        Database server = open(url);

        StoreUnavailableException full =
                catchThrowableOfType(
                        StoreUnavailableException.class,
                        () ->
                                server.write(
                                        SETUP,
                                        "writing",
                                        handle ->
                                                handle.execute(
                                                        "DO 'BEGIN RAISE EXCEPTION ''kein Platz''"
                                                                + " USING ERRCODE = ''53100''; END'")));

        assertThat(full.isFull()).isTrue();
        assertThat(full.maybeDone()).isFalse();
        assertThat(server.write(SETUP, "going on", PostgresTest::next)).isEqualTo(1);
    }

    private static void wait(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aServerThatStopsWithinATransactionStopsTheOthersForASecondAtMost() throws Exception {
        Database stopped = open(url);
        Database other = open(url);
        CountDownLatch within = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Future<Long> suspended =
                threads.submit(() ->
                        stopped.write(
                                SETUP,
                                "stopping within",
                                handle -> {
                                    long number = next(handle);
                                    within.countDown();
                                    wait(go);
                                    return handle.createQuery("SELECT :n")
                                            .bind("n", number)
                                            .mapTo(long.class)
                                            .one();
                                }));
        wait(within);

        // The other one goes on only after this: without a bound this would be given up.
        assertThat(other.write(SETUP, "going on", PostgresTest::next)).isEqualTo(1);
        go.countDown();
        assertThat(suspended.get()).as("done again, behind the other").isEqualTo(2);
    }

    @Test
    void aDatabaseThatHangsIsAwayWithinFiveSecondsAndBackByItself() throws Exception {
        FaultProxy proxy = proxy();
        Database server = open(through(proxy));
        proxy.set(FaultProxy.Mode.HANG);

        long start = System.nanoTime();
        Future<StoreUnavailableException> reading =
                threads.submit(() ->
                        catchThrowableOfType(
                                StoreUnavailableException.class,
                                () -> ServerState.logNumber(server)));
        StoreUnavailableException writing =
                catchThrowableOfType(
                        StoreUnavailableException.class,
                        () -> server.write(SETUP, "writing", PostgresTest::next));
        assertThat(reading.get()).isNotNull();
        assertThat(writing).isNotNull();
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isLessThan(Duration.ofSeconds(15)); // five of them by itself

        proxy.set(FaultProxy.Mode.PASS);
        awaitBack(server);
    }

    @Test
    void aDatabaseThatWasCutOffIsBackByItself() throws Exception {
        FaultProxy proxy = proxy();
        Database server = open(through(proxy));
        proxy.set(FaultProxy.Mode.CUT);
        StoreUnavailableException away =
                catchThrowableOfType(
                        StoreUnavailableException.class,
                        () -> server.write(SETUP, "writing", PostgresTest::next));
        assertThat(away.maybeDone()).isFalse();

        proxy.set(FaultProxy.Mode.PASS);
        awaitBack(server);
    }

    private static void awaitBack(Database server) {
        await().ignoreExceptions()
                .untilAsserted(() -> {
                    assertThat(server.write(SETUP, "writing", PostgresTest::next)).isPositive();
                    assertThat(ServerState.logNumber(server)).isPositive();
                });
    }

    @Test
    void aCommitWhoseAnswerWasLostMayHaveBeenMade() throws Exception {
        FaultProxy proxy = proxy();
        Database server = open(through(proxy));
        pastTheServer().useHandle(PostgresTest::slowCommits);
        CountDownLatch within = new CountDownLatch(1);
        Future<StoreUnavailableException> lost =
                threads.submit(() ->
                        catchThrowableOfType(
                                StoreUnavailableException.class,
                                () ->
                                        server.write(
                                                SETUP,
                                                "writing",
                                                handle -> {
                                                    long number = next(handle);
                                                    within.countDown();
                                                    return number;
                                                })));
        wait(within);
        await().until(() -> isCommitting());
        proxy.set(FaultProxy.Mode.CUT);

        assertThat(lost.get().maybeDone()).isTrue();
    }

    private boolean isCommitting() {
        return pastTheServer()
                .withHandle(handle ->
                        handle.createQuery(
                                                "SELECT count(*) FROM pg_stat_activity WHERE query = 'COMMIT'"
                                                        + " AND state = 'active'"
                                                        + " AND datname = current_database()")
                                        .mapTo(long.class)
                                        .one()
                                > 0);
    }

    /** The server's own roles own nothing, and see nobody else's statements. */
    private Jdbi pastTheServer() {
        return Jdbi.create("jdbc:" + url.replace("postgres@", "") + "?user=postgres");
    }

    private static void slowCommits(Handle handle) {
        for (String each :
                List.of(
                        """
                        CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
                            'BEGIN PERFORM pg_sleep(10); RETURN NULL; END'
                        """,
                        """
                        CREATE CONSTRAINT TRIGGER slow AFTER UPDATE ON server_state
                            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slow()
                        """)) {
            handle.execute(each);
        }
    }

    @Test
    void readsManyRowsAsTheyWereAtOneInstant() {
        Database server = open(url);

        List<Long> seen =
                server.snapshot(
                        SETUP,
                        "reading twice",
                        handle -> {
                            long before = number(handle);
                            server.write(SETUP, "counting", PostgresTest::next);
                            return List.of(before, number(handle));
                        });

        assertThat(seen).containsExactly(0L, 0L);
        assertThat(ServerState.logNumber(server)).isEqualTo(1);
    }

    private static long number(Handle handle) {
        return handle.createQuery("SELECT log_number FROM server_state").mapTo(long.class).one();
    }

    @Test
    void saysHowItsConnectionsStand() {
        Database server = open(url);
        ConcurrentLinkedQueue<Long> waits = new ConcurrentLinkedQueue<>();
        server.tellWaits(waits::add);

        Database.PoolFigures during = server.read(SETUP, "looking", handle -> server.readers());

        assertThat(during.busy()).isEqualTo(1);
        assertThat(during.open()).isBetween(1, POOL.size());
        assertThat(during.waiting()).isZero();
        assertThat(waits).hasSize(1);
    }
}
