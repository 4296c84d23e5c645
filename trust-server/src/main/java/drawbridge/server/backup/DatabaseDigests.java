package drawbridge.server.backup;

import drawbridge.server.storage.Database;
import drawbridge.server.storage.Dialect;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the tables of a database hold, in a form that says the same of either kind. */
final class DatabaseDigests {
    /**
     * What a table holds.
     *
     * @param rows how many
     * @param sum of the SHA-256 of each of them, in whatever order they come
     */
    record Content(long rows, BigInteger sum) {}

    private DatabaseDigests() {}

    /** Of every table that moves, in the transaction of that handle. */
    static Map<String, Content> of(Handle handle) {
        Map<String, Content> all = new TreeMap<>();
        for (String table : PortableTables.all(handle)) {
            all.put(table, of(handle, table));
        }
        return all;
    }

    private static Content of(Handle handle, String table) {
        List<String> columns =
                List.copyOf(new TreeSet<>(Dialect.of(handle).columns(handle, table)));
        MessageDigest sha256 = sha256();
        return handle.createQuery(
                        "SELECT \"%s\" FROM \"%s\""
                                .formatted(String.join("\", \"", columns), table))
                .setFetchSize(Database.FETCHED_AT_ONCE)
                .map((row, context) -> digest(row, columns, sha256))
                .withIterator(rows -> {
                    long count = 0;
                    BigInteger sum = BigInteger.ZERO;
                    while (rows.hasNext()) {
                        sum = sum.add(rows.next());
                        count++;
                    }
                    return new Content(count, sum);
                });
    }

    private static BigInteger digest(ResultSet row, List<String> columns, MessageDigest sha256)
            throws SQLException {
        for (int i = 1; i <= columns.size(); i++) {
            byte[] value = bytes(row.getObject(i));
            sha256.update(ByteBuffer.allocate(4).putInt(value.length).array());
            sha256.update(value);
        }
        return new BigInteger(1, sha256.digest());
    }

    /** Each kind of value begins with a byte of its own. */
    private static byte[] bytes(@Nullable Object value) {
        return switch (value) {
            case null -> new byte[] {0};
            case byte[] bytes ->
                    ByteBuffer.allocate(bytes.length + 1).put((byte) 1).put(bytes).array();
            case Number number -> ("2" + number.longValue()).getBytes(StandardCharsets.UTF_8);
            default -> ("3" + value).getBytes(StandardCharsets.UTF_8);
        };
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
