package drawbridge.server.backup;

import org.jdbi.v3.core.Handle;

import java.util.List;

/** The bridge secrets of a database that are not accepted any more, so that they stay so. */
final class DatabaseEndedSecrets {
    private static final class Secret {
        private final byte[] lookupHash;
        private final String state;
        private final long endedAt;

        private Secret(byte[] lookupHash, String state, long endedAt) {
            this.lookupHash = lookupHash;
            this.state = state;
            this.endedAt = endedAt;
        }
    }

    private final List<Secret> secrets;

    private DatabaseEndedSecrets(List<Secret> secrets) {
        this.secrets = List.copyOf(secrets);
    }

    /** Reads them, in a transaction. */
    static DatabaseEndedSecrets read(Handle handle) {
        return new DatabaseEndedSecrets(
                handle.createQuery(
                                "SELECT lookup_hash, state, coalesce(ended_at, 0)"
                                        + " FROM caller_secret WHERE state <> 'active'")
                        .map((row, context) ->
                                new Secret(row.getBytes(1), row.getString(2), row.getLong(3)))
                        .list());
    }

    /**
     * Ends them in a database that accepts them, in a transaction.
     *
     * @return how many there were
     */
    int endIn(Handle handle) {
        int ended = 0;
        for (Secret secret : secrets) {
            ended +=
                    handle.createUpdate(
                                    "UPDATE caller_secret SET state = :state, ended_at = :at"
                                            + " WHERE lookup_hash = :hash AND state = 'active'")
                            .bind("state", secret.state)
                            .bind("at", secret.endedAt)
                            .bind("hash", secret.lookupHash)
                            .execute();
        }
        return ended;
    }
}
