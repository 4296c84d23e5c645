package drawbridge.server.token;

import drawbridge.model.TenantId;
import drawbridge.model.UserId;
import drawbridge.server.storage.Times;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tokens in the database; every method runs inside the caller's transaction. */
final class DatabaseTokenStore {
    private DatabaseTokenStore() {}

    /** What a spent token's row holds for its winner's repeated call. */
    static final class Repeat {
        private final byte[] hash;
        private final byte @Nullable [] sealedAnswer;

        private Repeat(byte[] hash, byte @Nullable [] sealedAnswer) {
            this.hash = hash;
            this.sealedAnswer = sealedAnswer;
        }

        byte[] hash() {
            return hash;
        }

        Optional<byte[]> sealedAnswer() {
            return Optional.ofNullable(sealedAnswer);
        }
    }

    static Optional<TokenRow> find(Handle handle, TenantId tenant, String id) {
        return handle.createQuery(
                        "SELECT * FROM trust_token WHERE id = :id AND tenant_id = :tenant")
                .bind("id", id)
                .bind("tenant", tenant.value())
                .map((row, context) -> token(row))
                .findOne();
    }

    /** Whose the token with that id is. */
    static Optional<TenantId> tenantOf(Handle handle, String id) {
        return handle.createQuery("SELECT tenant_id FROM trust_token WHERE id = :id")
                .bind("id", id)
                .mapTo(String.class)
                .findOne()
                .map(TenantId::new);
    }

    /** The number under which everything before is dead since the last restore. */
    static long everythingThrough(Handle handle) {
        return handle.createQuery("SELECT everything_through FROM server_state WHERE id = 1")
                .mapTo(long.class)
                .one();
    }

    static long logNumber(Handle handle) {
        return handle.createQuery("SELECT log_number FROM server_state WHERE id = 1")
                .mapTo(long.class)
                .one();
    }

    static void insert(Handle handle, TokenRow row) {
        UserId user = row.user();
        handle.createUpdate(
                        """
                        INSERT INTO trust_token (id, tenant_id, purpose, user_id, email, user_type, landing, key_id,
                            issued_number, issued_by, issued_at, expires_at, state)
                        VALUES (:id, :tenant, :purpose, :user, :email, :type, :landing, :key,
                            :number, :by, :issued, :expires, 'open')
                        """)
                .bind("id", row.id())
                .bind("tenant", row.tenant().value())
                .bind("purpose", row.purpose().wireName())
                .bind("user", user == null ? null : user.value())
                .bind("email", row.email())
                .bind("type", row.userType())
                .bind("landing", row.landing())
                .bind("key", row.keyId())
                .bind("number", row.issuedNumber())
                .bind("by", row.issuedBy())
                .bind("issued", Times.micros(row.issuedAt()))
                .bind("expires", Times.micros(row.expiresAt()))
                .execute();
    }

    /** A newer token takes the place of the open ones with its purpose and subject. */
    static int supersede(Handle handle, TokenRow fresh, String by) {
        UserId user = fresh.user();
        return handle.createUpdate(
                        """
                        UPDATE trust_token SET state = 'superseded', ended_at = :now, end_reason = 'newer_token',
                            ended_by = :by
                        WHERE tenant_id = :tenant AND purpose = :purpose AND state = 'open'
                          AND (email = :email OR user_id = :user)
                        """)
                .bind("now", Times.micros(fresh.issuedAt()))
                .bind("by", by)
                .bind("tenant", fresh.tenant().value())
                .bind("purpose", fresh.purpose().wireName())
                .bind("email", fresh.email())
                .bind("user", user == null ? null : user.value())
                .execute();
    }

    /**
     * Spends a token: the one place where that happens. Changes one row or none.
     *
     * @return false when it was not open any more, and nothing was changed
     */
    static boolean spend(
            Handle handle, TokenRow row, Instant now, String by, byte @Nullable [] repeatHash) {
        return handle.createUpdate(
                                """
                                UPDATE trust_token SET state = 'spent', ended_at = :now, end_reason = 'consumed',
                                    ended_by = :by, repeat_hash = :repeat
                                WHERE id = :id AND tenant_id = :tenant AND purpose = :purpose AND state = 'open'
                                  AND expires_at > :now
                                  AND issued_number >= (SELECT everything_through FROM server_state WHERE id = 1)
                                """)
                        .bind("now", Times.micros(now))
                        .bind("by", by)
                        .bind("repeat", repeatHash)
                        .bind("id", row.id())
                        .bind("tenant", row.tenant().value())
                        .bind("purpose", row.purpose().wireName())
                        .execute()
                == 1;
    }

    static void keepAnswer(Handle handle, TokenRow row, byte[] sealed) {
        handle.createUpdate(
                        "UPDATE trust_token SET sealed_answer = :sealed"
                                + " WHERE id = :id AND tenant_id = :tenant")
                .bind("sealed", sealed)
                .bind("id", row.id())
                .bind("tenant", row.tenant().value())
                .execute();
    }

    static Optional<Repeat> repeatOf(Handle handle, TokenRow row) {
        return handle.createQuery(
                        "SELECT repeat_hash, sealed_answer FROM trust_token"
                                + " WHERE id = :id AND tenant_id = :tenant"
                                + " AND state = 'spent' AND repeat_hash IS NOT NULL")
                .bind("id", row.id())
                .bind("tenant", row.tenant().value())
                .map((found, context) -> new Repeat(found.getBytes(1), found.getBytes(2)))
                .findOne();
    }

    /** Answers are kept for the winner's repeated call and no longer. */
    static int forgetAnswers(Handle handle, Instant spentBefore) {
        return handle.createUpdate(
                        "UPDATE trust_token SET sealed_answer = NULL, repeat_hash = NULL"
                                + " WHERE repeat_hash IS NOT NULL AND ended_at <= :before")
                .bind("before", Times.micros(spentBefore))
                .execute();
    }

    /** Forgets up to {@code most} tokens that were issued before that instant. */
    static int forget(Handle handle, Instant issuedBefore, int most) {
        return handle.createUpdate(
                        """
                        DELETE FROM trust_token WHERE id IN (
                            SELECT id FROM trust_token WHERE issued_at < :before
                            ORDER BY issued_at LIMIT :most)
                        """)
                .bind("before", Times.micros(issuedBefore))
                .bind("most", most)
                .execute();
    }

    /** Ends open tokens; a part that is null does not choose. */
    static List<TokenRow> revoke(
            Handle handle,
            @Nullable String id,
            @Nullable TenantId tenant,
            @Nullable Purpose purpose,
            @Nullable UserId user,
            Instant now,
            String reason,
            String by) {
        Where where = new Where();
        where.and("state = 'open'");
        where.and("id", id);
        where.and("tenant_id", tenant == null ? null : tenant.value());
        where.and("purpose", purpose == null ? null : purpose.wireName());
        where.and("user_id", user == null ? null : user.value());
        return handle.createQuery(
                        "UPDATE trust_token SET state = 'revoked', ended_at = :now,"
                                + " end_reason = :reason, ended_by = :by"
                                + where
                                + " RETURNING *")
                .bind("now", Times.micros(now))
                .bind("reason", reason)
                .bind("by", by)
                .bindMap(where.values)
                .map((row, context) -> token(row))
                .list();
    }

    /** Tokens newest first, behind a cursor; a part of the choice that is null does not choose. */
    static List<TokenRow> list(Handle handle, TokenChoice choice, int limit, Instant now) {
        Where where = where(choice, now);
        TokenChoice.Cursor after = choice.after();
        if (after != null) {
            where.and("(issued_at, id) < (:afterAt, :afterId)");
            where.values.put("afterAt", Times.micros(after.at()));
            where.values.put("afterId", after.id());
        }
        Query query =
                handle.createQuery(
                        "SELECT * FROM trust_token"
                                + where
                                + " ORDER BY issued_at DESC, id DESC LIMIT :limit");
        return query.bindMap(where.values)
                .bind("limit", limit)
                .map((row, context) -> token(row))
                .list();
    }

    static long count(Handle handle, TokenChoice choice, Instant now) {
        Where where = where(choice, now);
        return handle.createQuery("SELECT count(*) FROM trust_token" + where)
                .bindMap(where.values)
                .mapTo(long.class)
                .one();
    }

    private static final class Where {
        private final List<String> conditions = new ArrayList<>();
        private final Map<String, Object> values = new HashMap<>();

        private void and(String condition) {
            conditions.add(condition);
        }

        private void and(String column, @Nullable String value) {
            if (value != null) {
                and(column + " = :" + column);
                values.put(column, value);
            }
        }

        @Override
        public String toString() {
            return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
        }
    }

    private static Where where(TokenChoice choice, Instant now) {
        Where where = new Where();
        TenantId tenant = choice.tenant();
        Purpose purpose = choice.purpose();
        UserId user = choice.user();
        where.and("tenant_id", tenant == null ? null : tenant.value());
        where.and("purpose", purpose == null ? null : purpose.wireName());
        where.and("user_id", user == null ? null : user.value());
        String text = choice.text();
        if (text != null) {
            where.and("(<position>(email, lower(:text)) > 0 OR id = :text)");
            where.values.put("text", text);
        }
        String state = choice.state();
        if (state != null) {
            if (state.equals("expired")) {
                where.and("state = 'open' AND expires_at <= :now");
                where.values.put("now", Times.micros(now));
            } else if (state.equals("open")) {
                where.and("state = 'open' AND expires_at > :now");
                where.values.put("now", Times.micros(now));
            } else {
                where.and("state = :state");
                where.values.put("state", state);
            }
        }
        return where;
    }

    private static TokenRow token(ResultSet row) throws SQLException {
        String user = row.getString("user_id");
        long ended = row.getLong("ended_at");
        boolean open = row.wasNull();
        return new TokenRow(
                row.getString("id"),
                new TenantId(row.getString("tenant_id")),
                Purpose.parse(row.getString("purpose")).orElseThrow(),
                user == null ? null : new UserId(user),
                row.getString("email"),
                row.getString("user_type"),
                row.getString("landing"),
                row.getString("key_id"),
                row.getLong("issued_number"),
                row.getString("issued_by"),
                Times.instant(row.getLong("issued_at")),
                Times.instant(row.getLong("expires_at")),
                TokenState.of(row.getString("state")),
                open ? null : Times.instant(ended),
                row.getString("end_reason"),
                row.getString("ended_by"));
    }
}
