package drawbridge.server.storage;

import drawbridge.server.storage.DataScope.Why;

import org.jdbi.v3.core.Handle;

import java.security.SecureRandom;

/**
 * Which database it is: bytes drawn at random, kept in it. Whatever is kept elsewhere of what stood
 * in it is good for the same bytes only. They are drawn anew when the database went back to what it
 * once was, since what it was in the meantime must not come back from elsewhere.
 */
public final class DatabaseIdentity {
    /** How many bytes it has. */
    public static final int BYTES = 16;

    private DatabaseIdentity() {}

    /** The bytes; drawn now when there are none yet. */
    public static byte[] of(Database database) {
        return database.write(
                DataScope.server(Why.UPKEEP),
                "reading the database's identity",
                DatabaseIdentity::of);
    }

    private static byte[] of(Handle handle) {
        handle.createUpdate(
                        "UPDATE server_state SET identity = :fresh WHERE id = 1 AND identity IS NULL")
                .bind("fresh", draw())
                .execute();
        return handle.createQuery("SELECT identity FROM server_state WHERE id = 1")
                .mapTo(byte[].class)
                .one();
    }

    /**
     * Draws them anew, unless somebody did so since they were these; in both cases gives those that
     * count now.
     */
    public static byte[] after(Database database, byte[] known) {
        return database.write(
                DataScope.server(Why.UPKEEP),
                "drawing the database's identity anew",
                handle -> {
                    handle.createUpdate(
                                    "UPDATE server_state SET identity = :fresh"
                                            + " WHERE id = 1 AND identity = :known")
                            .bind("fresh", draw())
                            .bind("known", known)
                            .execute();
                    return of(handle);
                });
    }

    /** Draws them anew, in the caller's transaction. */
    public static void renew(Handle handle) {
        handle.createUpdate("UPDATE server_state SET identity = :fresh WHERE id = 1")
                .bind("fresh", draw())
                .execute();
    }

    private static byte[] draw() {
        byte[] fresh = new byte[BYTES];
        new SecureRandom().nextBytes(fresh);
        return fresh;
    }
}
