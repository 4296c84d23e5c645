package drawbridge.server.account;

import drawbridge.model.TenantId;
import drawbridge.model.UserId;
import drawbridge.server.session.UserFacts;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.Times;

import org.jdbi.v3.core.Handle;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** Accounts in the database. Safe for many threads. */
public final class DatabaseAccountStore {
    /**
     * An account as the database holds it.
     *
     * @param facts what back ends may know
     * @param active whether it may log in
     * @param passwordHash the PHC string; never leaves this package
     */
    record Account(UserFacts facts, boolean active, String passwordHash) {
        @Override
        public String toString() {
            return "Account[" + facts.id() + "]";
        }
    }

    private final Database database;

    public DatabaseAccountStore(Database database) {
        this.database = database;
    }

    /** The account with that address in that tenant. */
    Optional<Account> find(TenantId tenant, Email email) {
        return database.read(
                "finding an account",
                handle ->
                        handle.createQuery(
                                        "SELECT * FROM user_account WHERE tenant_id = :tenant"
                                                + " AND email = :email")
                                .bind("tenant", tenant.value())
                                .bind("email", email.value())
                                .map((row, context) -> account(row))
                                .findOne());
    }

    /** How many accounts there are. */
    public long count() {
        return database.read(
                "counting accounts",
                handle ->
                        handle.createQuery("SELECT count(*) FROM user_account")
                                .mapTo(long.class)
                                .one());
    }

    /**
     * Adds an account, in a transaction.
     *
     * @return false when the tenant has one with that address already, and nothing was changed
     */
    boolean insert(Handle handle, TenantId tenant, UserFacts facts, String passwordHash) {
        int added =
                handle.createUpdate(
                                """
                                INSERT INTO user_account (id, tenant_id, email, name, last_name, user_type, lang,
                                    is_verified, state, password_hash, created_at, updated_at)
                                VALUES (:id, :tenant, :email, :name, :lastName, :type, :lang, :verified,
                                    'active', :hash, :created, :updated)
                                ON CONFLICT (tenant_id, email) DO NOTHING
                                """)
                        .bind("id", facts.id().value())
                        .bind("tenant", tenant.value())
                        .bind("email", facts.email())
                        .bind("name", facts.name())
                        .bind("lastName", facts.lastName())
                        .bind("type", facts.userType())
                        .bind("lang", facts.lang())
                        .bind("verified", facts.verified() ? 1 : 0)
                        .bind("hash", passwordHash)
                        .bind("created", Times.micros(facts.createdAt()))
                        .bind("updated", Times.micros(facts.updatedAt()))
                        .execute();
        return added == 1;
    }

    /** Whether the account still has that hash and may log in, read inside a transaction. */
    boolean isUnchanged(Handle handle, TenantId tenant, UserId user, String passwordHash) {
        return handle.createQuery(
                                """
                                SELECT count(*) FROM user_account JOIN tenant t ON t.id = tenant_id
                                WHERE user_account.id = :user AND tenant_id = :tenant
                                  AND user_account.state = 'active' AND t.state = 'active' AND password_hash = :hash
                                """)
                        .bind("user", user.value())
                        .bind("tenant", tenant.value())
                        .bind("hash", passwordHash)
                        .mapTo(long.class)
                        .one()
                == 1;
    }

    /** Notes a login, in a transaction. */
    void loggedIn(Handle handle, TenantId tenant, UserId user, Instant at) {
        handle.createUpdate(
                        "UPDATE user_account SET last_login_at = :at WHERE id = :user"
                                + " AND tenant_id = :tenant")
                .bind("at", Times.micros(at))
                .bind("user", user.value())
                .bind("tenant", tenant.value())
                .execute();
    }

    /**
     * Puts a stronger hash of the same password in place of the old one, unless somebody changed it
     * since.
     */
    void rehash(TenantId tenant, UserId user, String oldHash, String newHash) {
        database.write(
                "strengthening a password hash",
                handle ->
                        handle.createUpdate(
                                        "UPDATE user_account SET password_hash = :fresh WHERE id = :user"
                                                + " AND tenant_id = :tenant AND password_hash = :old")
                                .bind("fresh", newHash)
                                .bind("user", user.value())
                                .bind("tenant", tenant.value())
                                .bind("old", oldHash)
                                .execute());
    }

    private static Account account(ResultSet row) throws SQLException {
        UserFacts facts =
                new UserFacts(
                        new UserId(row.getString("id")),
                        row.getString("email"),
                        row.getString("name"),
                        row.getString("last_name"),
                        row.getString("user_type"),
                        row.getString("lang"),
                        row.getInt("is_verified") == 1,
                        Times.instant(row.getLong("created_at")),
                        Times.instant(row.getLong("updated_at")));
        return new Account(
                facts, row.getString("state").equals("active"), row.getString("password_hash"));
    }
}
