package drawbridge.server.backup;

import drawbridge.server.storage.Database;
import drawbridge.server.storage.Dialect;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Copies every row from one database into another of the same schema, whatever their kinds. */
final class DatabaseCopy {
    private static final int AT_ONCE = 500;

    private record Row(List<@Nullable Object> values) {}

    private DatabaseCopy() {}

    /**
     * Copies within two transactions: one that sees a single instant, and one that writes.
     *
     * @param to whose tables become what the others are; what was in them is gone
     * @return how many rows of each table
     * @throws BackupFailure when the schemas differ
     */
    static Map<String, Long> copy(Handle from, Handle to) {
        List<String> tables = PortableTables.all(from);
        if (!Set.copyOf(tables).equals(Set.copyOf(PortableTables.all(to)))) {
            throw new BackupFailure("the two databases have different tables");
        }
        Dialect.of(to).deferReferences(to);
        for (String table : tables.reversed()) {
            to.execute("DELETE FROM \"" + table + "\"");
        }
        Map<String, Long> counts = new TreeMap<>();
        for (String table : tables) {
            counts.put(table, copy(table, from, to));
        }
        Dialect.of(to).countOn(to);
        return counts;
    }

    private static long copy(String table, Handle from, Handle to) {
        List<String> columns = List.copyOf(Dialect.of(from).columns(from, table));
        if (!Set.copyOf(columns).equals(Dialect.of(to).columns(to, table))) {
            throw new BackupFailure("the two databases have different columns in " + table);
        }
        String names = "\"" + String.join("\", \"", columns) + "\"";
        String insert =
                "INSERT INTO \"%s\" (%s) VALUES (%s)"
                        .formatted(
                                table,
                                names,
                                String.join(", ", Collections.nCopies(columns.size(), "?")));
        return from.createQuery("SELECT %s FROM \"%s\"".formatted(names, table))
                .setFetchSize(Database.FETCHED_AT_ONCE)
                .map((row, context) -> new Row(values(row, columns.size())))
                .withIterator(rows -> insert(rows, to, insert));
    }

    private static long insert(Iterator<Row> rows, Handle to, String insert) {
        long count = 0;
        while (rows.hasNext()) {
            PreparedBatch batch = to.prepareBatch(insert);
            while (rows.hasNext() && batch.size() < AT_ONCE) {
                int place = 0;
                for (@Nullable Object value : rows.next().values()) {
                    batch.bind(place++, value);
                }
                batch.add();
                count++;
            }
            batch.execute();
        }
        return count;
    }

    private static List<@Nullable Object> values(ResultSet row, int columns) throws SQLException {
        List<@Nullable Object> values = new ArrayList<>(columns);
        for (int i = 1; i <= columns; i++) {
            values.add(row.getObject(i));
        }
        return values;
    }
}
