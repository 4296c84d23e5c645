package drawbridge.server.support;

import drawbridge.server.storage.Database;
import drawbridge.server.storage.PostgresUrl;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The database that tests run on: SQLite, or with {@code -Ddrawbridge.test.database=postgresql} a
 * real PostgreSQL, started once per JVM, with a database of its own for every data folder. Safe for
 * many threads.
 */
public final class TestDatabase {
    private static final String TEMPLATE = "drawbridge_template";

    /** How long a PostgreSQL may take to start on a machine that is busy with other tests. */
    public static final Duration START = Duration.ofMinutes(3);

    private static final Database.Pool POOL = new Database.Pool(3, Duration.ofSeconds(20));

    /** What was started, on first use, and lives as long as the JVM. */
    private static final class Running {
        private static final Running POSTGRES = new Running();

        private final EmbeddedPostgres server;
        private final Map<Path, String> names = new HashMap<>();
        private int made;

        private Running() {
            try {
                server =
                        EmbeddedPostgres.builder()
                                .setPGStartupWait(START)
                                .setServerConfig("max_connections", "200")
                                .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            run("CREATE DATABASE " + TEMPLATE);
            Database.openPostgres(parsed(url(TEMPLATE)), POOL).close();
        }

        private String url(String name) {
            return "postgresql://postgres@localhost:%d/%s".formatted(server.getPort(), name);
        }

        private synchronized String nameFor(Path folder) {
            String known = names.get(folder);
            if (known != null) {
                return known;
            }
            forgetOld();
            String name = "drawbridge_" + ++made;
            run("CREATE DATABASE %s TEMPLATE %s".formatted(name, TEMPLATE));
            names.put(folder, name);
            return name;
        }

        private void forgetOld() {
            for (Path folder : List.copyOf(names.keySet())) {
                if (Files.notExists(folder.getParent() == null ? folder : folder.getParent())) {
                    run("DROP DATABASE %s WITH (FORCE)".formatted(names.remove(folder)));
                }
            }
        }

        private void run(String sql) {
            try (Connection connection = server.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new IllegalStateException(sql, e);
            }
        }
    }

    /** The SQLite file that the migrations make, made once per JVM. */
    private static final class Migrated {
        private static final byte[] FILE = make();

        private Migrated() {}

        private static byte[] make() {
            try {
                Path folder = Files.createTempDirectory("drawbridge-template");
                Path file = folder.resolve("drawbridge.db");
                Database.openSqlite(file).close();
                byte[] made = Files.readAllBytes(file);
                Files.delete(file);
                Files.delete(folder);
                return made;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private TestDatabase() {}

    /**
     * Puts the file there that the first start of a server would make, unless there is one: copied,
     * as a PostgreSQL of the tests is, for running every migration takes as long as the rest of a
     * start. Whoever opens it still has all of them checked against it.
     */
    static void giveSqlite(Path file) {
        try {
            if (Files.notExists(file)) {
                Files.write(file, Migrated.FILE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the tests run on PostgreSQL. */
    public static boolean isPostgres() {
        return System.getProperty("drawbridge.test.database", "sqlite").equals("postgresql");
    }

    /**
     * The {@code DATABASE_URL} of a data folder's own PostgreSQL; empty when they run on SQLite.
     */
    public static Optional<String> urlFor(Path folder) {
        return isPostgres() ? Optional.of(postgresFor(folder)) : Optional.empty();
    }

    /** The same on PostgreSQL, whatever the tests run on. */
    public static String postgresFor(Path folder) {
        Path key = folder.toAbsolutePath().normalize();
        return Running.POSTGRES.url(Running.POSTGRES.nameFor(key));
    }

    /** Opens the database of a folder that no server uses. */
    public static Database open(Path folder) {
        @Nullable String url = urlFor(folder).orElse(null);
        return url == null
                ? Database.openSqlite(folder.resolve("drawbridge.db"))
                : Database.openPostgres(parsed(url), POOL);
    }

    /** The address as the server reads it. */
    public static PostgresUrl parsed(String url) {
        return switch (PostgresUrl.parse(url)) {
            case PostgresUrl.Outcome.Good(PostgresUrl good) -> good;
            case PostgresUrl.Outcome.Bad(String why) -> throw new IllegalStateException(why);
        };
    }

    /** A connection to a folder's PostgreSQL, whatever the tests run on. */
    public static Connection connectPostgres(Path folder) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:" + postgresFor(folder).replace("postgres@", "") + "?user=postgres");
    }

    /** A connection to a folder's database, past the server. */
    public static Connection connect(Path folder) throws SQLException {
        if (isPostgres()) {
            return connectPostgres(folder);
        }
        Connection connection =
                DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("drawbridge.db"));
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 5000");
        }
        return connection;
    }
}
