package drawbridge.server.storage;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * What SQLite and PostgreSQL say differently. Statements are written once, in SQL that both take;
 * where they have different words, the statement holds a name in angle brackets, such as {@code
 * <greatest>(a, b)}. What takes a statement of its own is a method here.
 */
public enum Dialect {
    /** The file in the data folder. */
    SQLITE(
            "sqlite",
            Map.of(
                    "greatest",
                    "max",
                    "least",
                    "min",
                    "position",
                    "instr",
                    "hex",
                    "hex",
                    "as_hex",
                    "")) {
        @Override
        void begin(Handle handle) {
            handle.begin();
        }

        @Override
        void excludeOthers(Handle handle) {
            // The file has one writer at a time, whatever is done.
        }

        @Override
        void freeze(Handle handle) {
            // A transaction of SQLite never sees more than one instant.
            handle.execute("PRAGMA query_only = true");
        }

        @Override
        public List<String> tables(Handle handle) {
            return handle.createQuery(
                            "SELECT name FROM sqlite_schema WHERE type = 'table'"
                                    + " AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name")
                    .mapTo(String.class)
                    .list();
        }

        @Override
        public Set<String> columns(Handle handle, String table) {
            return new LinkedHashSet<>(
                    handle.createQuery("SELECT name FROM pragma_table_info(:table) ORDER BY cid")
                            .bind("table", table)
                            .mapTo(String.class)
                            .list());
        }

        @Override
        public Set<String> referredBy(Handle handle, String table) {
            return new LinkedHashSet<>(
                    handle.createQuery("SELECT \"table\" FROM pragma_foreign_key_list(:table)")
                            .bind("table", table)
                            .mapTo(String.class)
                            .list());
        }

        @Override
        public void deferReferences(Handle handle) {
            handle.execute("PRAGMA defer_foreign_keys = ON");
        }

        @Override
        void enter(Handle handle, DataScope scope, boolean isWriting) {
            // What a handle acts for is enough: the guard reads it.
        }

        @Override
        <T> T reading(Handle handle, DataScope scope, Function<Handle, T> work) {
            return work.apply(handle);
        }

        @Override
        public Set<String> goingWithTheirTenant() {
            return Set.of();
        }

        @Override
        public void countOn(Handle handle) {
            // The next number is always found in the rows themselves.
        }
    },

    /** A server of its own. */
    POSTGRESQL(
            "postgresql",
            Map.of(
                    "greatest",
                    "greatest",
                    "least",
                    "least",
                    "position",
                    "strpos",
                    "hex",
                    "encode",
                    "as_hex",
                    ", 'hex'")) {
        @Override
        void begin(Handle handle) {
            handle.begin();
            try (Statement statement = handle.getConnection().createStatement()) {
                // One round trip. Everything is of this transaction: behind a pooler the next one
                // may run on another connection.
                statement.execute(BEGIN_WRITING);
            } catch (SQLException e) {
                throw new org.jdbi.v3.core.transaction.TransactionException(
                        "the writers' lock was not given", e);
            }
        }

        @Override
        void excludeOthers(Handle handle) {
            handle.execute("SET LOCAL lock_timeout = '10s'");
            handle.execute(KEPT);
            handle.createQuery("SELECT 1 FROM pg_advisory_xact_lock(:lock)")
                    .bind("lock", WRITERS_LOCK)
                    .mapTo(int.class)
                    .one();
        }

        @Override
        void freeze(Handle handle) {
            handle.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        }

        @Override
        public List<String> tables(Handle handle) {
            return handle.createQuery(
                            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
                                    + " ORDER BY tablename COLLATE \"C\"")
                    .mapTo(String.class)
                    .list();
        }

        @Override
        public Set<String> columns(Handle handle, String table) {
            return new LinkedHashSet<>(
                    handle.createQuery(
                                    "SELECT column_name FROM information_schema.columns"
                                            + " WHERE table_schema = current_schema()"
                                            + " AND table_name = :table ORDER BY ordinal_position")
                            .bind("table", table)
                            .mapTo(String.class)
                            .list());
        }

        @Override
        public Set<String> referredBy(Handle handle, String table) {
            return new LinkedHashSet<>(
                    handle.createQuery(
                                    """
                                    SELECT other.relname FROM pg_constraint c
                                    JOIN pg_class own ON own.oid = c.conrelid
                                    JOIN pg_class other ON other.oid = c.confrelid
                                    JOIN pg_namespace n ON n.oid = own.relnamespace
                                    WHERE c.contype = 'f' AND own.relname = :table
                                      AND n.nspname = current_schema()
                                    ORDER BY c.conname
                                    """)
                            .bind("table", table)
                            .mapTo(String.class)
                            .list());
        }

        @Override
        public void deferReferences(Handle handle) {
            handle.execute("SET CONSTRAINTS ALL DEFERRED");
        }

        @Override
        void enter(Handle handle, DataScope scope, boolean isWriting) {
            PostgresWalls.enter(handle, scope, isWriting);
        }

        @Override
        <T> T reading(Handle handle, DataScope scope, Function<Handle, T> work) {
            return handle.inTransaction(one -> {
                PostgresWalls.enterBriefly(one, scope);
                return work.apply(one);
            });
        }

        @Override
        public Set<String> goingWithTheirTenant() {
            return Set.of("audit", "audit_checkpoint", "audit_head");
        }

        @Override
        public void countOn(Handle handle) {
            List<String> statements =
                    handle.createQuery(
                                    """
                                    SELECT format('SELECT setval(pg_get_serial_sequence(%L, %L),
                                        (SELECT coalesce(max(%I), 0) + 1 FROM %I), false)',
                                        table_name, column_name, column_name, table_name)
                                    FROM information_schema.columns
                                    WHERE table_schema = current_schema() AND is_identity = 'YES'
                                    """)
                            .mapTo(String.class)
                            .list();
            statements.forEach(each -> handle.createQuery(each).mapTo(Long.class).one());
        }
    };

    /** One writer at a time in all of the database: "drawbrdg" in ASCII. */
    static final long WRITERS_LOCK = 0x6472617762726467L;

    /**
     * What is answered was committed for good, also where the database, or the login, is set not to
     * wait for its disk: a crash, and a stand-by that takes over, would lack what was answered
     * last. Every stricter setting is left as it is.
     */
    private static final String KEPT =
            "SELECT set_config('synchronous_commit', 'on', true)"
                    + " WHERE current_setting('synchronous_commit') = 'off'";

    /**
     * A writer that stops within a transaction loses it after the idle time, so that it cannot stop
     * the others; what waits or works longer is broken off before its caller gives up.
     */
    private static final String BEGIN_WRITING =
            "SET LOCAL idle_in_transaction_session_timeout = 500;"
                    + "SET LOCAL lock_timeout = 3000;"
                    + "SET LOCAL statement_timeout = 3500;"
                    + KEPT
                    + ";SELECT pg_advisory_xact_lock("
                    + WRITERS_LOCK
                    + ")";

    private static final String ATTRIBUTE = "dialect";

    private final String word;
    private final Map<String, String> words;

    Dialect(String word, Map<String, String> words) {
        this.word = word;
        this.words = words;
    }

    /** {@code sqlite} or {@code postgresql}. */
    public String word() {
        return word;
    }

    /** The dialect of the database that a handle talks to. */
    public static Dialect of(Handle handle) {
        return (Dialect) handle.getConfig(SqlStatements.class).getAttribute(ATTRIBUTE);
    }

    /** Lets statements be written with this dialect's words. */
    void teach(Jdbi jdbi) {
        jdbi.getConfig(SqlStatements.class).define(ATTRIBUTE, this).defineMap(words);
    }

    /** Begins a transaction of the writer; its changes come before those of every later one. */
    abstract void begin(Handle handle);

    /** Lets nobody else write until the end of the transaction that has just begun. */
    abstract void excludeOthers(Handle handle);

    /** Lets the transaction that has just begun see one instant, and change nothing. */
    abstract void freeze(Handle handle);

    /** The names of all tables. */
    public abstract List<String> tables(Handle handle);

    /** A table's columns, in their order; empty when there is no such table. */
    public abstract Set<String> columns(Handle handle, String table);

    /** The tables that a table's references name; it may be among them. */
    public abstract Set<String> referredBy(Handle handle, String table);

    /** Acts for that scope until the transaction, or the savepoint, is over. */
    abstract void enter(Handle handle, DataScope scope, boolean isWriting);

    /** Does work that reads, for that scope and for somebody who waits for it. */
    abstract <T> T reading(Handle handle, DataScope scope, Function<Handle, T> work);

    /** Tables whose rows the database removes with their tenant, as nobody else may. */
    public abstract Set<String> goingWithTheirTenant();

    /** Checks references at the end of the transaction only, so that rows may go in any order. */
    public abstract void deferReferences(Handle handle);

    /** Lets numbers that the database draws itself follow those of rows that were brought along. */
    public abstract void countOn(Handle handle);

    /** The tables with a column of that name. */
    public List<String> tablesWith(Handle handle, String column) {
        return tables(handle).stream()
                .filter(table -> columns(handle, table).contains(column))
                .toList();
    }
}
