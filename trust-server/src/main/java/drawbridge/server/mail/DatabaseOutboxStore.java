package drawbridge.server.mail;

import drawbridge.model.TenantId;
import drawbridge.server.storage.Times;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Mails in the database; every method runs inside the caller's transaction. */
final class DatabaseOutboxStore {
    private DatabaseOutboxStore() {}

    static void insert(Handle handle, OutboxRow row, byte[] sealed) {
        Instant next = row.nextAt();
        handle.createUpdate(
                        """
                        INSERT INTO outbox_mail (id, tenant_id, template, recipient, subject, token_id, sealed, state,
                            next_at, created_at)
                        VALUES (:id, :tenant, :template, :recipient, :subject, :token, :sealed, :state,
                            :next, :created)
                        """)
                .bind("id", row.id())
                .bind("tenant", row.tenant().value())
                .bind("template", row.template())
                .bind("recipient", row.recipient())
                .bind("subject", row.subject())
                .bind("token", row.tokenId())
                .bind("sealed", sealed)
                .bind("state", row.state())
                .bind("next", next == null ? null : Times.micros(next))
                .bind("created", Times.micros(row.createdAt()))
                .execute();
    }

    static List<OutboxRow> due(Handle handle, Instant now, int limit) {
        return handle.createQuery(
                        "SELECT * FROM outbox_mail WHERE state = 'waiting' AND next_at <= :now"
                                + " ORDER BY next_at LIMIT :limit")
                .bind("now", Times.micros(now))
                .bind("limit", limit)
                .map((row, context) -> mail(row))
                .list();
    }

    /** Whose the mail with that id is. */
    static Optional<TenantId> tenantOf(Handle handle, String id) {
        return handle.createQuery("SELECT tenant_id FROM outbox_mail WHERE id = :id")
                .bind("id", id)
                .mapTo(String.class)
                .findOne()
                .map(TenantId::new);
    }

    static Optional<OutboxRow> find(Handle handle, TenantId tenant, String id) {
        return handle.createQuery(
                        "SELECT * FROM outbox_mail WHERE id = :id AND tenant_id = :tenant")
                .bind("id", id)
                .bind("tenant", tenant.value())
                .map((row, context) -> mail(row))
                .findOne();
    }

    static Optional<byte[]> sealed(Handle handle, OutboxRow row) {
        return handle.createQuery(
                        "SELECT sealed FROM outbox_mail"
                                + " WHERE id = :id AND tenant_id = :tenant AND sealed IS NOT NULL")
                .bind("id", row.id())
                .bind("tenant", row.tenant().value())
                .mapTo(byte[].class)
                .findOne();
    }

    static void sent(Handle handle, OutboxRow row, Instant now) {
        handle.createUpdate(
                        """
                        UPDATE outbox_mail SET state = 'sent', sent_at = :now, next_at = NULL, sealed = NULL,
                            attempts = attempts + 1, last_error = NULL
                        WHERE id = :id AND tenant_id = :tenant AND state = 'waiting'
                        """)
                .bind("now", Times.micros(now))
                .bind("id", row.id())
                .bind("tenant", row.tenant().value())
                .execute();
    }

    /** Notes a failed attempt; without a next one the mail has failed for good. */
    static void refused(Handle handle, OutboxRow row, String why, @Nullable Instant next) {
        handle.createUpdate(
                        """
                        UPDATE outbox_mail SET state = CASE WHEN :next IS NULL THEN 'failed' ELSE 'waiting' END,
                            next_at = :next, attempts = attempts + 1, last_error = :why
                        WHERE id = :id AND tenant_id = :tenant AND state = 'waiting'
                        """)
                .bind("next", next == null ? null : Times.micros(next))
                .bind("why", why)
                .bind("id", row.id())
                .bind("tenant", row.tenant().value())
                .execute();
    }

    /** Puts a mail that was not sent up for delivery now. */
    static boolean retry(Handle handle, OutboxRow row, Instant now) {
        return handle.createUpdate(
                                "UPDATE outbox_mail SET state = 'waiting', next_at = :now"
                                        + " WHERE id = :id AND tenant_id = :tenant"
                                        + " AND state <> 'sent' AND sealed IS NOT NULL")
                        .bind("now", Times.micros(now))
                        .bind("id", row.id())
                        .bind("tenant", row.tenant().value())
                        .execute()
                == 1;
    }

    /** Newest first, behind a cursor. */
    static List<OutboxRow> list(
            Handle handle,
            @Nullable String state,
            @Nullable Instant afterAt,
            @Nullable String afterId,
            int limit) {
        return handle.createQuery(
                        """
                        SELECT * FROM outbox_mail
                        WHERE (:state IS NULL OR state = :state)
                          AND (:at IS NULL OR (created_at, id) < (:at, :id))
                        ORDER BY created_at DESC, id DESC LIMIT :limit
                        """)
                .bind("state", state)
                .bind("at", afterAt == null ? null : Times.micros(afterAt))
                .bind("id", afterId)
                .bind("limit", limit)
                .map((row, context) -> mail(row))
                .list();
    }

    static long count(Handle handle, @Nullable String state) {
        return handle.createQuery(
                        "SELECT count(*) FROM outbox_mail WHERE (:state IS NULL OR state = :state)")
                .bind("state", state)
                .mapTo(long.class)
                .one();
    }

    /**
     * Forgets up to {@code most} old mails, which are of no use: the links in them have expired.
     */
    static int forget(Handle handle, Instant createdBefore, int most) {
        return handle.createUpdate(
                        """
                        DELETE FROM outbox_mail WHERE id IN (
                            SELECT id FROM outbox_mail WHERE created_at < :before LIMIT :most)
                        """)
                .bind("before", Times.micros(createdBefore))
                .bind("most", most)
                .execute();
    }

    private static OutboxRow mail(ResultSet row) throws SQLException {
        return new OutboxRow(
                row.getString("id"),
                new TenantId(row.getString("tenant_id")),
                row.getString("template"),
                row.getString("recipient"),
                row.getString("subject"),
                row.getString("token_id"),
                row.getString("state"),
                row.getInt("attempts"),
                instant(row, "next_at"),
                row.getString("last_error"),
                Times.instant(row.getLong("created_at")),
                instant(row, "sent_at"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? null : Times.instant(micros);
    }
}
