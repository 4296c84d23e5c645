package drawbridge.server.limit;

import drawbridge.model.TenantId;
import drawbridge.model.UserId;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.crypto.KeyedHash;
import drawbridge.server.crypto.Keys;
import drawbridge.server.session.DeviceHash;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.Times;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Counts failed logins in a row, so that nobody guesses a password by patience (NIST SP 800-63B-4:
 * at most 100). An attempt is counted before its password is compared and forgotten again when it
 * succeeds, so that attempts side by side cannot outrun the count, and a crash forgets nothing.
 *
 * <p>Whoever does not know the password cannot keep the owner out: devices the account has logged
 * in from have counts of their own, which strangers do not touch. An account nobody has is counted
 * like any other. Safe for many threads.
 */
public final class LoginGuard {
    /** Known devices of an account: the five that logged in last. */
    static final int KNOWN_DEVICES = 5;

    /** Failures in a row that a known device has before it counts as a stranger. */
    static final int KNOWN_FAILURES = 10;

    /** So many failures cost no wait: people mistype. */
    private static final int FREE_FAILURES = 5;

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);
    private static final byte[] STRANGERS = new byte[0];

    /** How long failures of an address are kept that belongs to nobody. */
    private static final Duration UNKNOWN_KEPT = Duration.ofDays(30);

    private static final int MOST_UNKNOWN = 100_000;

    /**
     * Whose login it is.
     *
     * @param account the account's canonical name, whatever it was called by; what was typed when
     *     there is no such account
     * @param typed what was typed, in its canonical form
     * @param user whose account it is; null when it is nobody's
     */
    public record Who(String account, String typed, @Nullable UserId user) {}

    /** An attempt that was counted, for {@link #succeeded} and {@link #giveBack}. */
    public static final class Attempt {
        private final TenantId tenant;
        private final Who who;
        private final byte[] account;
        private final byte[] budget;
        private final List<DeviceHash> devices;

        private Attempt(
                TenantId tenant, Who who, byte[] account, byte[] budget, List<DeviceHash> devices) {
            this.tenant = tenant;
            this.who = who;
            this.account = account;
            this.budget = budget;
            this.devices = List.copyOf(devices);
        }
    }

    /** Whether an attempt may have its password compared. */
    public sealed interface Admission {
        /** It may. */
        record Admitted(Attempt attempt) implements Admission {}

        /** It may not, whatever the password; nobody is told. */
        record Locked() implements Admission {}

        /** Not yet. */
        record TooSoon(Duration retryAfter) implements Admission {}
    }

    /**
     * Failed logins to an account in a row.
     *
     * @param count from whatever device
     * @param lastAt when the last was; null without one
     * @param isClosed whether unknown devices are let in no more
     */
    public record Standing(int count, @Nullable Instant lastAt, boolean isClosed) {
        /** No failure at all. */
        public static final Standing GOOD = new Standing(0, null, false);

        private Standing and(DatabaseFailures.Row row, int most) {
            return new Standing(
                    count + row.count(),
                    lastAt == null || row.lastAt().isAfter(lastAt) ? row.lastAt() : lastAt,
                    isClosed || (row.isOfStrangers() && row.count() >= most));
        }
    }

    /** An account, as its failures are counted. */
    public record Name(TenantId tenant, String account) {}

    /**
     * Finds accounts that are closed to unknown devices, as a condition on {@code user_id}; binds
     * {@code strangers} and {@code strangersMost}.
     */
    public static final String CLOSED_ACCOUNTS =
            "SELECT user_id FROM login_failure WHERE device = :strangers"
                    + " AND failures >= :strangersMost AND user_id IS NOT NULL";

    private record Failures(int count, Instant lastAt) {}

    private static final Failures NO_FAILURES = new Failures(0, Instant.EPOCH);

    private final Database database;
    private final DatabaseAuditLog audit;
    private final KeyedHash keyed;
    private final int strangersFailures;
    private final Clock clock;

    /**
     * @param strangersFailures failures in a row that close an account to unknown devices; at most
     *     50, so that with those of the known devices there are no more than 100
     */
    public LoginGuard(
            Database database,
            DatabaseAuditLog audit,
            Keys keys,
            int strangersFailures,
            Clock clock) {
        this.database = database;
        this.audit = audit;
        this.keyed = keys.hashFor("login-guard/v1");
        this.strangersFailures = strangersFailures;
        this.clock = clock;
    }

    /** Whether the account of that name has logged in from the device lately. */
    public boolean isKnown(TenantId tenant, String name, DeviceHash device) {
        return database.read(
                DataScope.of(tenant),
                "looking up a known device",
                handle -> isKnown(handle, tenant, hash(tenant, name), device));
    }

    private static boolean isKnown(
            Handle handle, TenantId tenant, byte[] account, DeviceHash device) {
        return handle.createQuery(
                                "SELECT count(*) FROM known_device WHERE tenant_id = :tenant"
                                        + " AND account = :account AND device = :device")
                        .bind("tenant", tenant.value())
                        .bind("account", account)
                        .bind("device", device.bytes())
                        .mapTo(long.class)
                        .one()
                > 0;
    }

    /**
     * Counts an attempt as failed, unless it comes too soon after the last one.
     *
     * @param devices what is known of the device it comes from, the best evidence first; may be
     *     empty
     * @param owed taken first, in the same transaction; without enough it is too soon
     */
    public Admission admit(
            TenantId tenant, Who who, List<DeviceHash> devices, Optional<Owed> owed) {
        if (owed.isPresent()) {
            return database.writeTogether(
                    DataScope.server(Why.UPKEEP),
                    "counting a login",
                    handle -> {
                        Duration wait = owed.get().take(handle);
                        if (!wait.isZero()) {
                            return new Admission.TooSoon(wait);
                        }
                        Database.narrow(handle, tenant);
                        return admit(handle, tenant, who, devices);
                    });
        }
        return database.writeTogether(
                DataScope.of(tenant),
                "counting a login",
                handle -> admit(handle, tenant, who, devices));
    }

    private Admission admit(Handle handle, TenantId tenant, Who who, List<DeviceHash> devices) {
        byte[] account = hash(tenant, who.account());
        for (DeviceHash device : devices) {
            if (isKnown(handle, tenant, account, device)) {
                Attempt own = new Attempt(tenant, who, account, device.bytes(), devices);
                Failures before = failures(handle, own);
                if (before.count() < KNOWN_FAILURES) {
                    return count(handle, own, before, KNOWN_FAILURES);
                }
            }
        }
        Attempt strange = new Attempt(tenant, who, account, STRANGERS, devices);
        return count(handle, strange, failures(handle, strange), strangersFailures);
    }

    private Admission count(Handle handle, Attempt attempt, Failures before, int most) {
        UserId user = attempt.who.user();
        Instant now = clock.instant();
        Instant free = before.lastAt().plus(pause(before.count()));
        if (now.isBefore(free)) {
            return new Admission.TooSoon(Duration.between(now, free));
        }
        int count = before.count() + 1;
        note(handle, attempt, Math.min(count, most), now);
        if (count > most) {
            return new Admission.Locked();
        }
        if (count == most) {
            String who = attempt.budget.length == 0 ? "unknown devices" : "a known device";
            audit.append(
                    handle,
                    AuditEntry.of(attempt.tenant, now, "login.locked", "server")
                            .user(user == null ? null : user.value())
                            .detail("%d failures in a row from %s".formatted(most, who)));
        }
        return new Admission.Admitted(attempt);
    }

    /** Nothing for those who mistype, then a second, and twice as long each time. */
    private static Duration pause(int failures) {
        if (failures < FREE_FAILURES) {
            return Duration.ZERO;
        }
        Duration pause = Duration.ofSeconds(1L << Math.min(failures - FREE_FAILURES, 20));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    private static Failures failures(Handle handle, Attempt attempt) {
        return handle.createQuery(
                        "SELECT failures, last_at FROM login_failure WHERE tenant_id = :tenant"
                                + " AND account = :account AND device = :device")
                .bind("tenant", attempt.tenant.value())
                .bind("account", attempt.account)
                .bind("device", attempt.budget)
                .reduceRows(
                        NO_FAILURES,
                        (none, row) ->
                                new Failures(
                                        row.getColumn("failures", Integer.class),
                                        Times.instant(row.getColumn("last_at", Long.class))));
    }

    private static void note(Handle handle, Attempt attempt, int failures, Instant now) {
        UserId user = attempt.who.user();
        handle.createUpdate(
                        """
                        INSERT INTO login_failure (tenant_id, account, device, user_id, failures, last_at)
                        VALUES (:tenant, :account, :device, :user, :failures, :now)
                        ON CONFLICT (tenant_id, account, device)
                            DO UPDATE SET failures = :failures, last_at = :now, user_id = :user
                        """)
                .bind("tenant", attempt.tenant.value())
                .bind("account", attempt.account)
                .bind("device", attempt.budget)
                .bind("user", user == null ? null : user.value())
                .bind("failures", failures)
                .bind("now", Times.micros(now))
                .execute();
    }

    /**
     * Ends the row of failures, and knows the device from now on. In the transaction that opens the
     * session.
     */
    public void succeeded(Handle handle, Attempt attempt, UserId user, Instant now) {
        forget(handle, attempt.tenant, attempt.account);
        know(handle, attempt, attempt.account, user, now);
        byte[] typed = hash(attempt.tenant, attempt.who.typed());
        if (!Arrays.equals(typed, attempt.account)) {
            know(handle, attempt, typed, user, now); // so that it is known by this name, too
        }
    }

    private static void know(
            Handle handle, Attempt attempt, byte[] account, UserId user, Instant now) {
        boolean isOneMore = false;
        for (DeviceHash device : attempt.devices) {
            isOneMore |= know(handle, attempt.tenant, account, device, user, now);
        }
        if (isOneMore) {
            handle.createUpdate(
                            """
                            DELETE FROM known_device WHERE tenant_id = :tenant AND account = :account
                                AND device NOT IN (SELECT device FROM known_device
                                    WHERE tenant_id = :tenant AND account = :account
                                    ORDER BY last_login_at DESC LIMIT :most)
                            """)
                    .bind("tenant", attempt.tenant.value())
                    .bind("account", account)
                    .bind("most", KNOWN_DEVICES)
                    .execute();
        }
    }

    /** Whether it was not known before. */
    private static boolean know(
            Handle handle,
            TenantId tenant,
            byte[] account,
            DeviceHash device,
            UserId user,
            Instant now) {
        int known =
                handle.createUpdate(
                                """
                                UPDATE known_device SET last_login_at = :now
                                WHERE tenant_id = :tenant AND account = :account AND device = :device
                                """)
                        .bind("tenant", tenant.value())
                        .bind("account", account)
                        .bind("device", device.bytes())
                        .bind("now", Times.micros(now))
                        .execute();
        if (known > 0) {
            return false;
        }
        handle.createUpdate(
                        """
                        INSERT INTO known_device (tenant_id, account, device, user_id, last_login_at)
                        VALUES (:tenant, :account, :device, :user, :now)
                        """)
                .bind("tenant", tenant.value())
                .bind("account", account)
                .bind("device", device.bytes())
                .bind("user", user.value())
                .bind("now", Times.micros(now))
                .execute();
        return true;
    }

    /** How those accounts stand, in a transaction; those without a failure are not in it. */
    public Map<Name, Standing> standings(Handle handle, List<Name> names) {
        if (names.isEmpty()) {
            return Map.of();
        }
        Map<ByteBuffer, Name> byHash = new HashMap<>();
        for (Name name : names) {
            byHash.put(ByteBuffer.wrap(hash(name.tenant(), name.account())), name);
        }
        Map<Name, Standing> standings = new HashMap<>();
        List<TenantId> tenants = names.stream().map(Name::tenant).distinct().toList();
        for (DatabaseFailures.Row row : DatabaseFailures.of(handle, tenants, byHash.keySet())) {
            Name name = byHash.get(row.account());
            if (name != null) {
                standings.merge(
                        name,
                        Standing.GOOD.and(row, strangersFailures),
                        (before, _) -> before.and(row, strangersFailures));
            }
        }
        return standings;
    }

    /** Binds what {@link #CLOSED_ACCOUNTS} needs. */
    public void bindClosed(Query query) {
        query.bind("strangers", STRANGERS).bind("strangersMost", strangersFailures);
    }

    /**
     * Opens the account to strangers again, in the transaction that sets a new password or in which
     * an administrator says so.
     */
    public void forget(Handle handle, TenantId tenant, String account) {
        forget(handle, tenant, hash(tenant, account));
    }

    private static void forget(Handle handle, TenantId tenant, byte[] account) {
        handle.createUpdate(
                        "DELETE FROM login_failure WHERE tenant_id = :tenant AND account = :account")
                .bind("tenant", tenant.value())
                .bind("account", account)
                .execute();
    }

    /** Forgets everything of an account that is deleted, in that transaction. */
    public void erase(Handle handle, TenantId tenant, UserId user) {
        for (String table : List.of("login_failure", "known_device")) {
            handle.createUpdate(
                            "DELETE FROM "
                                    + table
                                    + " WHERE tenant_id = :tenant AND user_id = :user")
                    .bind("tenant", tenant.value())
                    .bind("user", user.value())
                    .execute();
        }
    }

    /** Knows the device that a new account was made from, in that transaction. */
    public void registered(
            Handle handle, TenantId tenant, Who who, List<DeviceHash> devices, Instant now) {
        UserId user = who.user();
        if (user != null) {
            byte[] account = hash(tenant, who.account());
            succeeded(handle, new Attempt(tenant, who, account, STRANGERS, devices), user, now);
        }
    }

    /** Takes the count back: no password was compared. */
    public void giveBack(Attempt attempt) {
        database.write(
                DataScope.of(attempt.tenant),
                "giving a login back",
                handle ->
                        handle.createUpdate(
                                        """
                                        UPDATE login_failure SET failures = <greatest>(0, failures - 1)
                                        WHERE tenant_id = :tenant AND account = :account AND device = :device
                                        """)
                                .bind("tenant", attempt.tenant.value())
                                .bind("account", attempt.account)
                                .bind("device", attempt.budget)
                                .execute());
    }

    /**
     * Forgets some of the failures of addresses that are nobody's: the old ones, and all but the
     * newest hundred thousand, so that typed nonsense cannot fill the disk.
     *
     * @param each so many at once
     * @return how many; fewer than that when there are no more
     */
    public int purge(int each) {
        Instant before = clock.instant().minus(UNKNOWN_KEPT);
        return database.write(
                DataScope.server(Why.UPKEEP),
                "purging failed logins",
                handle ->
                        handle.createUpdate(
                                        """
                                        DELETE FROM login_failure WHERE (tenant_id, account, device) IN (
                                            SELECT tenant_id, account, device FROM login_failure
                                            WHERE user_id IS NULL AND (last_at < :before
                                                OR last_at < (SELECT last_at FROM login_failure
                                                    WHERE user_id IS NULL
                                                    ORDER BY last_at DESC LIMIT 1 OFFSET :most))
                                            LIMIT :each)
                                        """)
                                .bind("before", Times.micros(before))
                                .bind("most", MOST_UNKNOWN)
                                .bind("each", each)
                                .execute());
    }

    private byte[] hash(TenantId tenant, String account) {
        // A tenant id holds no zero byte, so no two pairs run together.
        return keyed.of((tenant.value() + "\0" + account).getBytes(StandardCharsets.UTF_8));
    }
}
