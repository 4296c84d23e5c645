package drawbridge.server.storage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import com.zaxxer.hikari.metrics.IMetricsTracker;
import com.zaxxer.hikari.pool.HikariPool;

import drawbridge.model.TenantId;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

import javax.sql.DataSource;

/**
 * The database of one server: readers from a bounded pool, and one writer whose transactions are
 * committed in groups and in one order. Safe for many threads.
 *
 * <p>Of several servers on one PostgreSQL one writes at a time, so that commit order is one order
 * for all of them, too.
 */
public final class Database implements AutoCloseable {
    /** How long somebody waits for a write. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /**
     * How much of an SQLite file a connection holds. Little for each of several readers: what they
     * share is the system's cache of the file.
     */
    private static final int WRITERS_PAGES_KIB = 16_000;

    private static final int READERS_PAGES_KIB = 4_000;

    /** How long a PostgreSQL may owe an answer; with the wait for a connection at most 5 s. */
    private static final int ANSWER_SECONDS = 4;

    /** The same for a migration, or while everything is read. */
    private static final int LONG_ANSWER_SECONDS = 600;

    private static final int SNAPSHOTS = 2;

    /** The schema of this version of the server. */
    private static final String NEWEST = "latest";

    /** Enough for a lease, those who wait for other nodes, and one who tells them. */
    private static final int OWN = 4;

    /** Rows that a query of a {@link #snapshot} should hold in memory, where there are many. */
    public static final int FETCHED_AT_ONCE = 1_000;

    /**
     * How many connections read, and how long somebody waits for one of them.
     *
     * @param size at most
     * @param patience then the database counts as away
     */
    public record Pool(int size, Duration patience) {
        /** What SQLite is read with. */
        public static final Pool USUAL = new Pool(4, PATIENCE);
    }

    private final Dialect dialect;
    private final AtomicReference<Optional<String>> schema =
            new AtomicReference<>(Optional.empty());
    private final HikariDataSource readers;
    private final HikariDataSource writer;
    private final Jdbi reading;
    private final Jdbi snapshots;
    private final DataSource bare;
    private final Semaphore snapshotsLeft = new Semaphore(SNAPSHOTS);
    private final WriteQueue writes;
    private final Supplier<OwnConnections> own;
    private final AtomicReference<LongConsumer> waited;

    private Database(
            Dialect dialect,
            HikariConfig readers,
            HikariConfig writer,
            DataSource snapshots,
            Supplier<OwnConnections> own) {
        this.dialect = dialect;
        this.own = own;
        this.waited = new AtomicReference<>(nanos -> {});
        readers.setPoolName("db-readers");
        Duration patience = Duration.ofMillis(readers.getConnectionTimeout());
        readers.setMetricsTrackerFactory((name, stats) -> new WaitTracker(waited, patience));
        writer.setPoolName("db-writer");
        writer.setMaximumPoolSize(1);
        this.bare = snapshots;
        this.snapshots = jdbi(dialect, snapshots);
        TenantGuard guard = this.snapshots.withHandle(TenantGuard::over);
        this.readers = new HikariDataSource(readers);
        try {
            this.writer = new HikariDataSource(writer);
        } catch (RuntimeException e) {
            this.readers.close();
            throw e;
        }
        this.reading = jdbi(dialect, this.readers);
        Jdbi writing = jdbi(dialect, this.writer);
        guard.watch(this.snapshots);
        guard.watch(reading);
        guard.watch(writing);
        this.writes = new WriteQueue(writing, dialect, PATIENCE);
    }

    private record WaitTracker(AtomicReference<LongConsumer> waited, Duration patience)
            implements IMetricsTracker {
        @Override
        public void recordConnectionAcquiredNanos(long nanos) {
            waited.get().accept(nanos);
        }

        /** Whoever waited in vain waited the longest. */
        @Override
        public void recordConnectionTimeout() {
            waited.get().accept(patience.toNanos());
        }
    }

    private static Jdbi jdbi(Dialect dialect, DataSource source) {
        Jdbi jdbi = Jdbi.create(source);
        dialect.teach(jdbi);
        return jdbi;
    }

    /**
     * Opens an SQLite file, making it when absent, and brings its schema up to this version.
     *
     * @throws StoreUnavailableException when it cannot be used: not a database, damaged, of a newer
     *     version, no rights
     */
    public static Database openSqlite(Path file) {
        return openSqlite(file, NEWEST);
    }

    /**
     * The same with the schema of that version, for a copy of an older database.
     *
     * @param version as {@link #outdatedPostgres} gives it
     */
    public static Database openSqlite(Path file, String version) {
        try {
            SQLiteDataSource source = sqlite(file, WRITERS_PAGES_KIB);
            flyway(Dialect.SQLITE, source, version).migrate();
            HikariConfig reading = new HikariConfig();
            reading.setDataSource(sqlite(file, READERS_PAGES_KIB));
            reading.setConnectionInitSql(
                    "PRAGMA query_only = true"); // writing is the writer's business
            reading.setMaximumPoolSize(Pool.USUAL.size());
            reading.setMinimumIdle(Pool.USUAL.size());
            reading.setConnectionTimeout(Pool.USUAL.patience().toMillis());
            HikariConfig writing = new HikariConfig();
            writing.setDataSource(source);
            writing.setConnectionTimeout(PATIENCE.toMillis());
            writing.setMaxLifetime(0); // opening a file anew makes nothing better
            DataSource snapshots = sqlite(file, READERS_PAGES_KIB);
            return new Database(
                    Dialect.SQLITE,
                    reading,
                    writing,
                    snapshots,
                    () -> {
                        throw new IllegalStateException("an SQLite file is not shared");
                    });
        } catch (FlywayException | JdbiException | HikariPool.PoolInitializationException e) {
            throw new StoreUnavailableException("database", "opening " + file.getFileName(), e);
        }
    }

    /**
     * Opens a PostgreSQL, and brings its schema up to this version.
     *
     * @throws StoreUnavailableException when it cannot be used: away, no rights, of a newer
     *     version, or a wall between tenants is missing
     */
    public static Database openPostgres(PostgresUrl url, Pool pool) {
        return openPostgres(url, Optional.empty(), pool);
    }

    /**
     * The same, with another login that brings the schema up to date.
     *
     * @param migrating empty when one login does both
     */
    public static Database openPostgres(
            PostgresUrl url, Optional<PostgresUrl> migrating, Pool pool) {
        try {
            flyway(Dialect.POSTGRESQL, migrating.orElse(url).source(LONG_ANSWER_SECONDS)).migrate();
            requireWalls(url, migrating.isEmpty());
            return postgresAsItIs(url, pool);
        } catch (FlywayException | JdbiException | HikariPool.PoolInitializationException e) {
            throw new StoreUnavailableException("database", "opening " + url, e);
        }
    }

    /**
     * Opens a PostgreSQL with the schema it has, whichever that is: to copy it before an upgrade,
     * and for nothing else.
     *
     * @throws StoreUnavailableException when it is away or does not let us in
     */
    public static Database openPostgresAsItIs(PostgresUrl url) {
        try {
            return postgresAsItIs(url, Pool.USUAL);
        } catch (JdbiException | HikariPool.PoolInitializationException e) {
            throw new StoreUnavailableException("database", "opening " + url, e);
        }
    }

    private static Database postgresAsItIs(PostgresUrl url, Pool pool) {
        HikariConfig reading = postgres(url, pool.patience());
        reading.setReadOnly(true);
        reading.setMaximumPoolSize(pool.size());
        return new Database(
                Dialect.POSTGRESQL,
                reading,
                postgres(url, pool.patience()),
                url.source(LONG_ANSWER_SECONDS),
                () -> ownConnections(url));
    }

    private static OwnConnections ownConnections(PostgresUrl url) {
        PGSimpleDataSource source = url.source(1);
        source.setConnectTimeout(1);
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        config.setPoolName("db-own");
        config.setMaximumPoolSize(OWN);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(700);
        config.setValidationTimeout(500);
        config.setInitializationFailTimeout(-1);
        config.setIdleTimeout(TimeUnit.MINUTES.toMillis(5));
        config.setMaxLifetime(TimeUnit.MINUTES.toMillis(10));
        HikariDataSource pool = new HikariDataSource(config);
        return new OwnConnections(pool, jdbi(Dialect.POSTGRESQL, pool), url.source(ANSWER_SECONDS));
    }

    /** Nothing is served from a database where one tenant could see another one's rows. */
    private static void requireWalls(PostgresUrl url, boolean isMigrating) {
        Optional<String> fault = wallFault(url, isMigrating);
        if (fault.isPresent()) {
            throw new StoreUnavailableException(
                    "database",
                    "looking at the walls between tenants",
                    new IllegalStateException(fault.get()));
        }
    }

    private static Optional<String> wallFault(PostgresUrl url, boolean isMigrating) {
        return Jdbi.create(url.source(LONG_ANSWER_SECONDS))
                .withHandle(handle -> PostgresWalls.findFault(handle, isMigrating));
    }

    private static HikariConfig postgres(PostgresUrl url, Duration wait) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(url.source(ANSWER_SECONDS));
        config.setConnectionTimeout(wait.toMillis());
        config.setValidationTimeout(Math.min(wait.toMillis(), 1_000));
        config.setKeepaliveTime(TimeUnit.MINUTES.toMillis(1));
        config.setMaxLifetime(TimeUnit.MINUTES.toMillis(10));
        return config;
    }

    private static SQLiteDataSource sqlite(Path file, int pagesKib) {
        SQLiteConfig settings = new SQLiteConfig();
        settings.setJournalMode(SQLiteConfig.JournalMode.WAL);
        // FULL: a commit that was answered is on the disk, also when the power goes.
        settings.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        settings.setBusyTimeout((int) PATIENCE.toMillis());
        settings.enforceForeignKeys(true);
        settings.setCacheSize(-pagesKib); // negative: KiB, and not pages
        settings.setTempStore(SQLiteConfig.TempStore.MEMORY);
        // No memory map: where the disk fails, reading one ends the process instead of the query.
        settings.setPragma(SQLiteConfig.Pragma.MMAP_SIZE, "0");
        settings.setGetGeneratedKeys(false); // or the driver asks for one after every insert
        return new KeptStatements(file, settings);
    }

    private static Flyway flyway(Dialect dialect, DataSource source) {
        return flyway(dialect, source, NEWEST);
    }

    private static Flyway flyway(Dialect dialect, DataSource source, String version) {
        return Flyway.configure()
                .dataSource(source)
                .target(version)
                .locations("classpath:db/migration/" + dialect.word())
                .ignoreMigrationPatterns(new String[0]) // a newer schema is refused
                .cleanDisabled(true)
                .load();
    }

    /**
     * The schema's version of a file whose schema {@link #openSqlite} would change; empty when it
     * would not, or there is nothing in the file yet.
     *
     * @throws StoreUnavailableException when the file cannot be read
     */
    public static Optional<String> outdatedSqlite(Path file) {
        try {
            return outdated(flyway(Dialect.SQLITE, sqlite(file, READERS_PAGES_KIB)));
        } catch (FlywayException e) {
            throw new StoreUnavailableException("database", "opening " + file.getFileName(), e);
        }
    }

    /** The same of a PostgreSQL and {@link #openPostgres(PostgresUrl, Pool)}. */
    public static Optional<String> outdatedPostgres(PostgresUrl url) {
        try {
            return outdated(flyway(Dialect.POSTGRESQL, url.source(ANSWER_SECONDS)));
        } catch (FlywayException e) {
            throw new StoreUnavailableException("database", "opening " + url, e);
        }
    }

    private static Optional<String> outdated(Flyway migrations) {
        MigrationInfoService info = migrations.info();
        MigrationInfo current = info.current();
        return current == null || info.pending().length == 0
                ? Optional.empty()
                : Optional.of(String.valueOf(current.getVersion()));
    }

    /**
     * Reads. What the work sees was committed before the call began.
     *
     * @param scope for whom
     * @param doing for the error message, such as {@code finding a session}
     * @throws StoreUnavailableException when the database gives no sure answer in time
     */
    public <T> T read(DataScope scope, String doing, Function<Handle, T> work) {
        long begun = System.nanoTime();
        try (Handle handle = reading.open()) {
            HandleScope.enter(handle, scope);
            return dialect.reading(handle, scope, work);
        } catch (JdbiException e) {
            throw new StoreUnavailableException("database", doing, e);
        } finally {
            DatabaseWork.done(doing, System.nanoTime() - begun);
        }
    }

    /**
     * Reads much, all of it as it was at one instant, on a connection of its own that may take
     * minutes. A few at a time.
     *
     * @param scope for whom
     * @throws StoreUnavailableException when the database gives no sure answer, or too many are
     *     reading so
     */
    public <T> T snapshot(DataScope scope, String doing, Function<Handle, T> work) {
        try {
            if (!snapshotsLeft.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new StoreUnavailableException(
                        "database", doing, new TimeoutException("too many read so already"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("database", doing, e);
        }
        try (Handle handle = snapshots.open()) {
            HandleScope.enter(handle, scope);
            return handle.inTransaction(one -> {
                dialect.freeze(one);
                dialect.enter(one, scope, false);
                return work.apply(one);
            });
        } catch (JdbiException e) {
            throw new StoreUnavailableException("database", doing, e);
        } finally {
            snapshotsLeft.release();
        }
    }

    /**
     * Writes much in one transaction, which may take minutes and lets nobody else write meanwhile:
     * for a database that no server of this process uses.
     *
     * @param scope for whom
     * @throws StoreUnavailableException when it was not done, or nobody knows whether it was
     */
    public <T> T rewrite(DataScope scope, String doing, Function<Handle, T> work) {
        try (Handle handle = snapshots.open()) {
            HandleScope.enter(handle, scope);
            return handle.inTransaction(one -> {
                dialect.excludeOthers(one);
                return work.apply(one);
            });
        } catch (JdbiException e) {
            throw new StoreUnavailableException("database", doing, e);
        }
    }

    /**
     * Tries the walls between tenants, each of the four commands on each table that holds rows of
     * tenants, and changes nothing.
     *
     * @throws StoreUnavailableException when it does not answer
     */
    public WallTrial.Outcome tryWalls() {
        WallTrial.Outcome guard =
                read(
                        DataScope.of(TenantId.DEFAULT),
                        "trying the guard between tenants",
                        WallTrial::ofGuard);
        if (dialect == Dialect.SQLITE) {
            return guard;
        }
        try {
            WallTrial.Outcome walls = WallTrial.ofPostgres(jdbi(dialect, bare));
            return new WallTrial.Outcome(
                    walls.tables(),
                    guard.tried() + walls.tried(),
                    Stream.concat(walls.faults().stream(), guard.faults().stream()).toList(),
                    walls.powerful());
        } catch (JdbiException e) {
            throw new StoreUnavailableException("database", "trying row-level security", e);
        }
    }

    /**
     * Looks at a PostgreSQL from outside and changes nothing.
     *
     * @return which one it is, and the version of the schema in it, in words
     * @throws StoreUnavailableException when it does not answer or does not let us in
     */
    public static String describe(PostgresUrl url) {
        try (Handle handle = jdbi(Dialect.POSTGRESQL, url.source(ANSWER_SECONDS)).open()) {
            String version = handle.createQuery("SHOW server_version").mapTo(String.class).one();
            MigrationInfo schema =
                    flyway(Dialect.POSTGRESQL, url.source(ANSWER_SECONDS)).info().current();
            return "PostgreSQL %s at %s answers, %s"
                    .formatted(
                            version,
                            url,
                            schema == null
                                    ? "with nothing in it yet; the start makes it"
                                    : "with schema %s".formatted(schema.getVersion()));
        } catch (FlywayException | JdbiException e) {
            throw new StoreUnavailableException("database", "looking at it", e);
        }
    }

    /**
     * Looks at the walls between tenants in a PostgreSQL from outside, as a start does, and changes
     * nothing.
     *
     * @param isMigrating whether this login also brings the schema up to date
     * @return what is wrong, as a sentence that names the table, policy or login; empty when
     *     nothing is, or when there is no schema yet
     * @throws StoreUnavailableException when it does not answer or does not let us in
     */
    public static Optional<String> findWallFault(PostgresUrl url, boolean isMigrating) {
        try {
            MigrationInfo schema =
                    flyway(Dialect.POSTGRESQL, url.source(ANSWER_SECONDS)).info().current();
            return schema == null ? Optional.empty() : wallFault(url, isMigrating);
        } catch (FlywayException | JdbiException e) {
            throw new StoreUnavailableException("database", "looking at its walls", e);
        }
    }

    /**
     * Writes in a transaction of its own and returns once it is committed for good.
     *
     * @param scope for whom
     * @param work is done again from the start when the connection is lost before it is committed,
     *     so it must change nothing but the database
     * @throws StoreUnavailableException when that could not be made sure in time
     */
    public <T> T write(DataScope scope, String doing, Function<Handle, T> work) {
        return writes.write(scope, doing, false, work, committed -> {});
    }

    /**
     * The same, with something to do between the commit and the answer.
     *
     * @param committed runs on the writer's thread, in commit order; must be quick and must not
     *     block
     */
    public <T> T write(
            DataScope scope, String doing, Function<Handle, T> work, Consumer<T> committed) {
        return writes.write(scope, doing, false, work, committed);
    }

    /**
     * The same for what comes often and waits for other things anyway: where there is much of it,
     * it may take some milliseconds longer, so that many share a commit.
     *
     * @param committed as above
     */
    public <T> T writeTogether(
            DataScope scope, String doing, Function<Handle, T> work, Consumer<T> committed) {
        return writes.write(scope, doing, true, work, committed);
    }

    /** The same with nothing to do in between. */
    public <T> T writeTogether(DataScope scope, String doing, Function<Handle, T> work) {
        return writes.write(scope, doing, true, work, committed -> {});
    }

    /** The rest of a piece of writing that began for the whole server is for that tenant alone. */
    public static void narrow(Handle handle, TenantId tenant) {
        DataScope scope = DataScope.of(tenant);
        HandleScope.enter(handle, scope);
        Dialect.of(handle).enter(handle, scope, true);
    }

    /**
     * From now on, a write that wrote into the revocation log is answered only when its rows hold
     * on every node.
     */
    public void answerAfter(Agreement agreement) {
        writes.answerAfter(agreement);
    }

    /**
     * From now on, that is told of each write that wrote into the revocation log: the number of its
     * last row, on the writer's thread and in commit order, when what it changed in memory is
     * changed and nobody is answered yet.
     */
    public void tellOfLog(LongConsumer reached) {
        writes.tellOfLog(reached);
    }

    /**
     * From now on nothing is read from or written to a database whose revocation log does not reach
     * that number. Called before anybody asks it; an SQLite file is never another one. Copies of
     * the whole are not looked at: they see one instant, and nobody is trusted because of them.
     */
    public void requireLog(LongSupplier known) {
        reading.getConfig(LeastLog.class).is(known);
        writes.requireLog(known);
    }

    /**
     * Whether other servers may use it at the same time, so that what they and this one commit
     * reaches memory by the revocation log alone.
     */
    public boolean isShared() {
        return dialect == Dialect.POSTGRESQL;
    }

    /**
     * A few more connections, which their owner closes.
     *
     * @throws IllegalStateException when it is not shared
     */
    public OwnConnections ownConnections() {
        return own.get();
    }

    /** Pieces of writing that wait for the writer. */
    public int writesWaiting() {
        return writes.waiting();
    }

    /** {@code sqlite} or {@code postgresql}. */
    public String dialect() {
        return dialect.word();
    }

    /** The version of its schema, such as {@code 13}. */
    public String schema() {
        return schema.updateAndGet(known -> known.or(this::readSchema)).orElse("unknown");
    }

    private Optional<String> readSchema() {
        try {
            return Optional.ofNullable(flyway(dialect, bare).info().current())
                    .map(current -> String.valueOf(current.getVersion()));
        } catch (FlywayException e) {
            return Optional.empty(); // away now, or not this login's to read
        }
    }

    /** How the readers' connections stand. */
    public PoolFigures readers() {
        HikariPoolMXBean pool = readers.getHikariPoolMXBean();
        return new PoolFigures(
                pool.getTotalConnections(),
                pool.getActiveConnections(),
                readers.getMaximumPoolSize(),
                pool.getThreadsAwaitingConnection());
    }

    /**
     * Readers' connections.
     *
     * @param open how many there are
     * @param busy how many are reading
     * @param most how many there may be
     * @param waiting how many callers wait for one
     */
    public record PoolFigures(int open, int busy, int most, int waiting) {}

    /**
     * Lets somebody hear how long, in nanoseconds, each reader waited for its connection, also of
     * those that got none.
     */
    public void tellWaits(LongConsumer nanos) {
        waited.set(nanos);
    }

    @Override
    public void close() {
        writes.close();
        writer.close();
        readers.close();
    }
}
