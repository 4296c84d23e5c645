package drawbridge.server.storage;

import drawbridge.server.storage.DataScope.OfServer;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementException;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * One statement for many rows, for work that is done all the time: a batch of Jdbi makes 14 kB of
 * garbage for each row, and collecting it holds up whoever is being answered. {@link TenantGuard}
 * does not see it, so it is for work of the whole server only.
 */
public final class ManyRows {
    private ManyRows() {}

    /**
     * Executes it for each row, in order, inside the handle's transaction.
     *
     * @param sql with a question mark for each value, in words that every database takes
     * @param values of a row: texts, whole numbers and bytes
     * @return how many rows it changed
     * @throws UnscopedSqlException when the handle acts for one tenant, or nobody said for whom
     * @throws StatementException when the database refused it
     */
    public static <T> int execute(
            Handle handle, String sql, Collection<T> rows, Function<T, List<Object>> values) {
        DataScope scope = handle.getConfig(HandleScope.class).get().orElse(null);
        if (!(scope instanceof OfServer)) {
            throw new UnscopedSqlException("many rows", "are for the whole server only", sql);
        }
        try (PreparedStatement statement = handle.getConnection().prepareStatement(sql)) {
            for (T row : rows) {
                int at = 1;
                for (Object value : values.apply(row)) {
                    statement.setObject(at++, value);
                }
                statement.addBatch();
            }
            int changed = 0;
            for (int one : statement.executeBatch()) {
                changed += one;
            }
            return changed;
        } catch (SQLException e) {
            throw new UnableToExecuteStatementException(e, handle.createUpdate(sql).getContext());
        }
    }
}
