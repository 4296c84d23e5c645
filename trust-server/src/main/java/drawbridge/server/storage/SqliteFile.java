package drawbridge.server.storage;

import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

import java.nio.file.Path;
import java.util.Optional;

/** A look at a database file from outside, which changes nothing in it. */
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
}
