package drawbridge.server.token;

import drawbridge.server.storage.Times;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Signing keys in the database; every method runs inside the caller's transaction. */
final class DatabaseKeyStore {
    private static final String SELECT =
            """
            SELECT k.*, (SELECT max(expires_at) FROM trust_token t WHERE t.key_id = k.id) AS last_expiry
            FROM signing_key k
            """;

    private DatabaseKeyStore() {}

    /** The name tokens are issued under, drawn once. */
    static String issuer(Handle handle, String drawn) {
        handle.createUpdate(
                        "INSERT INTO token_issuer (id, name) VALUES (1, :name)"
                                + " ON CONFLICT (id) DO NOTHING")
                .bind("name", drawn)
                .execute();
        return handle.createQuery("SELECT name FROM token_issuer WHERE id = 1")
                .mapTo(String.class)
                .one();
    }

    /** Every key there ever was, newest first. */
    static List<KeyRow> all(Handle handle) {
        return handle.createQuery(SELECT + " ORDER BY k.created_at DESC, k.id")
                .map((row, context) -> key(row))
                .list();
    }

    static Optional<KeyRow> inState(Handle handle, KeyState state) {
        return handle.createQuery(SELECT + " WHERE k.state = :state")
                .bind("state", state.wireName())
                .map((row, context) -> key(row))
                .findOne();
    }

    static Optional<KeyRow> find(Handle handle, String id) {
        return handle.createQuery(SELECT + " WHERE k.id = :id")
                .bind("id", id)
                .map((row, context) -> key(row))
                .findOne();
    }

    /** The sealed seed; empty when the key has none here. */
    static Optional<byte[]> seed(Handle handle, String id) {
        return handle.createQuery(
                        "SELECT sealed_seed FROM signing_key WHERE id = :id"
                                + " AND sealed_seed IS NOT NULL")
                .bind("id", id)
                .mapTo(byte[].class)
                .findOne();
    }

    static void insert(Handle handle, KeyRow key, byte @Nullable [] sealedSeed) {
        Instant since = key.signingSince();
        handle.createUpdate(
                        """
                        INSERT INTO signing_key (id, public_key, sealed_seed, origin, state, created_at, signing_since)
                        VALUES (:id, :key, :seed, :origin, :state, :created, :since)
                        """)
                .bind("id", key.id())
                .bind("key", key.publicKey())
                .bind("seed", sealedSeed)
                .bind("origin", key.origin())
                .bind("state", key.state().wireName())
                .bind("created", Times.micros(key.createdAt()))
                .bind("since", since == null ? null : Times.micros(since))
                .execute();
    }

    /** The signing key signs no more; its seed is not needed again. */
    static void stopSigning(Handle handle, Instant now) {
        handle.createUpdate(
                        "UPDATE signing_key SET state = 'verifying', stopped_at = :now,"
                                + " sealed_seed = NULL WHERE state = 'signing'")
                .bind("now", Times.micros(now))
                .execute();
    }

    /** The next key signs from now on. */
    static void startSigning(Handle handle, String id, Instant now) {
        handle.createUpdate(
                        "UPDATE signing_key SET state = 'signing', signing_since = :now"
                                + " WHERE id = :id AND state = 'next'")
                .bind("id", id)
                .bind("now", Times.micros(now))
                .execute();
    }

    /**
     * Ends the keys whose last token has expired.
     *
     * @param stoppedBefore spares keys that stopped later: a token they signed may still be on its
     *     way into the database
     */
    static int endExpired(Handle handle, Instant now, Instant stoppedBefore) {
        return handle.createUpdate(
                        """
                        UPDATE signing_key SET state = 'gone'
                        WHERE state = 'verifying' AND stopped_at < :before
                          AND NOT EXISTS (SELECT 1 FROM trust_token t
                                          WHERE t.key_id = signing_key.id AND t.expires_at > :now)
                        """)
                .bind("before", Times.micros(stoppedBefore))
                .bind("now", Times.micros(now))
                .execute();
    }

    private static KeyRow key(ResultSet row) throws SQLException {
        return new KeyRow(
                row.getString("id"),
                row.getString("public_key"),
                row.getString("origin"),
                KeyState.of(row.getString("state")),
                Times.instant(row.getLong("created_at")),
                instant(row, "signing_since"),
                instant(row, "stopped_at"),
                instant(row, "last_expiry"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? null : Times.instant(micros);
    }
}
