package drawbridge.server.storage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The database of one server: readers from a bounded pool, and one writer whose transactions are
 * committed in groups and in one order. Safe for many threads.
 */
public final class Database implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int READERS = 4;

    private final HikariDataSource readers;
    private final Jdbi reading;
    private final WriteQueue writes;

    private Database(HikariDataSource readers, Jdbi reading, WriteQueue writes) {
        this.readers = readers;
        this.reading = reading;
        this.writes = writes;
    }

    /**
     * Opens an SQLite file, making it when absent, and brings its schema up to this version.
     *
     * @throws StoreUnavailableException when it cannot be used: not a database, damaged, of a newer
     *     version, no rights
     */
    public static Database openSqlite(Path file) {
        try {
            SQLiteDataSource writer = new SQLiteDataSource(settings());
            writer.setUrl("jdbc:sqlite:" + file);
            migrate(writer);
            HikariConfig pool = new HikariConfig();
            SQLiteDataSource reader = new SQLiteDataSource(settings());
            reader.setUrl("jdbc:sqlite:" + file);
            pool.setDataSource(reader);
            pool.setPoolName("db-readers");
            pool.setConnectionInitSql(
                    "PRAGMA query_only = true"); // writing is the writer's business
            pool.setMaximumPoolSize(READERS);
            pool.setMinimumIdle(READERS);
            pool.setConnectionTimeout(PATIENCE.toMillis());
            Jdbi writing = Jdbi.create(writer);
            TenantGuard guard = writing.withHandle(TenantGuard::overSqlite);
            guard.watch(writing);
            HikariDataSource readers = new HikariDataSource(pool);
            Jdbi reading = Jdbi.create(readers);
            guard.watch(reading);
            return new Database(readers, reading, new WriteQueue(writing, PATIENCE));
        } catch (FlywayException | JdbiException e) {
            throw new StoreUnavailableException("database", "opening " + file.getFileName(), e);
        }
    }

    private static SQLiteConfig settings() {
        SQLiteConfig settings = new SQLiteConfig();
        settings.setJournalMode(SQLiteConfig.JournalMode.WAL);
        // FULL: a commit that was answered is on the disk, also when the power goes.
        settings.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        settings.setBusyTimeout((int) PATIENCE.toMillis());
        settings.enforceForeignKeys(true);
        settings.setCacheSize(-16_000);
        settings.setTempStore(SQLiteConfig.TempStore.MEMORY);
        settings.setPragma(SQLiteConfig.Pragma.MMAP_SIZE, "268435456");
        return settings;
    }

    private static void migrate(SQLiteDataSource source) {
        flyway(source).migrate();
    }

    private static Flyway flyway(SQLiteDataSource source) {
        return Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/migration/sqlite")
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
            SQLiteDataSource source = new SQLiteDataSource(settings());
            source.setUrl("jdbc:sqlite:" + file);
            MigrationInfoService info = flyway(source).info();
            MigrationInfo current = info.current();
            return current == null || info.pending().length == 0
                    ? Optional.empty()
                    : Optional.of(String.valueOf(current.getVersion()));
        } catch (FlywayException e) {
            throw new StoreUnavailableException("database", "opening " + file.getFileName(), e);
        }
    }

    /**
     * Reads. What the work sees was committed before the call began.
     *
     * @param scope for whom
     * @param doing for the error message, such as {@code finding a session}
     * @throws StoreUnavailableException when the database gives no sure answer in time
     */
    public <T> T read(DataScope scope, String doing, Function<Handle, T> work) {
        try (Handle handle = reading.open()) {
            HandleScope.enter(handle, scope);
            return work.apply(handle);
        } catch (JdbiException e) {
            throw new StoreUnavailableException("database", doing, e);
        }
    }

    /**
     * Writes in a transaction of its own and returns once it is committed for good.
     *
     * @param scope for whom
     * @throws StoreUnavailableException when that could not be made sure in time
     */
    public <T> T write(DataScope scope, String doing, Function<Handle, T> work) {
        return writes.write(scope, doing, work, committed -> {});
    }

    /**
     * The same, with something to do between the commit and the answer.
     *
     * @param committed runs on the writer's thread, in commit order; must be quick and must not
     *     block
     */
    public <T> T write(
            DataScope scope, String doing, Function<Handle, T> work, Consumer<T> committed) {
        return writes.write(scope, doing, work, committed);
    }

    /** Pieces of writing that wait for the writer. */
    public int writesWaiting() {
        return writes.waiting();
    }

    /** {@code sqlite} or {@code postgresql}. */
    public String dialect() {
        return "sqlite";
    }

    @Override
    public void close() {
        writes.close();
        readers.close();
    }
}
