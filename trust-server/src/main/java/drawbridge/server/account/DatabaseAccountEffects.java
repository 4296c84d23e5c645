package drawbridge.server.account;

import drawbridge.model.TenantId;
import drawbridge.model.UserId;
import drawbridge.server.session.DatabaseUserFacts;
import drawbridge.server.session.UserFacts;
import drawbridge.server.storage.Times;

import org.jdbi.v3.core.Handle;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/**
 * What a spent trust token does to an account, in the transaction that spends it. Safe for many
 * threads.
 */
public final class DatabaseAccountEffects {
    /**
     * The account a token is about.
     *
     * @param facts what back ends may know
     * @param active whether it and its tenant may be used
     */
    public record Owner(UserFacts facts, boolean active) {}

    private static final String SELECT =
            """
            SELECT u.state = 'active' AND t.state = 'active' AS usable, %s
            FROM user_account u JOIN tenant t ON t.id = u.tenant_id
            WHERE u.deleted_at IS NULL
            """
                    .formatted(DatabaseUserFacts.COLUMNS);

    private final DatabaseAccountStore store;

    public DatabaseAccountEffects(DatabaseAccountStore store) {
        this.store = store;
    }

    /** The account with that id. */
    public Optional<Owner> owner(Handle handle, TenantId tenant, UserId user) {
        return handle.createQuery(SELECT + " AND u.tenant_id = :tenant AND u.id = :user")
                .bind("tenant", tenant.value())
                .bind("user", user.value())
                .map((row, context) -> owner(row))
                .findOne();
    }

    /** The account with that address. */
    public Optional<Owner> owner(Handle handle, TenantId tenant, Email email) {
        return handle.createQuery(SELECT + " AND u.tenant_id = :tenant AND u.email = :email")
                .bind("tenant", tenant.value())
                .bind("email", email.value())
                .map((row, context) -> owner(row))
                .findOne();
    }

    /** Whether that tenant is there and may be used. */
    public boolean isActive(Handle handle, TenantId tenant) {
        return handle.createQuery("SELECT count(*) FROM tenant WHERE id = :id AND state = 'active'")
                        .bind("id", tenant.value())
                        .mapTo(long.class)
                        .one()
                == 1;
    }

    /** Sets the password; a password set by a mail proves the address as well. */
    public void setPassword(Handle handle, TenantId tenant, UserId user, String hash, Instant now) {
        requireOne(
                handle.createUpdate(
                                "UPDATE user_account SET password_hash = :hash, is_verified = 1,"
                                        + " updated_at = :now WHERE id = :user AND tenant_id = :tenant")
                        .bind("hash", hash)
                        .bind("now", Times.micros(now))
                        .bind("user", user.value())
                        .bind("tenant", tenant.value())
                        .execute());
    }

    /** Notes that the address is proven. */
    public void setVerified(Handle handle, TenantId tenant, UserId user, Instant now) {
        requireOne(
                handle.createUpdate(
                                "UPDATE user_account SET is_verified = 1, updated_at = :now"
                                        + " WHERE id = :user AND tenant_id = :tenant")
                        .bind("now", Times.micros(now))
                        .bind("user", user.value())
                        .bind("tenant", tenant.value())
                        .execute());
    }

    /** Notes a login. */
    public void loggedIn(Handle handle, TenantId tenant, UserId user, Instant now) {
        store.loggedIn(handle, tenant, user, now);
    }

    /**
     * Adds an account.
     *
     * @return false when the tenant has one with that address already, and nothing was changed
     */
    public boolean insert(Handle handle, TenantId tenant, UserFacts facts, String passwordHash) {
        return store.insert(handle, tenant, facts, passwordHash).isEmpty();
    }

    private static void requireOne(int changed) {
        if (changed != 1) {
            throw new IllegalStateException("the account is gone inside its own transaction");
        }
    }

    private static Owner owner(ResultSet row) throws SQLException {
        return new Owner(DatabaseUserFacts.of(row), row.getBoolean("usable"));
    }
}
