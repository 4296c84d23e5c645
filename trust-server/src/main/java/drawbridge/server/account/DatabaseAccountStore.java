package drawbridge.server.account;

import drawbridge.model.TenantId;
import drawbridge.model.UserId;
import drawbridge.model.view.PasswordCost;
import drawbridge.model.view.UserRow;
import drawbridge.server.limit.LoginGuard;
import drawbridge.server.session.DatabaseUserFacts;
import drawbridge.server.session.UserFacts;
import drawbridge.server.session.UserProfile;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.Times;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Accounts in the database. Deleted ones are found by nothing. Safe for many threads. */
public final class DatabaseAccountStore {
    /**
     * An account as the database holds it.
     *
     * @param tenant whose it is
     * @param facts what back ends may know
     * @param active whether it may log in
     * @param passwordHash the PHC string; never leaves this package
     * @param lastLoginAt null before the first login
     */
    record Account(
            TenantId tenant,
            UserFacts facts,
            boolean active,
            String passwordHash,
            @Nullable Instant lastLoginAt) {
        @Override
        public String toString() {
            return "Account[" + facts.id() + "]";
        }

        /** With what is known of it elsewhere. */
        UserRow row(long sessions, LoginGuard.Standing standing, @Nullable PasswordCost password) {
            return new UserRow(
                    facts.id().value(),
                    tenant.value(),
                    facts.email(),
                    facts.profile().userName(),
                    facts.name(),
                    facts.lastName(),
                    facts.userType(),
                    facts.lang(),
                    facts.verified(),
                    active ? "active" : "disabled",
                    facts.createdAt(),
                    facts.updatedAt(),
                    lastLoginAt,
                    sessions,
                    standing.count(),
                    standing.lastAt(),
                    standing.isClosed(),
                    password);
        }
    }

    private static final String SELECT =
            "SELECT u.tenant_id, u.state, u.password_hash, u.last_login_at, "
                    + DatabaseUserFacts.COLUMNS
                    + " FROM user_account u WHERE u.deleted_at IS NULL";

    private final Database database;

    public DatabaseAccountStore(Database database) {
        this.database = database;
    }

    /** The account of that name in that tenant. */
    Optional<Account> find(TenantId tenant, LoginName name) {
        String column =
                switch (name) {
                    case LoginName.ByEmail _ -> "email";
                    case LoginName.ByUserName _ -> "user_name";
                };
        return database.read(
                DataScope.of(tenant),
                "finding an account",
                handle ->
                        handle.createQuery(
                                        SELECT
                                                + " AND u.tenant_id = :tenant AND u.%s = :name"
                                                        .formatted(column))
                                .bind("tenant", tenant.value())
                                .bind("name", name.value())
                                .map((row, context) -> account(row))
                                .findOne());
    }

    /** The account with that id in that tenant. */
    Optional<Account> find(TenantId tenant, UserId user) {
        return database.read(
                DataScope.of(tenant), "finding an account", handle -> find(handle, tenant, user));
    }

    /** The same, inside a transaction. */
    Optional<Account> find(Handle handle, TenantId tenant, UserId user) {
        return handle.createQuery(SELECT + " AND u.tenant_id = :tenant AND u.id = :user")
                .bind("tenant", tenant.value())
                .bind("user", user.value())
                .map((row, context) -> account(row))
                .findOne();
    }

    /** The tenant of the account with that id. */
    Optional<TenantId> tenantOf(UserId user) {
        return database.read(
                DataScope.server(Why.LOOKUP),
                "finding an account's tenant",
                handle -> tenantOf(handle, user));
    }

    /** The same, inside a transaction. */
    Optional<TenantId> tenantOf(Handle handle, UserId user) {
        return handle.createQuery(
                        "SELECT tenant_id FROM user_account WHERE id = :user"
                                + " AND deleted_at IS NULL")
                .bind("user", user.value())
                .mapTo(String.class)
                .findOne()
                .map(TenantId::new);
    }

    /** Whether a tenant with that id exists and is active, read inside a transaction. */
    boolean isTenant(Handle handle, TenantId tenant) {
        return handle.createQuery("SELECT count(*) FROM tenant WHERE id = :id AND state = 'active'")
                        .bind("id", tenant.value())
                        .mapTo(long.class)
                        .one()
                == 1;
    }

    /** How many accounts there are. */
    public long count() {
        return database.read(
                DataScope.server(Why.OPERATOR),
                "counting accounts",
                handle ->
                        handle.createQuery(
                                        "SELECT count(*) FROM user_account WHERE deleted_at IS NULL")
                                .mapTo(long.class)
                                .one());
    }

    /** A piece of a list, and how many there are in all. */
    record Listed(List<Account> accounts, long total) {
        Listed {
            accounts = List.copyOf(accounts);
        }
    }

    /** Where a piece begins: behind so many, or behind the account made then. */
    record Place(int skipped, @Nullable Instant createdAt, String id) {
        static Place behind(int skipped) {
            return new Place(skipped, null, "");
        }
    }

    private static String standing(UserChoice.@Nullable Standing wanted) {
        String isClosed = "u.id IN (" + LoginGuard.CLOSED_ACCOUNTS + ")";
        return switch (wanted) {
            case null -> "";
            case ACTIVE -> " AND u.state = 'active' AND NOT " + isClosed;
            case LOCKED -> " AND (u.state = 'disabled' OR " + isClosed + ")";
            case UNVERIFIED -> " AND u.is_verified = 0";
        };
    }

    /** Accounts, the newest first, in a transaction. */
    static Listed list(Handle handle, UserChoice choice, int limit, Place place, LoginGuard guard) {
        TenantId tenant = choice.tenant();
        String text = choice.text();
        UserChoice.Standing wanted = choice.standing();
        String where =
                (tenant == null ? "" : " AND u.tenant_id = :tenant")
                        + standing(wanted)
                        + (text.isEmpty()
                                ? ""
                                : " AND (<position>(u.email, lower(:text)) > 0 OR <position>(lower(u.name || ' ' ||"
                                        + " u.last_name), lower(:text)) > 0 OR <position>(coalesce(u.user_name, ''),"
                                        + " lower(:text)) > 0 OR u.id = :text)");
        Instant after = place.createdAt();
        Query count =
                handle.createQuery(
                        "SELECT count(*) FROM user_account u WHERE u.deleted_at IS NULL" + where);
        Query page =
                handle.createQuery(
                                SELECT
                                        + where
                                        + (after == null
                                                ? ""
                                                : " AND (u.created_at, u.id) < (:afterAt, :afterId)")
                                        + " ORDER BY u.created_at DESC, u.id DESC"
                                        + " LIMIT :limit OFFSET :skipped")
                        .bind("limit", limit)
                        .bind("skipped", place.skipped());
        for (Query query : List.of(count, page)) {
            if (tenant != null) {
                query.bind("tenant", tenant.value());
            }
            if (!text.isEmpty()) {
                query.bind("text", text);
            }
            if (wanted != null && wanted != UserChoice.Standing.UNVERIFIED) {
                guard.bindClosed(query);
            }
        }
        if (after != null) {
            page.bind("afterAt", Times.micros(after)).bind("afterId", place.id());
        }
        return new Listed(
                page.map((row, context) -> account(row)).list(), count.mapTo(long.class).one());
    }

    /**
     * Adds an account, in a transaction.
     *
     * @return the field that another account of the tenant has already; then nothing was changed
     */
    Optional<UserField> insert(
            Handle handle, TenantId tenant, UserFacts facts, String passwordHash) {
        UserProfile profile = facts.profile();
        int added =
                handle.createUpdate(
                                """
                                INSERT INTO user_account (id, tenant_id, email, name, last_name, user_type, lang,
                                    is_verified, state, password_hash, created_at, updated_at, user_name, phone,
                                    picture, dob, gender, reference_id, recovery_email, tmz, metadata)
                                VALUES (:id, :tenant, :email, :name, :lastName, :type, :lang, :verified,
                                    'active', :hash, :created, :updated, :userName, :phone,
                                    :picture, :dob, :gender, :reference, :recovery, :tmz, :metadata)
                                ON CONFLICT DO NOTHING
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
                        .bind("userName", profile.userName())
                        .bind("phone", profile.phone())
                        .bind("picture", profile.picture())
                        .bind("dob", profile.dob())
                        .bind("gender", profile.gender())
                        .bind("reference", profile.referenceId())
                        .bind("recovery", profile.recoveryEmail())
                        .bind("tmz", profile.timeZone())
                        .bind("metadata", profile.metadata())
                        .execute();
        return added == 1
                ? Optional.empty()
                : Optional.of(
                        isTaken(handle, tenant, facts.id(), UserField.EMAIL, facts.email())
                                ? UserField.EMAIL
                                : UserField.USER_NAME);
    }

    /** Whether another account of the tenant has that value, in a transaction. */
    boolean isTaken(Handle handle, TenantId tenant, UserId user, UserField field, String value) {
        return handle.createQuery(
                                "SELECT count(*) FROM user_account WHERE tenant_id = :tenant"
                                        + " AND id <> :user AND %s = :value"
                                                .formatted(field.column()))
                        .bind("tenant", tenant.value())
                        .bind("user", user.value())
                        .bind("value", value)
                        .mapTo(long.class)
                        .one()
                > 0;
    }

    /** Writes a change, in a transaction. */
    void update(Handle handle, TenantId tenant, UserId user, UserChange change, Instant now) {
        Map<UserField, String> values = change.values();
        Boolean verified = change.verified();
        String sets =
                values.keySet().stream()
                        .map(field -> ", %1$s = :%1$s".formatted(field.column()))
                        .collect(Collectors.joining());
        Update update =
                handle.createUpdate(
                                "UPDATE user_account SET updated_at = :now"
                                        + sets
                                        + (verified == null ? "" : ", is_verified = :verified")
                                        + " WHERE id = :user AND tenant_id = :tenant")
                        .bind("now", Times.micros(now))
                        .bind("user", user.value())
                        .bind("tenant", tenant.value());
        values.forEach((field, value) ->
                update.bind(field.column(), field.mayBeAbsent() && value.isBlank() ? null : value));
        if (verified != null) {
            update.bind("verified", verified ? 1 : 0);
        }
        update.execute();
    }

    /** Sets a password, in a transaction. */
    void setPassword(Handle handle, TenantId tenant, UserId user, String hash, Instant now) {
        handle.createUpdate(
                        "UPDATE user_account SET password_hash = :hash, updated_at = :now"
                                + " WHERE id = :user AND tenant_id = :tenant")
                .bind("hash", hash)
                .bind("now", Times.micros(now))
                .bind("user", user.value())
                .bind("tenant", tenant.value())
                .execute();
    }

    /** Lets an account log in, or not, in a transaction. */
    void setActive(Handle handle, TenantId tenant, UserId user, boolean active, Instant now) {
        handle.createUpdate(
                        "UPDATE user_account SET state = :state, updated_at = :now"
                                + " WHERE id = :user AND tenant_id = :tenant")
                .bind("state", active ? "active" : "disabled")
                .bind("now", Times.micros(now))
                .bind("user", user.value())
                .bind("tenant", tenant.value())
                .execute();
    }

    /** Takes everything from an account but its id, in a transaction. */
    void erase(Handle handle, TenantId tenant, UserId user, Instant now) {
        handle.createUpdate(
                        """
                        UPDATE user_account SET state = 'disabled', deleted_at = :now, updated_at = :now,
                            email = 'deleted:' || id, name = '', last_name = '', password_hash = '',
                            user_name = NULL, phone = NULL, picture = NULL, dob = NULL, gender = NULL,
                            reference_id = NULL, recovery_email = NULL, tmz = NULL, metadata = '{}'
                        WHERE id = :user AND tenant_id = :tenant
                        """)
                .bind("now", Times.micros(now))
                .bind("user", user.value())
                .bind("tenant", tenant.value())
                .execute();
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
                DataScope.of(tenant),
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
        long lastLogin = row.getLong("last_login_at");
        Instant lastLoginAt = row.wasNull() ? null : Times.instant(lastLogin);
        return new Account(
                new TenantId(row.getString("tenant_id")),
                DatabaseUserFacts.of(row),
                row.getString("state").equals("active"),
                row.getString("password_hash"),
                lastLoginAt);
    }
}
