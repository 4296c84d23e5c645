package drawbridge.server.session;

import drawbridge.server.storage.DatabaseIdentity;

import org.jdbi.v3.core.Handle;

import java.time.Instant;

/** The end of every session and every open token there is. */
public final class EverythingEnded {
    private EverythingEnded() {}

    /**
     * Writes the "everything" row into the revocation log, in the caller's transaction: whatever
     * was opened or issued before it is dead, and no copy that is kept elsewhere counts any more.
     *
     * @param above the row gets a number above this one too, so that a log never goes backwards
     * @return the row's number
     */
    public static long write(Handle handle, long above, Instant now, String reason, String actor) {
        handle.createUpdate(
                        "UPDATE server_state SET log_number = <greatest>(log_number, :above) WHERE id = 1")
                .bind("above", above)
                .execute();
        long number =
                RevocationLog.append(handle, "everything", null, null, null, now, reason, actor);
        handle.createUpdate("UPDATE server_state SET everything_through = :number WHERE id = 1")
                .bind("number", number)
                .execute();
        DatabaseIdentity.renew(handle);
        return number;
    }
}
