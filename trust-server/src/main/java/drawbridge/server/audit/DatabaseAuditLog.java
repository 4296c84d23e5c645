package drawbridge.server.audit;

import drawbridge.model.IpAddress;
import drawbridge.model.TenantId;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.Times;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * The audit log in the database. Rows of a tenant form a chain: each holds the SHA-256 of the one
 * before it and of its own contents, numbered without gaps. Safe for many threads.
 */
public final class DatabaseAuditLog {
    private static final byte[] GENESIS = new byte[32];

    private final Database database;

    public DatabaseAuditLog(Database database) {
        this.database = database;
    }

    /**
     * Adds an entry in the transaction of the thing it tells of, so that neither exists without the
     * other. Only the database's one writer calls this.
     */
    public void append(Handle handle, AuditEntry entry) {
        Head head = head(handle, entry.tenant());
        long number = head.number + 1;
        byte[] hash = hash(head.hash, number, entry);
        handle.createUpdate(
                        """
                        INSERT INTO audit (tenant_id, number, at, kind, actor, user_id, ref, ip, agent, route,
                                           mode, reason, signal, request_id, detail, hash)
                        VALUES (:tenant, :number, :at, :kind, :actor, :user, :ref, :ip, :agent, :route,
                                :mode, :reason, :signal, :request, :detail, :hash)
                        """)
                .bind("tenant", entry.tenant().value())
                .bind("number", number)
                .bind("at", Times.micros(entry.at()))
                .bind("kind", entry.kind())
                .bind("actor", entry.actor())
                .bind("user", entry.userId())
                .bind("ref", entry.ref())
                .bind("ip", text(entry.ip()))
                .bind("agent", entry.agent())
                .bind("route", entry.route())
                .bind("mode", entry.mode())
                .bind("reason", entry.reason())
                .bind("signal", entry.signal())
                .bind("request", entry.requestId())
                .bind("detail", entry.detail())
                .bind("hash", hash)
                .execute();
    }

    /** The entries about a session, newest first, at most {@code limit}. */
    public List<AuditEntry> about(TenantId tenant, String ref, int limit) {
        return database.read(
                "reading a session's audit",
                handle ->
                        handle.createQuery(
                                        """
                                        SELECT * FROM audit WHERE tenant_id = :tenant AND ref = :ref
                                        ORDER BY number DESC LIMIT :limit
                                        """)
                                .bind("tenant", tenant.value())
                                .bind("ref", ref)
                                .bind("limit", limit)
                                .map((row, context) -> entry(row))
                                .list());
    }

    private static final class Head {
        private final long number;
        private final byte[] hash;

        Head(long number, byte[] hash) {
            this.number = number;
            this.hash = hash;
        }
    }

    private static Head head(Handle handle, TenantId tenant) {
        Optional<Head> last =
                handle.createQuery(
                                "SELECT number, hash FROM audit WHERE tenant_id = :tenant"
                                        + " ORDER BY number DESC LIMIT 1")
                        .bind("tenant", tenant.value())
                        .map((row, context) -> new Head(row.getLong(1), row.getBytes(2)))
                        .findOne();
        return last.orElse(new Head(0, GENESIS));
    }

    /**
     * SHA-256 over the previous hash and every field, each with its length before it; null is
     * length -1.
     */
    private static byte[] hash(byte[] previous, long number, AuditEntry entry) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(previous);
            sha256.update(ByteBuffer.allocate(8).putLong(number).flip());
            sha256.update(ByteBuffer.allocate(8).putLong(Times.micros(entry.at())).flip());
            for (String field :
                    new @Nullable String[] {
                        entry.tenant().value(),
                        entry.kind(),
                        entry.actor(),
                        entry.userId(),
                        entry.ref(),
                        text(entry.ip()),
                        entry.agent(),
                        entry.route(),
                        entry.mode(),
                        entry.reason(),
                        entry.signal(),
                        entry.requestId(),
                        entry.detail()
                    }) {
                byte[] bytes = field == null ? null : field.getBytes(StandardCharsets.UTF_8);
                int length = bytes == null ? -1 : bytes.length;
                sha256.update(ByteBuffer.allocate(4).putInt(length).flip());
                if (bytes != null) {
                    sha256.update(bytes);
                }
            }
            return sha256.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static @Nullable String text(@Nullable IpAddress ip) {
        return ip == null ? null : ip.toString();
    }

    private static AuditEntry entry(ResultSet row) throws SQLException {
        String ip = row.getString("ip");
        return new AuditEntry(
                new TenantId(row.getString("tenant_id")),
                Times.instant(row.getLong("at")),
                row.getString("kind"),
                row.getString("actor"),
                row.getString("user_id"),
                row.getString("ref"),
                ip == null ? null : IpAddress.parse(ip).orElse(null),
                row.getString("agent"),
                row.getString("route"),
                row.getString("mode"),
                row.getString("reason"),
                row.getString("signal"),
                row.getString("request_id"),
                row.getString("detail"));
    }
}
