package drawbridge.bench;

import org.HdrHistogram.Histogram;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * How long revocations take to be answered, as the client sees it, beside the least that the
 * database needs to commit a row so that a crash does not lose it.
 */
final class Revoking {
    private static final long SLOWEST_MICROS = TimeUnit.MINUTES.toMicros(1);

    private Revoking() {}

    /** The sessions that were used last, by their public names. */
    static List<String> sessions(Subject subject, int count)
            throws IOException, InterruptedException {
        List<String> refs = new ArrayList<>();
        String after = "";
        while (true) {
            JsonNode page =
                    subject.admin(
                            "GET",
                            "/v1/sessions?limit=" + Math.min(500, count - refs.size()) + after,
                            "");
            page.get("items").forEach(session -> refs.add(session.get("ref").asString()));
            if (refs.size() >= count) {
                return refs;
            }
            if (!page.hasNonNull("next")) {
                throw new IllegalStateException("there are but %d sessions".formatted(refs.size()));
            }
            after = "&after=" + page.get("next").asString();
        }
    }

    /** Revokes them one after the other, by each of the servers in turn. */
    static Histogram each(List<Subject> nodes, List<String> refs)
            throws IOException, InterruptedException {
        Histogram micros = new Histogram(SLOWEST_MICROS, 3);
        for (int i = 0; i < refs.size(); i++) {
            micros.recordValue(one(nodes.get(i % nodes.size()), refs.get(i)));
        }
        return micros;
    }

    /** How long it took, in microseconds. */
    static long one(Subject node, String ref) throws IOException, InterruptedException {
        long began = System.nanoTime();
        JsonNode _ =
                node.admin(
                        "POST",
                        "/v1/sessions/" + ref + "/revoke",
                        "{\"reason\":\"benchmark\",\"final\":true}");
        return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - began);
    }

    /** So many commits of one row, by a database that is set as the server sets it. */
    static Histogram commits(String url, List<String> settings, int count) throws SQLException {
        Histogram micros = new Histogram(SLOWEST_MICROS, 3);
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String setting : settings) {
                statement.execute(setting);
            }
            statement.execute("CREATE TABLE bare (n INTEGER PRIMARY KEY)");
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO bare VALUES (?)")) {
                for (int i = 0; i < count; i++) {
                    insert.setInt(1, i);
                    long began = System.nanoTime();
                    insert.executeUpdate();
                    micros.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - began));
                }
            }
        }
        return micros;
    }

    /** The median and what one in a hundred exceeds, in milliseconds. */
    static String millis(Histogram micros) {
        return String.format(
                Locale.ROOT,
                "%.2f, %.2f",
                (double) micros.getValueAtPercentile(50) / 1_000,
                (double) micros.getValueAtPercentile(99) / 1_000);
    }
}
