package drawbridge.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import drawbridge.server.support.FaultProxy;
import drawbridge.server.support.TestDatabase;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.EOFException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import javax.net.ssl.SSLHandshakeException;

/** A real PostgreSQL that comes late, behind a driven clock. */
@Timeout(180)
final class DatabaseArrivalTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Database.Pool POOL = new Database.Pool(2, Duration.ofSeconds(20));

    @TempDir Path temp = Path.of("");
    private final List<Duration> pauses = new ArrayList<>();
    private long nanos = 7;

    /** Waits without waiting; so many pauses in, that happens. */
    private DatabaseArrival arrival(int pause, Runnable happens) {
        return new DatabaseArrival(
                PATIENCE,
                () -> nanos,
                time -> {
                    pauses.add(time);
                    nanos += time.toNanos();
                    if (pauses.size() == pause) {
                        happens.run();
                    }
                });
    }

    private static DatabaseArrival neverWaiting() {
        return new DatabaseArrival(
                PATIENCE,
                () -> 0,
                time -> {
                    throw new AssertionError("waits " + time + " for what waiting does not mend");
                });
    }

    private String at(int port) {
        return TestDatabase.postgresFor(temp.resolve("data"))
                .replaceAll(":\\d+/", ":" + port + "/");
    }

    private FaultProxy proxy() throws Exception {
        return new FaultProxy(
                Integer.parseInt(
                        TestDatabase.postgresFor(temp.resolve("data"))
                                .replaceAll(".*:(\\d+)/.*", "$1")));
    }

    private static Supplier<Database> opening(String url) {
        return () -> Database.openPostgres(TestDatabase.parsed(url), POOL);
    }

    @Test
    void opensADatabaseThatIsThereAfterAWhile() throws Exception {
        try (FaultProxy proxy = proxy()) {
            proxy.set(FaultProxy.Mode.CUT);
            String url = at(proxy.port());

            try (Database database =
                    arrival(4, () -> proxy.set(FaultProxy.Mode.PASS))
                            .await(TestDatabase.parsed(url), opening(url))) {
                assertThat(database.isShared()).isTrue();
            }
        }
        assertThat(pauses)
                .containsExactly(
                        Duration.ofMillis(250),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2));
    }

    @Test
    void opensAtOnceWhatIsThere() {
        String url = TestDatabase.postgresFor(temp.resolve("data"));

        try (Database database = neverWaiting().await(TestDatabase.parsed(url), opening(url))) {
            assertThat(database.isShared()).isTrue();
        }
    }

    @Test
    void givesUpWhenTheTimeIsOverAndSaysForHowLongItTried() throws Exception {
        int nobody;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = taken.getLocalPort();
        }
        String url = at(nobody);

        StoreUnavailableException gone =
                catchThrowableOfType(
                        StoreUnavailableException.class,
                        () -> arrival(0, () -> {}).await(TestDatabase.parsed(url), opening(url)));

        assertThat(gone.waited()).isEqualTo(PATIENCE);
        assertThat(gone).hasMessageContaining("refused").hasMessageNotContaining("null");
        assertThat(pauses.stream().reduce(Duration.ZERO, Duration::plus)).isEqualTo(PATIENCE);
        assertThat(pauses).hasSizeLessThan(20);
    }

    @Test
    void triesOnceWhenItShallNotWait() throws Exception {
        try (FaultProxy proxy = proxy()) {
            proxy.set(FaultProxy.Mode.CUT);
            String url = at(proxy.port());

            StoreUnavailableException gone =
                    catchThrowableOfType(
                            StoreUnavailableException.class,
                            () ->
                                    DatabaseArrival.within(Duration.ZERO)
                                            .await(TestDatabase.parsed(url), opening(url)));

            assertThat(gone.waited()).isZero();
        }
    }

    @Test
    void waitsForAConnectionWhereAllAreTaken() throws Exception {
        Path data = temp.resolve("data");
        String role = "late_" + Long.toHexString(System.identityHashCode(this));
        try (Connection owner = TestDatabase.connectPostgres(data);
                Statement statement = owner.createStatement()) {
            statement.execute("CREATE ROLE " + role + " LOGIN CONNECTION LIMIT 0");
            try {
                String user =
                        arrival(
                                        2,
                                        () ->
                                                execute(
                                                        statement,
                                                        "ALTER ROLE "
                                                                + role
                                                                + " CONNECTION LIMIT 5"))
                                .await("somewhere", () -> currentUser(data, role));

                assertThat(user).isEqualTo(role);
                assertThat(pauses).hasSize(2);
            } finally {
                statement.execute("DROP ROLE " + role);
            }
        }
    }

    private static void execute(Statement statement, String sql) {
        try {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String currentUser(Path data, String role) {
        String url =
                "jdbc:" + TestDatabase.postgresFor(data).replace("postgres@", "") + "?user=" + role;
        try (Connection connection = DriverManager.getConnection(url)) {
            return connection.getMetaData().getUserName();
        } catch (SQLException e) {
            throw new StoreUnavailableException("database", "opening", e);
        }
    }

    @Test
    void doesNotWaitForADatabaseOrALoginThatDoesNotExist() {
        String url = TestDatabase.postgresFor(temp.resolve("data"));
        String noDatabase = url.replaceAll("/[^/]+$", "/there_is_no_such_database");
        String noLogin = url.replace("postgres@", "there_is_no_such_login@");

        for (String wrong : List.of(noDatabase, noLogin)) {
            assertThatThrownBy(
                            () -> neverWaiting().await(TestDatabase.parsed(wrong), opening(wrong)))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("there_is_no_such");
        }
    }

    @Test
    void doesNotWaitForASchemaToBecomeOlder() throws Exception {
        String url = TestDatabase.postgresFor(temp.resolve("data"));
        opening(url).get().close();
        try (Connection connection = TestDatabase.connectPostgres(temp.resolve("data"));
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "INSERT INTO flyway_schema_history SELECT installed_rank + 1000, '999', 'newer',"
                            + " type, 'V999__newer.sql', 1, installed_by, installed_on, 1, true"
                            + " FROM flyway_schema_history ORDER BY installed_rank DESC LIMIT 1");
        }

        assertThatThrownBy(() -> neverWaiting().await(TestDatabase.parsed(url), opening(url)))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("999");
    }

    private static boolean isPassing(@Nullable String state, @Nullable Throwable cause) {
        return DatabaseArrival.isPassing(
                new StoreUnavailableException(
                        "database", "opening", new SQLException("somehow", state, cause)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"57P03", "57P01", "57P02", "53300", "08001"})
    void whatADatabaseSaysThatIsBusyWithItselfPasses(String state) {
        assertThat(isPassing(state, null)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"28P01", "28000", "3D000", "08004", "08006", "42501", "53100"})
    void whatSomebodyHasToMendDoesNot(String state) {
        assertThat(isPassing(state, null)).isFalse();
    }

    @Test
    void aLostConnectionPassesAndOneThatTlsRefusesDoesNot() {
        assertThat(isPassing("08006", new EOFException())).isTrue();
        assertThat(isPassing("08001", new UnknownHostException("db"))).isTrue();
        assertThat(isPassing("08006", new SSLHandshakeException("who is that?"))).isFalse();
        assertThat(isPassing("08001", new SSLHandshakeException("who is that?"))).isFalse();
        assertThat(isPassing(null, null)).isFalse();
    }
}
