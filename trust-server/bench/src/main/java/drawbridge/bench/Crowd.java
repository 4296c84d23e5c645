package drawbridge.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Many live sessions in a stopped server's database, each with a secret that can be told from its
 * number, and who of them asks next: the first most often, by Zipf's law.
 */
final class Crowd {
    private static final int TOKEN_BYTES = 47;
    private static final int USERS = 10_000;

    private final byte[] tokens;
    private final int size;
    private final double[] shares;
    private final SplittableRandom random = new SplittableRandom(20_261_121);

    private Crowd(int size, double exponent) {
        this.size = size;
        this.tokens = new byte[Math.multiplyExact(size, TOKEN_BYTES)];
        this.shares = new double[size];
        double sum = 0;
        for (int i = 0; i < size; i++) {
            System.arraycopy(token(i), 0, tokens, i * TOKEN_BYTES, TOKEN_BYTES);
            sum += 1 / Math.pow(i + 1.0, exponent);
            shares[i] = sum;
        }
        for (int i = 0; i < size; i++) {
            shares[i] /= sum;
        }
    }

    /**
     * Makes a server's folder with so many sessions, the hottest of them used last.
     *
     * @param exponent of Zipf's law; 1 is usual
     */
    static Crowd in(Path data, int size, double exponent)
            throws IOException, InterruptedException, SQLException {
        Crowd crowd = new Crowd(size, exponent);
        try (Subject subject = Subject.start(data, List.of(), Map.of())) {
            subject.register(0); // its rows are what the others are copies of
        }
        crowd.fill(data.resolve("drawbridge.db"));
        return crowd;
    }

    private void fill(Path file) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                copies(
                        connection,
                        "user_account",
                        Map.of(
                                "id",
                                "'usr_' || printf('%016d', n)",
                                "email",
                                "'crowd' || n || '@example.com'"),
                        USERS);
                connection.commit();
                statement.execute(
                        "CREATE TEMP TABLE crowd (n INTEGER PRIMARY KEY, id BLOB NOT NULL)");
            }
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO crowd VALUES (?, ?)")) {
                for (int i = 0; i < size; i++) {
                    insert.setInt(1, i);
                    insert.setBytes(
                            2,
                            sha256(
                                    Arrays.copyOfRange(
                                            tokens, i * TOKEN_BYTES, (i + 1) * TOKEN_BYTES)));
                    insert.addBatch();
                    if (i % 10_000 == 0) {
                        insert.executeBatch();
                    }
                }
                insert.executeBatch();
            }
            copies(
                    connection,
                    "session",
                    Map.of(
                            "id", "crowd.id",
                            "ref", "'ref_' || printf('%022d', n)",
                            "user_id", "'usr_' || printf('%016d', n % " + USERS + ")",
                            // A microsecond apart, the first the newest.
                            "last_seen_at", "last_seen_at - n",
                            "created_at", "created_at - n"),
                    size);
            connection.commit();
        }
    }

    private static void copies(
            Connection connection, String table, Map<String, String> different, int count)
            throws SQLException {
        List<String> columns = new ArrayList<>();
        List<String> values = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("PRAGMA table_info(" + table + ")")) {
            while (rows.next()) {
                String column = rows.getString("name");
                columns.add(column);
                values.add(different.getOrDefault(column, "one." + column));
            }
        }
        boolean isSession = table.equals("session");
        String numbers =
                isSession
                        ? "crowd"
                        : "(WITH RECURSIVE counted (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counted WHERE n < %d) SELECT n FROM counted)"
                                .formatted(count - 1);
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(
                    "INSERT INTO %s (%s) SELECT %s FROM (SELECT * FROM %s LIMIT 1) one, %s"
                            .formatted(
                                    table,
                                    String.join(", ", columns),
                                    String.join(", ", values),
                                    table,
                                    numbers));
        }
    }

    private static byte[] token(int number) {
        byte[] bits =
                sha256(("a session of the crowd: " + number).getBytes(StandardCharsets.US_ASCII));
        return ("ses_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bits))
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    int size() {
        return size;
    }

    /** Who asks next. */
    int next() {
        int found = Arrays.binarySearch(shares, random.nextDouble());
        return Math.min(found < 0 ? -found - 1 : found, size - 1);
    }

    /** A session's secret. */
    String secret(int number) {
        return new String(tokens, number * TOKEN_BYTES, TOKEN_BYTES, StandardCharsets.US_ASCII);
    }

    /** It has another secret now. */
    void replaced(int number, String token) {
        byte[] bytes = token.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, tokens, number * TOKEN_BYTES, TOKEN_BYTES);
    }

    /** A validation of that session. */
    ByteBuffer call(int number) {
        return Subject.validation(secret(number));
    }
}
