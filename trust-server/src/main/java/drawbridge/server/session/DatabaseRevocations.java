package drawbridge.server.session;

import drawbridge.model.SessionId;
import drawbridge.model.TenantId;
import drawbridge.model.UserId;

import org.jdbi.v3.core.Handle;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Reads the revocation log as the tiers need to know it, inside the caller's transaction. */
public final class DatabaseRevocations {
    private DatabaseRevocations() {}

    /**
     * Up to {@code most} rows after that number, in order.
     *
     * @throws IllegalStateException at a row of a kind that this version does not know
     */
    public static List<Revocation> after(Handle handle, long number, int most) {
        return handle.createQuery(
                        """
                        SELECT number, kind, tenant_id, user_id, session_id, reason FROM revocation_log
                        WHERE number > :number ORDER BY number LIMIT :most
                        """)
                .bind("number", number)
                .bind("most", most)
                .map((row, context) -> revocation(row))
                .list();
    }

    private static Revocation revocation(ResultSet row) throws SQLException {
        long number = row.getLong("number");
        String kind = row.getString("kind");
        return switch (kind) {
            case "session", "undo", "replaced" ->
                    new Revocation.OfSession(
                            number,
                            new SessionKey(
                                    new TenantId(row.getString("tenant_id")),
                                    SessionId.ofHash(row.getBytes("session_id"))));
            case "user" ->
                    new Revocation.OfUser(
                            number,
                            new TenantId(row.getString("tenant_id")),
                            new UserId(row.getString("user_id")));
            case "changed" ->
                    new Revocation.OfUserFacts(
                            number,
                            new TenantId(row.getString("tenant_id")),
                            new UserId(row.getString("user_id")));
            case "tenant" ->
                    new Revocation.OfTenant(number, new TenantId(row.getString("tenant_id")));
            case "everything" -> new Revocation.OfEverything(number);
            case "secret" -> new Revocation.OfSecret(number);
            case "settings" ->
                    new Revocation.OfSettings(number, SharedSettings.of(row.getString("reason")));
            default -> throw new IllegalStateException("a row of the unknown kind " + kind);
        };
    }
}
