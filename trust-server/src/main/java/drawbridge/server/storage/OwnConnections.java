package drawbridge.server.storage;

import com.zaxxer.hikari.HikariDataSource;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

import java.util.List;
import java.util.function.Function;

import javax.sql.DataSource;

/**
 * A few connections to a shared database for what must wait neither for writers nor for readers.
 * Safe for many threads.
 */
public final class OwnConnections implements AutoCloseable {
    private static final DataScope SERVER = DataScope.server(DataScope.Why.UPKEEP);

    private final HikariDataSource pool;
    private final Jdbi jdbi;
    private final DataSource longLived;

    OwnConnections(HikariDataSource pool, Jdbi jdbi, DataSource longLived) {
        this.pool = pool;
        this.jdbi = jdbi;
        this.longLived = longLived;
    }

    /**
     * Does the work in one short transaction for the whole server.
     *
     * @param doing for the error message
     * @param bounds statements at its beginning, such as time limits, that answer nothing
     * @throws StoreUnavailableException when it is not sure to have happened
     */
    public <T> T transaction(String doing, List<String> bounds, Function<Handle, T> work) {
        try (Handle handle = jdbi.open()) {
            HandleScope.enter(handle, SERVER);
            return handle.inTransaction(one -> {
                PostgresWalls.enter(one, SERVER, true, bounds);
                return work.apply(one);
            });
        } catch (JdbiException e) {
            throw new StoreUnavailableException("database", doing, e);
        }
    }

    /**
     * Sends one statement that touches no table, as a transaction by itself: one way to the
     * database and back, where {@link #transaction} takes three.
     *
     * @throws StoreUnavailableException when it is not sure to have happened
     */
    public <T> T alone(String doing, Function<Handle, T> statement) {
        try (Handle handle = jdbi.open()) {
            HandleScope.enter(handle, SERVER);
            return statement.apply(handle);
        } catch (JdbiException e) {
            throw new StoreUnavailableException("database", doing, e);
        }
    }

    /**
     * Writes in one transaction for the whole server, while no server of this database writes.
     *
     * @throws StoreUnavailableException when it is not sure to have happened
     */
    public <T> T write(String doing, Function<Handle, T> work) {
        try (Handle handle = jdbi.open()) {
            HandleScope.enter(handle, SERVER);
            try {
                Dialect.POSTGRESQL.begin(handle);
                Dialect.POSTGRESQL.enter(handle, SERVER, true);
                T done = work.apply(handle);
                handle.commit();
                return done;
            } catch (RuntimeException e) {
                handle.rollback();
                throw e;
            }
        } catch (JdbiException e) {
            throw new StoreUnavailableException("database", doing, e);
        }
    }

    /** Gives connections to keep, outside the pool. */
    public DataSource longLived() {
        return longLived;
    }

    @Override
    public void close() {
        pool.close();
    }
}
