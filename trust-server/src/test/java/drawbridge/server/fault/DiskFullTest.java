package drawbridge.server.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.ServerState;
import drawbridge.server.storage.SqliteFile;
import drawbridge.server.storage.StoreUnavailableException;
import drawbridge.server.support.KillableServer;
import drawbridge.server.support.SmallDisk;
import drawbridge.server.support.SqliteOnly;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/**
 * No room for the database: on a small tmpfs where the tests may mount one, and by SQLite's own
 * limit everywhere.
 */
@SqliteOnly
@Timeout(180)
final class DiskFullTest {
    private static final DataScope SETUP = DataScope.server(Why.SETUP);

    /** The log file lies on the full disk too; what the process prints does not. */
    @Test
    void losesNothingOnDiskThatIsFullAndGoesOnOnceThereIsRoom(@TempDir Path temp) throws Exception {
        try (SmallDisk disk =
                        SmallDisk.mount(
                                temp.resolve("data"),
                                24,
                                "the other test of this class stands in for this one");
                KillableServer server = new KillableServer(temp)) {
            server.start();
            SessionsHeld held = new SessionsHeld(server);
            held.open(5);
            String loggedOut = SessionsHeld.session(held.register("out@example.test"));
            String hot = held.opened().getFirst();
            assertThat(held.validate(hot).statusCode()).isEqualTo(200);

            disk.fill();
            held.openUntilDiskIsFull();

            assertThat(held.validate(hot).statusCode()).as("from memory").isEqualTo(200);
            Pending pending = revokeUntilRefused(held);
            if (server.post("/auth/logout", Map.of("session_id", loggedOut)).statusCode() == 200) {
                held.ended(loggedOut);
            }
            assertThat(Files.readString(server.output())).contains("disk full");

            disk.makeRoom();
            held.awaitRightAgain();
            assertThat(held.validate(pending.session()).statusCode())
                    .as("nothing was done")
                    .isEqualTo(200);
            assertThat(held.revoke(pending.ref()).statusCode()).isEqualTo(200);
            held.ended(pending.session());
            held.assertHeld();
            server.kill();
            server.start();
            held.assertHeld();
            held.assertAuditIsSound();
            assertThat(SqliteFile.findAnyDamage(server.data().resolve("drawbridge.db"))).isEmpty();
        }
    }

    /** The first session whose revocation was not done. */
    private record Pending(String session, String ref) {}

    /** A revocation takes less room than a registration, so that a few may still be done. */
    private static Pending revokeUntilRefused(SessionsHeld held) throws IOException {
        for (String session : held.opened()) {
            String ref = held.ref(session);
            HttpResponse<String> answer = held.revoke(ref);
            if (answer.statusCode() != 200) {
                SessionsHeld.assertSaysFull(answer, "REVOCATION_PENDING");
                return new Pending(session, ref);
            }
            held.ended(session);
        }
        throw new AssertionError("every revocation was done");
    }

    @Test
    void losesNothingThatWasAnsweredWhenSqliteHasNoRoom(@TempDir Path temp) {
        Path file = temp.resolve("full.db");
        int answered = 0;
        try (Database database = Database.openSqlite(file)) {
            ServerState.prepare(database, Instant.EPOCH);
            database.write(
                    SETUP,
                    "limiting the file",
                    handle -> {
                        long pages =
                                handle.createQuery("PRAGMA page_count").mapTo(long.class).one();
                        return handle.execute("PRAGMA max_page_count = " + (pages + 20));
                    });
            StoreUnavailableException full = null;
            for (; full == null && answered < 10_000; answered++) {
                full = write(database, answered);
            }
            answered--; // the last one was refused

            assertThat(full).isNotNull().satisfies(e -> assertThat(e.isFull()).isTrue());
            assertThatThrownBy(() -> database.read(SETUP, "x", h -> h.execute("no sql")))
                    .isInstanceOf(StoreUnavailableException.class)
                    .satisfies(e -> assertThat(((StoreUnavailableException) e).isFull()).isFalse());
            assertThat(count(database)).isEqualTo(answered);
            database.write(
                    SETUP,
                    "making room",
                    handle -> handle.execute("PRAGMA max_page_count = 1000000"));
            assertThat(write(database, -1)).isNull();
            assertThat(count(database)).isEqualTo(answered + 1);
        }
        assertThat(SqliteFile.findAnyDamage(file)).isEmpty();
    }

    private static @Nullable StoreUnavailableException write(Database database, int i) {
        try {
            database.write(
                    SETUP,
                    "adding a tenant",
                    handle ->
                            handle.createUpdate(
                                            "INSERT INTO tenant (id, name, state, created_at)"
                                                    + " VALUES (:id, :name, 'active', 0)")
                                    .bind("id", "t" + i)
                                    .bind("name", "x".repeat(500))
                                    .execute());
            return null;
        } catch (StoreUnavailableException e) {
            return e;
        }
    }

    private static long count(Database database) {
        return database.read(
                SETUP,
                "counting",
                handle ->
                        handle.createQuery("SELECT count(*) FROM tenant WHERE id <> 'default'")
                                .mapTo(long.class)
                                .one());
    }
}
