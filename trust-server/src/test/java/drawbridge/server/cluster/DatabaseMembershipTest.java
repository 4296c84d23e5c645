package drawbridge.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.cluster.Membership.Joined;
import drawbridge.server.cluster.Membership.LastValid;
import drawbridge.server.cluster.Membership.Renewal;
import drawbridge.server.crypto.Keys;
import drawbridge.server.session.Revocation;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.OwnConnections;
import drawbridge.server.storage.PostgresUrl;
import drawbridge.server.storage.ServerState;
import drawbridge.server.storage.StoreUnavailableException;
import drawbridge.server.support.TestDatabase;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The membership on a real PostgreSQL, as the roles it acts as may see and change it. */
class DatabaseMembershipTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    @TempDir private Path folder;
    private Database database;
    private OwnConnections connections;
    private Membership membership;

    @BeforeEach
    void open() {
        if (!(PostgresUrl.parse(TestDatabase.postgresFor(folder))
                instanceof PostgresUrl.Outcome.Good(PostgresUrl url))) {
            throw new IllegalStateException("no URL");
        }
        database = Database.openPostgres(url, Database.Pool.USUAL);
        ServerState.prepare(database, NOW);
        connections = database.ownConnections();
        membership =
                repeating(
                        new DatabaseMembership(
                                connections,
                                new DatabaseMembership.Self("a", "1", () -> "http://a"),
                                new DatabaseAuditLog(database, new Keys(new byte[32])),
                                Clock.fixed(NOW, ZoneOffset.UTC)));
    }

    /**
     * As a node does it: what the database broke off, because this machine stood still within a
     * transaction, did not happen and is begun again.
     */
    private static Membership repeating(Membership once) {
        return (Membership)
                Proxy.newProxyInstance(
                        Membership.class.getClassLoader(),
                        new Class<?>[] {Membership.class},
                        (_, method, arguments) -> {
                            for (int tries = 1; true; tries++) {
                                try {
                                    return method.invoke(once, arguments);
                                } catch (InvocationTargetException e) {
                                    Throwable why = e.getTargetException();
                                    if (tries == 5 || !stoodStill(why)) {
                                        throw why;
                                    }
                                }
                            }
                        });
    }

    private static boolean stoodStill(Throwable why) {
        return why instanceof StoreUnavailableException
                && String.valueOf(why.getMessage()).contains("idle-in-transaction timeout");
    }

    @AfterEach
    void close() {
        connections.close();
        database.close();
    }

    private void past(String sql) throws SQLException {
        try (Connection connection = SharedNodes.connect(folder);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void tellsWhatNodesReported() {
        Joined me = membership.join(0);

        Renewal renewal =
                membership.renew(
                        me,
                        me.number(),
                        List.of(new LastValid(7, NOW), new LastValid(9, NOW)),
                        true);

        assertThat(renewal).isInstanceOf(Renewal.Granted.class);
        assertThat(membership.members())
                .singleElement()
                .satisfies(member -> {
                    assertThat(member.node()).isEqualTo("a");
                    assertThat(member.renewals()).isEqualTo(1);
                    assertThat(member.lastValid()).containsOnlyKeys(7L, 9L).containsEntry(7L, NOW);
                });
    }

    /** However the database is set: what a lease follows from is on its disk. */
    @Test
    void waitsForTheDiskWhereALeaseFollows() throws SQLException {
        past("CREATE TABLE how (setting TEXT)");
        past(
                "CREATE FUNCTION note_how() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS"
                        + " $$ BEGIN INSERT INTO how VALUES (current_setting('synchronous_commit'));"
                        + " RETURN NEW; END $$");
        past(
                "CREATE TRIGGER note_how AFTER INSERT OR UPDATE ON node"
                        + " FOR EACH ROW EXECUTE FUNCTION note_how()");

        Joined me = membership.join(0);
        Renewal _ = membership.renew(me, me.number(), List.of(), true);
        Renewal _ = membership.renew(me, me.number(), List.of(), false);

        List<String> how = new ArrayList<>();
        try (Connection connection = SharedNodes.connect(folder);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT setting FROM how")) {
            while (rows.next()) {
                how.add(rows.getString(1));
            }
        }
        assertThat(how).containsExactly("on", "local", "off");
    }

    @Test
    void grantsNothingToWhoeverIsBehind() throws SQLException {
        Joined me = membership.join(0);
        past("UPDATE server_state SET log_number = log_number + 1");

        assertThat(membership.renew(me, me.number(), List.of(), true))
                .isInstanceOf(Renewal.Behind.class);
        assertThat(membership.read(me, me.number())).isPresent();
    }

    @Test
    void expelsWhoeverKnowsLaterRowsThanThereAre() throws SQLException {
        past("UPDATE server_state SET log_number = 5");
        Joined me = membership.join(0);
        past("UPDATE server_state SET log_number = 4");

        assertThat(membership.renew(me, 5, List.of(), true)).isInstanceOf(Renewal.Expelled.class);
        assertThat(membership.read(me, 5)).isEmpty();
    }

    /** Nobody can say what the lost rows ended, so everything ends, once, and above them. */
    @Test
    void endsEverythingWhenTheLogHasLostRows() throws SQLException {
        past("UPDATE server_state SET log_number = 5");

        Joined first = membership.join(8);
        Joined second = membership.join(7);

        assertThat(first.number()).isEqualTo(9);
        assertThat(second.number()).isEqualTo(9);
        assertThat(membership.read(second, 5).orElseThrow().rows())
                .containsExactly(new Revocation.OfEverything(9));
        List<String> audited =
                database.read(
                        DataScope.server(DataScope.Why.OPERATOR),
                        "reading the audit",
                        handle ->
                                handle.createQuery("SELECT kind FROM audit")
                                        .mapTo(String.class)
                                        .list());
        assertThat(audited).containsExactly("server.everything_revoked");
    }

    /** Until then nothing that the database says is believed. */
    @Test
    void asksNothingOfDatabaseThatHasLostRows() throws SQLException {
        past("UPDATE server_state SET log_number = 5");
        database.requireLog(() -> 8);

        assertThatThrownBy(() -> ServerState.logNumber(database))
                .isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> ServerState.prepare(database, NOW))
                .isInstanceOf(StoreUnavailableException.class);

        Joined _ = membership.join(8);
        assertThat(ServerState.logNumber(database)).isEqualTo(9);
    }

    @Test
    void expelsWhoeverJoinedAnotherHistory() {
        Joined me = membership.join(0);
        Joined elsewhere = new Joined(me.incarnation(), me.number(), "7/00000009");

        assertThat(membership.renew(elsewhere, me.number(), List.of(), true))
                .isInstanceOf(Renewal.Expelled.class);
        assertThat(membership.read(elsewhere, me.number())).isEmpty();
    }

    @Test
    void strikesOutWhoeverIsBehindOrSilent() {
        Joined me = membership.join(0);
        membership.expelBehind(me.number());
        assertThat(membership.members()).hasSize(1);

        membership.expelBehind(me.number() + 1);
        assertThat(membership.members()).isEmpty();
        assertThat(membership.renew(me, me.number(), List.of(), true))
                .isInstanceOf(Renewal.Expelled.class);

        Joined again = membership.join(0);
        Membership.Member seen = membership.members().getFirst();
        Renewal _ = membership.renew(again, again.number(), List.of(), true);
        membership.expelSilent(seen); // it was not
        assertThat(membership.members()).hasSize(1);
        membership.leave(again);
        assertThat(membership.members()).isEmpty();
    }

    /** Somebody stopped in the middle of a renewal: the next revocation needs what it holds. */
    @Test
    void renewalThatStandsStillHoldsTheCounterForQuarterOfSecond() throws Exception {
        Joined me = membership.join(0);
        CountDownLatch locked = new CountDownLatch(1);
        Thread stuck =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                Object _ =
                                        connections.transaction(
                                                "standing still",
                                                DatabaseMembership.BOUNDS,
                                                handle -> {
                                                    handle.execute(
                                                            "SELECT 1 FROM server_state FOR SHARE");
                                                    locked.countDown();
                                                    return pause();
                                                });
                            } catch (RuntimeException e) {
                                // PostgreSQL has ended it
                            }
                        });
        locked.await();

        // Whoever stands still goes on only after this: without a bound it would wait for ever.
        past("UPDATE server_state SET log_number = log_number + 1");

        stuck.interrupt();
        stuck.join();
        assertThat(membership.renew(me, me.number(), List.of(), true))
                .isInstanceOf(Renewal.Behind.class);
    }

    private static boolean pause() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return true;
    }
}
