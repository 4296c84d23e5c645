package drawbridge.server.token;

import drawbridge.model.TenantId;
import drawbridge.server.storage.Times;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** Who asked for which mail, in the database; every method runs in the caller's transaction. */
final class DatabaseMailRequests {
    /** Asks, besides the purposes of tokens: somebody registered an address that has an account. */
    static final String ACCOUNT_EXISTS = "account_exists";

    private DatabaseMailRequests() {}

    /** Somebody asked for a mail of that kind to that address. */
    record Ask(
            long id,
            TenantId tenant,
            String kind,
            String email,
            @Nullable String landing,
            String tokenId,
            String requestId) {}

    /** Notes it; who asks again before the mail is written gets one mail, with the newer token. */
    static void insert(
            Handle handle,
            TenantId tenant,
            String kind,
            String email,
            @Nullable String landing,
            String tokenId,
            String requestId,
            Instant now) {
        handle.createUpdate(
                        """
                        INSERT INTO mail_request (tenant_id, kind, email, landing, token_id, request_id, asked_at)
                        VALUES (:tenant, :kind, :email, :landing, :token, :request, :now)
                        ON CONFLICT (tenant_id, kind, email) DO UPDATE SET landing = excluded.landing,
                            token_id = excluded.token_id, request_id = excluded.request_id,
                            asked_at = excluded.asked_at
                        """)
                .bind("tenant", tenant.value())
                .bind("kind", kind)
                .bind("email", email)
                .bind("landing", landing)
                .bind("token", tokenId)
                .bind("request", requestId)
                .bind("now", Times.micros(now))
                .execute();
    }

    static List<Ask> oldest(Handle handle, int limit) {
        return handle.createQuery("SELECT * FROM mail_request ORDER BY id LIMIT :limit")
                .bind("limit", limit)
                .map((row, context) -> ask(row))
                .list();
    }

    /** Takes it off the list; false when somebody asked again meanwhile. */
    static boolean delete(Handle handle, Ask ask) {
        return handle.createUpdate(
                                "DELETE FROM mail_request"
                                        + " WHERE id = :id AND tenant_id = :tenant AND token_id = :token")
                        .bind("id", ask.id())
                        .bind("tenant", ask.tenant().value())
                        .bind("token", ask.tokenId())
                        .execute()
                == 1;
    }

    private static Ask ask(ResultSet row) throws SQLException {
        return new Ask(
                row.getLong("id"),
                new TenantId(row.getString("tenant_id")),
                row.getString("kind"),
                row.getString("email"),
                row.getString("landing"),
                row.getString("token_id"),
                row.getString("request_id"));
    }
}
