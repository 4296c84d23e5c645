package drawbridge.server.storage;

import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What is done with a database file from outside, by its path. */
public final class SqliteFile {
    private SqliteFile() {}

    /**
     * Opens the file for reading and has SQLite check its pages, also while a server uses it.
     *
     * @return what is wrong with it; empty when nothing is
     */
    public static Optional<String> findDamage(Path file) {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout(2000);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        try {
            String said =
                    Jdbi.create(source)
                            .withHandle(handle ->
                                    handle.createQuery("PRAGMA quick_check(1)")
                                            .mapTo(String.class)
                                            .one());
            return said.equals("ok") ? Optional.empty() : Optional.of(said);
        } catch (JdbiException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return Optional.of(String.valueOf(cause.getMessage()));
        }
    }

    /**
     * Copies a database, also while a server uses it, as it is at one instant.
     *
     * @param target an empty file, whose rights the copy gets
     * @throws StoreUnavailableException when it could not be copied whole
     */
    public static void copy(Path file, Path target) {
        try {
            Jdbi.create(source(file, false))
                    .useHandle(handle ->
                            handle.createUpdate("VACUUM INTO :target")
                                    .bind("target", target.toString())
                                    .execute());
        } catch (JdbiException e) {
            throw new StoreUnavailableException("database", "copying " + file.getFileName(), e);
        }
    }

    /**
     * Checks every page, index and reference, which takes as long as reading all of it.
     *
     * @return what is wrong with it; empty when nothing is
     */
    public static Optional<String> findAnyDamage(Path file) {
        try {
            return Jdbi.create(source(file, true))
                    .withHandle(handle -> {
                        String said =
                                handle.createQuery("PRAGMA integrity_check(1)")
                                        .mapTo(String.class)
                                        .one();
                        boolean dangling =
                                !handle.createQuery("PRAGMA foreign_key_check")
                                        .mapToMap()
                                        .list()
                                        .isEmpty();
                        if (!said.equals("ok")) {
                            return Optional.of(said);
                        }
                        return dangling
                                ? Optional.of("a row names another one that is not there")
                                : Optional.empty();
                    });
        } catch (JdbiException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return Optional.of(String.valueOf(cause.getMessage()));
        }
    }

    /** Brings all that stands beside a database that nobody has open into the file itself. */
    public static void settle(Path file) {
        try {
            Jdbi.create(source(file, false))
                    .useHandle(handle ->
                            handle.createQuery("PRAGMA journal_mode = DELETE")
                                    .mapTo(String.class)
                                    .one());
        } catch (JdbiException e) {
            throw new StoreUnavailableException("database", "settling " + file.getFileName(), e);
        }
    }

    /** One number that a query finds in a file that nobody else has open; empty when it cannot. */
    public static OptionalLong number(Path file, String query) {
        try {
            return Jdbi.create(source(file, true))
                    .withHandle(handle -> handle.createQuery(query).mapTo(Long.class).findOne())
                    .map(OptionalLong::of)
                    .orElseGet(OptionalLong::empty);
        } catch (JdbiException e) {
            return OptionalLong.empty();
        }
    }

    /**
     * A bridge secret that is no longer accepted.
     *
     * @param lookupHash what it is found by, in hex
     * @param state {@code retired} or {@code burned}
     * @param endedAt when, in microseconds
     */
    public record EndedSecret(String lookupHash, String state, long endedAt) {}

    /** Every such secret in a file that nobody else has open. */
    public static List<EndedSecret> endedSecrets(Path file) {
        try {
            return Jdbi.create(source(file, true))
                    .withHandle(handle ->
                            handle.createQuery(
                                            "SELECT hex(lookup_hash), state, coalesce(ended_at, 0)"
                                                    + " FROM caller_secret WHERE state <> 'active'")
                                    .map((row, context) ->
                                            new EndedSecret(
                                                    row.getString(1),
                                                    row.getString(2),
                                                    row.getLong(3)))
                                    .list());
        } catch (JdbiException e) {
            throw new StoreUnavailableException("database", "reading " + file.getFileName(), e);
        }
    }

    private static SQLiteDataSource source(Path file, boolean readOnly) {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(readOnly);
        config.setBusyTimeout(5000);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }
}
