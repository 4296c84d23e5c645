package drawbridge.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

class KeptStatementsTest {
    private static final String ALL = "SELECT text FROM note WHERE number > ? ORDER BY number";

    @TempDir private Path folder;
    private Connection one;
    private Connection other;

    @BeforeEach
    void open() throws SQLException {
        SQLiteConfig settings = new SQLiteConfig();
        settings.setJournalMode(SQLiteConfig.JournalMode.WAL);
        KeptStatements source = new KeptStatements(folder.resolve("notes.db"), settings);
        one = source.getConnection();
        other = source.getConnection();
        try (var statement = one.createStatement()) {
            boolean _ = statement.execute("CREATE TABLE note (number INTEGER PRIMARY KEY, text)");
        }
        put(one, 1, "a");
        put(one, 2, "b");
    }

    @AfterEach
    void close() throws SQLException {
        one.close();
        other.close();
    }

    private static void put(Connection at, int number, String text) throws SQLException {
        try (PreparedStatement insert = at.prepareStatement("INSERT INTO note VALUES (?, ?)")) {
            insert.setInt(1, number);
            insert.setString(2, text);
            int _ = insert.executeUpdate();
        }
    }

    private static List<String> above(Connection at, int number) throws SQLException {
        try (PreparedStatement query = at.prepareStatement(ALL)) {
            query.setInt(1, number);
            List<String> texts = new ArrayList<>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    texts.add(rows.getString(1));
                }
            }
            return texts;
        }
    }

    @Test
    void sameTextIsPreparedOnceAndAnswersAnew() throws SQLException {
        PreparedStatement first;
        try (PreparedStatement query = one.prepareStatement(ALL)) {
            first = query;
            query.setInt(1, 0);
            assertThat(query.executeQuery().next()).isTrue();
        }
        put(other, 3, "c");

        assertThat(above(one, 1)).containsExactly("b", "c");
        try (PreparedStatement again = one.prepareStatement(ALL)) {
            assertThat(again).isSameAs(first);
            // What was bound by another one is not there any more.
            assertThat(again.executeQuery().next()).isFalse();
        }
    }

    @Test
    void rowsThatNobodyReadToTheEndHoldNoTransactionOpen() throws SQLException {
        try (PreparedStatement query = one.prepareStatement(ALL)) {
            query.setInt(1, 0);
            assertThat(query.executeQuery().next()).isTrue();
        }
        put(other, 3, "c");

        try (var checkpoint = other.createStatement();
                ResultSet row = checkpoint.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
            assertThat(row.getInt(1)).as("busy").isZero();
        }
    }

    @Test
    void twoOfOneTextAtATimeAreTwo() throws SQLException {
        try (PreparedStatement outer = one.prepareStatement(ALL)) {
            outer.setInt(1, 0);
            ResultSet rows = outer.executeQuery();
            assertThat(rows.next()).isTrue();
            assertThat(above(one, 1)).containsExactly("b");
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo("b");
        }
        assertThat(above(one, 0)).containsExactly("a", "b");
    }

    @Test
    void oneThatFailedIsNotKept() throws SQLException {
        assertThatThrownBy(() -> put(one, 1, "again")).isInstanceOf(SQLException.class);

        put(one, 3, "c");
        assertThat(above(one, 0)).containsExactly("a", "b", "c");
    }

    @Test
    void keepsTheLatestOnly() throws SQLException {
        for (int i = 0; i < 1_000; i++) {
            try (PreparedStatement query = one.prepareStatement("SELECT " + i);
                    ResultSet row = query.executeQuery()) {
                assertThat(row.getInt(1)).isEqualTo(i);
            }
        }
        assertThat(above(one, 0)).containsExactly("a", "b");
    }

    @Test
    void changeOfTheSchemaIsSeen() throws SQLException {
        assertThat(above(one, 0)).containsExactly("a", "b");
        try (var statement = other.createStatement()) {
            boolean _ = statement.execute("ALTER TABLE note RENAME TO note_elsewhere");
        }
        assertThatThrownBy(() -> above(one, 0)).isInstanceOf(SQLException.class);
        try (var statement = other.createStatement()) {
            boolean _ = statement.execute("ALTER TABLE note_elsewhere RENAME TO note");
        }

        assertThat(above(one, 0)).containsExactly("a", "b");
    }

    @Test
    void closedConnectionGivesNoMore() throws SQLException {
        PreparedStatement query = one.prepareStatement(ALL);
        query.setInt(1, 0);
        one.close();

        assertThatThrownBy(query::executeQuery).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> one.prepareStatement(ALL)).isInstanceOf(SQLException.class);
    }
}
