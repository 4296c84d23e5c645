package drawbridge.server.storage;

import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;
import org.sqlite.core.Codes;
import org.sqlite.jdbc4.JDBC4Connection;
import org.sqlite.jdbc4.JDBC4PreparedStatement;

import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Properties;
import java.util.SequencedMap;

/**
 * Connections to an SQLite file that keep the statements they have prepared: reading the text of a
 * short one and planning it takes longer than doing it. Safe for many threads; each of its
 * connections is used by one at a time.
 */
final class KeptStatements extends SQLiteDataSource {
    /** Of each connection, the latest; more than the server has texts that are asked for often. */
    private static final int KEPT = 96;

    private final String file;
    private final SQLiteConfig settings;

    KeptStatements(Path file, SQLiteConfig settings) {
        super(settings);
        this.file = file.toString();
        this.settings = settings;
        setUrl("jdbc:sqlite:" + file);
    }

    @Override
    public SQLiteConnection getConnection(String user, String password) throws SQLException {
        return new Keeper(getUrl(), file, settings.toProperties());
    }

    private static final class Keeper extends JDBC4Connection {
        private final SequencedMap<String, Kept> kept = LinkedHashMap.newLinkedHashMap(KEPT);

        Keeper(String url, String file, Properties settings) throws SQLException {
            super(url, file, settings);
        }

        @Override
        public PreparedStatement prepareStatement(
                String sql, int type, int concurrency, int holdability) throws SQLException {
            checkOpen();
            checkCursor(type, concurrency, holdability);
            Kept known = take(sql);
            return known == null ? new Kept(this, sql) : known;
        }

        /** Out of what is kept, so that nobody else uses it meanwhile. */
        private synchronized @Nullable Kept take(String sql) {
            return kept.remove(sql);
        }

        /** Whether it is kept; otherwise it is to be closed. */
        private boolean keep(Kept statement, String sql) throws SQLException {
            Kept surplus;
            synchronized (this) {
                if (isClosed()) {
                    return false;
                }
                surplus = kept.putIfAbsent(sql, statement) == null ? oldest() : statement;
            }
            if (surplus == statement) {
                return false;
            }
            if (surplus != null) {
                surplus.end();
            }
            return true;
        }

        private @Nullable Kept oldest() {
            return kept.size() > KEPT ? kept.pollFirstEntry().getValue() : null;
        }

        @Override
        public void close() throws SQLException {
            synchronized (this) {
                kept.clear(); // the driver ends what is prepared with its connection
            }
            super.close();
        }
    }

    private static final class Kept extends JDBC4PreparedStatement {
        private final Keeper keeper;
        private final boolean isOfRows;
        private boolean isAltered;

        Kept(Keeper keeper, String sql) throws SQLException {
            super(keeper, sql);
            this.keeper = keeper;
            this.isOfRows = isOfRows(sql);
        }

        @Override
        public void setFetchSize(int rows) throws SQLException {
            isAltered = true;
            super.setFetchSize(rows);
        }

        @Override
        public void setMaxRows(int rows) throws SQLException {
            isAltered = true;
            super.setMaxRows(rows);
        }

        @Override
        public void setQueryTimeout(int seconds) throws SQLException {
            isAltered = true;
            super.setQueryTimeout(seconds);
        }

        @Override
        public void close() throws SQLException {
            if (isClosed()
                    || isAltered
                    || !isOfRows
                    || hasRoomForBatch()
                    || !cameToRest()
                    || !keeper.keep(this, sql)) {
                end();
            }
        }

        void end() throws SQLException {
            super.close();
        }

        /** Not a pragma or a change of the schema. */
        private static boolean isOfRows(String sql) {
            String start = sql.stripLeading();
            String word = start.substring(0, Math.min(6, start.length())).toUpperCase(Locale.ROOT);
            return switch (word) {
                case "SELECT", "INSERT", "UPDATE", "DELETE" -> true;
                default -> false;
            };
        }

        private boolean hasRoomForBatch() {
            return batch != null && batch.length > paramCount;
        }

        /**
         * Lets go of its rows, without which its transaction would not end, and of what was bound.
         * False where it failed.
         */
        private boolean cameToRest() throws SQLException {
            if (pointer.isClosed() || keeper.isClosed()) {
                return false;
            }
            rs.close();
            if (pointer.safeRunInt((db, statement) -> db.reset(statement)) != Codes.SQLITE_OK) {
                return false;
            }
            clearParameters();
            clearBatch();
            return true;
        }
    }
}
