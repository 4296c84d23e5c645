package drawbridge.server.storage;

import drawbridge.model.TenantId;
import drawbridge.server.storage.DataScope.Why;

import java.time.Instant;

/** The row that a database has once, and the tenant it always has. */
public final class ServerState {
    private ServerState() {}

    /** Makes both in a new database; nothing happens in one that has them. */
    public static void prepare(Database database, Instant now) {
        database.write(
                DataScope.server(Why.SETUP),
                "preparing the database",
                handle -> {
                    handle.createUpdate(
                                    "INSERT INTO server_state (id, log_number, created_at)"
                                            + " VALUES (1, 0, :now) ON CONFLICT (id) DO NOTHING")
                            .bind("now", Times.micros(now))
                            .execute();
                    return handle.createUpdate(
                                    "INSERT INTO tenant (id, name, state, created_at)"
                                            + " VALUES (:id, 'Default', 'active', :now)"
                                            + " ON CONFLICT (id) DO NOTHING")
                            .bind("id", TenantId.DEFAULT.value())
                            .bind("now", Times.micros(now))
                            .execute();
                });
    }

    /** Whether a server ever used the database. */
    public static boolean exists(Database database) {
        return database.read(
                DataScope.server(Why.SETUP),
                "looking whether the database was used",
                handle ->
                        handle.createQuery("SELECT count(*) FROM server_state")
                                .mapTo(Boolean.class)
                                .one());
    }

    /** The number of the last row of the revocation log. */
    public static long logNumber(Database database) {
        return database.read(
                DataScope.server(Why.SETUP),
                "reading the revocation log's number",
                handle ->
                        handle.createQuery("SELECT log_number FROM server_state WHERE id = 1")
                                .mapTo(long.class)
                                .one());
    }

    /** Whether the server was exported to move elsewhere, and must not answer any more. */
    public static boolean isSealed(Database database) {
        return database.read(
                DataScope.server(Why.SETUP),
                "reading whether the server is sealed",
                handle ->
                        handle.createQuery(
                                        "SELECT count(*) FROM server_state WHERE sealed_at IS NOT"
                                                + " NULL")
                                .mapTo(Boolean.class)
                                .one());
    }
}
