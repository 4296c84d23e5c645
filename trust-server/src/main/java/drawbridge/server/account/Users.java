package drawbridge.server.account;

import drawbridge.model.TenantId;
import drawbridge.model.UserId;
import drawbridge.model.view.Page;
import drawbridge.model.view.UserRow;
import drawbridge.server.account.Accounts.NewAccount;
import drawbridge.server.account.DatabaseAccountStore.Account;
import drawbridge.server.account.DatabaseAccountStore.Listed;
import drawbridge.server.account.DatabaseAccountStore.Place;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.limit.LoginGuard;
import drawbridge.server.limit.LoginGuard.Admission;
import drawbridge.server.limit.LoginGuard.Attempt;
import drawbridge.server.limit.LoginGuard.Standing;
import drawbridge.server.limit.LoginGuard.Who;
import drawbridge.server.session.DatabaseSessionStore;
import drawbridge.server.session.Revocation;
import drawbridge.server.session.Session;
import drawbridge.server.session.Sessions;
import drawbridge.server.session.Sessions.By;
import drawbridge.server.session.UserFacts;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.Times;
import drawbridge.server.tenant.Quotas;
import drawbridge.server.tenant.Quotas.Room;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Changes accounts: their owners' own changes and those of administrators. Each is one transaction
 * with its audit row, and with the end of the sessions that it ends. Safe for many threads; throws
 * {@link drawbridge.server.storage.StoreUnavailableException} when there is no sure answer.
 */
public final class Users {
    /** How a change ended. */
    public sealed interface Outcome {
        /** Done; the account as it is now. */
        record Done(UserFacts user) implements Outcome {}

        /** There is no such account in the tenant. */
        record Unknown() implements Outcome {}

        /** Another account of the tenant has that value. */
        record Taken(UserField field) implements Outcome {}

        /** The password may not be set; why, as a sentence. */
        record Weak(String why) implements Outcome {}

        /** The current password is needed for this, and was not given. */
        record PasswordNeeded() implements Outcome {}

        /** What was given as the current password is not. */
        record WrongPassword() implements Outcome {}

        /** The tenant takes nobody now; why not. */
        record NoRoom(Room why) implements Outcome {}

        /** Nothing was done; come back later. */
        record Busy(Duration retryAfter) implements Outcome {}

        /** Nothing was done, because the last wrong password was too short a time ago. */
        record TooSoon(Duration retryAfter) implements Outcome {}
    }

    private final DatabaseAccountStore store;
    private final PasswordHasher hasher;
    private final PasswordPolicy policy;
    private final LoginGuard guard;
    private final Sessions sessions;
    private final OpenTokens tokens;
    private final Database database;
    private final AddressProof proof;
    private final DatabaseAuditLog audit;
    private final Clock clock;

    /** Assembled by the wiring. */
    public Users(
            DatabaseAccountStore store,
            Accounts.Passwords passwords,
            Sessions sessions,
            OpenTokens tokens,
            Database database,
            Accounts.Proof proof,
            Clock clock) {
        this.store = store;
        this.hasher = passwords.hasher();
        this.policy = passwords.policy();
        this.guard = passwords.guard();
        this.sessions = sessions;
        this.tokens = tokens;
        this.database = database;
        this.proof = proof.address();
        this.audit = proof.audit();
        this.clock = clock;
    }

    /** What is known of an account; empty when the tenant has none with that id. */
    public Optional<UserFacts> find(TenantId tenant, UserId user) {
        return store.find(tenant, user).map(Account::facts);
    }

    /** The account as an administrator sees it; empty when there is none. */
    public Optional<UserRow> row(UserId user) {
        return database.read(
                DataScope.server(Why.OPERATOR),
                "showing an account",
                handle ->
                        store.tenantOf(handle, user)
                                .flatMap(tenant -> store.find(handle, tenant, user))
                                .map(account -> rows(handle, List.of(account)).getFirst()));
    }

    /** The tenant of an account; empty when there is none. */
    public Optional<TenantId> tenantOf(UserId user) {
        return store.tenantOf(user);
    }

    /** A numbered page of a tenant's accounts, and how many it has. */
    public record Numbered(List<UserFacts> users, long total) {
        public Numbered {
            users = List.copyOf(users);
        }
    }

    /** Accounts of a tenant, the newest first; the first page is 1. */
    public Numbered page(TenantId tenant, int page, int limit) {
        Place place = Place.behind((page - 1) * limit);
        Listed listed =
                database.read(
                        DataScope.of(tenant),
                        "listing accounts",
                        handle ->
                                DatabaseAccountStore.list(
                                        handle, UserChoice.of(tenant), limit, place, guard));
        return new Numbered(
                listed.accounts().stream().map(Account::facts).toList(), listed.total());
    }

    /**
     * Accounts as an administrator sees them, the newest first.
     *
     * @param after the cursor of the page before; null for the first
     * @return empty when the cursor is none of ours
     */
    public Optional<Page<UserRow>> list(UserChoice choice, int limit, @Nullable String after) {
        Optional<Place> place = after == null ? Optional.of(Place.behind(0)) : place(after);
        return place.map(p ->
                database.read(
                        DataScope.server(Why.OPERATOR),
                        "listing accounts",
                        handle -> {
                            Listed listed =
                                    DatabaseAccountStore.list(handle, choice, limit, p, guard);
                            List<UserRow> rows = rows(handle, listed.accounts());
                            String next = rows.size() < limit ? null : cursor(rows.getLast());
                            return new Page<>(rows, next, listed.total());
                        }));
    }

    private List<UserRow> rows(Handle handle, List<Account> accounts) {
        Map<String, Long> live =
                DatabaseSessionStore.countLive(
                        handle,
                        accounts.stream().map(account -> account.facts().id().value()).toList(),
                        now());
        Map<LoginGuard.Name, Standing> standings =
                guard.standings(handle, accounts.stream().map(Users::name).toList());
        return accounts.stream()
                .map(account ->
                        account.row(
                                live.getOrDefault(account.facts().id().value(), 0L),
                                standings.getOrDefault(name(account), Standing.GOOD),
                                hasher.costOf(account.passwordHash()).orElse(null)))
                .toList();
    }

    private static LoginGuard.Name name(Account account) {
        return new LoginGuard.Name(account.tenant(), account.facts().email());
    }

    private static String cursor(UserRow last) {
        String text = Times.micros(last.createdAt()) + " " + last.id();
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<Place> place(String cursor) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            String[] parts = text.split(" ", 2);
            return parts.length == 2
                    ? Optional.of(new Place(0, Times.instant(Long.parseLong(parts[0])), parts[1]))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Makes an account without logging anybody in.
     *
     * @param typed wiped before this returns
     */
    public Outcome create(TenantId tenant, NewAccount wanted, char[] typed, By by) {
        return withHash(
                typed,
                wanted.email().value(),
                hash -> {
                    Instant now = now();
                    UserFacts facts = wanted.facts(now);
                    return database.write(
                            DataScope.of(tenant),
                            "creating an account",
                            handle -> {
                                if (!store.isTenant(handle, tenant)) {
                                    return new Outcome.Unknown();
                                }
                                Room room = Quotas.forUser(handle, tenant);
                                if (room != Room.FREE) {
                                    return new Outcome.NoRoom(room);
                                }
                                Optional<UserField> taken =
                                        store.insert(handle, tenant, facts, hash);
                                if (taken.isPresent()) {
                                    return new Outcome.Taken(taken.get());
                                }
                                audit(handle, tenant, facts.id(), "user.created", null, by, now);
                                return new Outcome.Done(facts);
                            });
                });
    }

    private Outcome withHash(char[] typed, String email, Function<String, Outcome> then) {
        try (Password password = Password.takeOwnership(typed).orElse(null)) {
            if (password == null) {
                return new Outcome.Weak("The password holds half a character; type it again.");
            }
            Optional<String> objection = policy.judge(password, email).objection();
            return objection.isPresent()
                    ? new Outcome.Weak(objection.get())
                    : then.apply(hasher.hash(password));
        } catch (HashingBusyException e) {
            return new Outcome.Busy(e.retryAfter());
        }
    }

    /** A change by an administrator; another type than before counts at once, everywhere. */
    public Outcome change(TenantId tenant, UserId user, UserChange change, By by) {
        return write(
                tenant,
                "changing an account",
                handle ->
                        store.find(handle, tenant, user)
                                .map(account -> change(handle, account, change, by, now()))
                                .orElseGet(() -> Result.of(new Outcome.Unknown())));
    }

    /**
     * A change by its owner. Another address takes the current password: who has a session must not
     * be able to take the account with it. Where addresses must be proven, the new one is asked for
     * its proof.
     *
     * @param session whose owner asks
     * @param current wiped before this returns; null when it was not given
     */
    public Outcome changeOwn(Session session, UserChange change, char @Nullable [] current, By by) {
        TenantId tenant = session.tenant();
        UserId user = session.user().id();
        Optional<Account> known = store.find(tenant, user);
        boolean moves =
                known.isPresent()
                        && change.value(UserField.EMAIL)
                                .filter(email -> !email.equals(known.get().facts().email()))
                                .isPresent();
        if (!moves) {
            return change(tenant, user, change, by);
        }
        if (current == null) {
            return new Outcome.PasswordNeeded();
        }
        return withCurrent(
                session,
                known.get(),
                current,
                hash -> {
                    Outcome outcome =
                            write(
                                    tenant,
                                    "changing an account",
                                    handle -> move(handle, known.get(), change, hash, by));
                    proof.asked();
                    return outcome;
                });
    }

    private Result move(Handle handle, Account account, UserChange change, String hash, By by) {
        TenantId tenant = account.tenant();
        if (!store.isUnchanged(handle, tenant, account.facts().id(), hash)) {
            return Result.of(new Outcome.WrongPassword());
        }
        Result result = change(handle, account, change, by, now());
        if (proof.isRequired() && result.outcome() instanceof Outcome.Done(UserFacts moved)) {
            Email.parse(moved.email())
                    .ifPresent(email -> proof.ask(handle, tenant, email, false, by));
        }
        return result;
    }

    /**
     * A wrong current password counts as a failed login does: a stolen session must not be a way to
     * guess it.
     */
    private Outcome withCurrent(
            Session session, Account account, char[] typed, Function<String, Outcome> then) {
        try (Password password = Password.takeOwnership(typed).orElse(null)) {
            if (password == null) {
                return new Outcome.WrongPassword();
            }
            hasher.requireRoom();
            String email = account.facts().email();
            Who who = new Who(email, email, account.facts().id());
            var devices = Accounts.devices(session.recorded());
            return switch (guard.admit(account.tenant(), who, devices, Optional.empty())) {
                case Admission.TooSoon(Duration retryAfter) -> new Outcome.TooSoon(retryAfter);
                case Admission.Locked _ -> {
                    hasher.verifyDummy(password);
                    yield new Outcome.WrongPassword();
                }
                case Admission.Admitted(Attempt attempt) ->
                        isCurrent(account, password, attempt)
                                ? then.apply(account.passwordHash())
                                : new Outcome.WrongPassword();
            };
        } catch (HashingBusyException e) {
            return new Outcome.Busy(e.retryAfter());
        }
    }

    private boolean isCurrent(Account account, Password password, Attempt attempt) {
        try {
            boolean matches =
                    hasher.verify(account.passwordHash(), password)
                            instanceof PasswordCheck.Matches;
            if (matches) {
                guard.giveBack(attempt);
            }
            return matches;
        } catch (HashingBusyException e) {
            guard.giveBack(attempt);
            throw e;
        }
    }

    /** What came of a transaction, and what memory must learn of it. */
    private record Result(
            Outcome outcome,
            @Nullable Revocation changed,
            List<Sessions.Ending> ended,
            Sessions.@Nullable UserEnding all) {
        static Result of(Outcome outcome) {
            return new Result(outcome, null, List.of(), null);
        }
    }

    private Outcome write(TenantId tenant, String doing, Function<Handle, Result> work) {
        return database.write(DataScope.of(tenant), doing, work, this::applied).outcome();
    }

    private void applied(Result result) {
        result.ended().forEach(sessions::applied);
        if (result.changed() != null) {
            sessions.applied(result.changed());
        }
        if (result.all() != null) {
            sessions.applied(result.all());
        }
    }

    private Result change(Handle handle, Account account, UserChange asked, By by, Instant now) {
        TenantId tenant = account.tenant();
        UserId user = account.facts().id();
        UserChange change = withoutVerification(asked, account.facts().email());
        for (UserField unique : List.of(UserField.EMAIL, UserField.USER_NAME)) {
            Optional<String> value = change.value(unique).filter(v -> !v.isBlank());
            if (value.isPresent() && store.isTaken(handle, tenant, user, unique, value.get())) {
                return Result.of(new Outcome.Taken(unique));
            }
        }
        store.update(handle, tenant, user, change, now);
        String fields =
                change.values().keySet().stream()
                        .map(field -> field.name().toLowerCase(Locale.ROOT))
                        .sorted()
                        .reduce((a, b) -> a + ", " + b)
                        .orElse("");
        audit(handle, tenant, user, "user.changed", fields, by, now);
        UserFacts facts = store.find(handle, tenant, user).orElseThrow().facts();
        return new Result(
                new Outcome.Done(facts),
                sessions.changed(handle, tenant, user, by, now),
                List.of(),
                null);
    }

    /** Nobody has proved a new address yet, unless an administrator says so. */
    private static UserChange withoutVerification(UserChange change, String email) {
        boolean moves = change.value(UserField.EMAIL).filter(v -> !v.equals(email)).isPresent();
        return moves && change.verified() == null ? new UserChange(change.values(), false) : change;
    }

    /**
     * A new password by its owner. Ends all his other sessions.
     *
     * @param session whose owner asks; it goes on
     * @param current wiped before this returns
     * @param fresh wiped before this returns
     */
    public Outcome changePassword(Session session, char[] current, char[] fresh, By by) {
        TenantId tenant = session.tenant();
        UserId user = session.user().id();
        Optional<Account> account = store.find(tenant, user);
        if (account.isEmpty()) {
            return new Outcome.Unknown();
        }
        try {
            String email = account.get().facts().email();
            return withCurrent(
                    session,
                    account.get(),
                    current,
                    old -> withHash(fresh, email, hash -> replace(session, old, hash, by)));
        } finally {
            Arrays.fill(fresh, '\0'); // also where it did not come to looking at it
        }
    }

    private Outcome replace(Session session, String old, String hash, By by) {
        TenantId tenant = session.tenant();
        UserId user = session.user().id();
        return write(
                tenant,
                "changing a password",
                handle -> {
                    if (!store.isUnchanged(handle, tenant, user, old)) {
                        return Result.of(new Outcome.WrongPassword());
                    }
                    Instant now = now();
                    store.setPassword(handle, tenant, user, hash, now);
                    guard.forget(handle, tenant, session.user().email());
                    tokens.endAll(handle, tenant, user, "password_changed", by);
                    audit(handle, tenant, user, "user.password_changed", null, by, now);
                    return new Result(
                            new Outcome.Done(
                                    store.find(handle, tenant, user).orElseThrow().facts()),
                            null,
                            sessions.endOthers(handle, session, "password changed", by, now),
                            null);
                });
    }

    /**
     * A new password by an administrator. Ends all the user's sessions.
     *
     * @param fresh wiped before this returns
     */
    public Outcome setPassword(TenantId tenant, UserId user, char[] fresh, By by) {
        Optional<Account> account = store.find(tenant, user);
        if (account.isEmpty()) {
            return new Outcome.Unknown();
        }
        return withHash(
                fresh,
                account.get().facts().email(),
                hash ->
                        ending(
                                tenant,
                                user,
                                new Ended("user.password_set", "password set", null),
                                by,
                                (handle, now) -> {
                                    store.setPassword(handle, tenant, user, hash, now);
                                    guard.forget(handle, tenant, account.get().facts().email());
                                }));
    }

    /**
     * Lets nobody log in to the account any more, and ends its sessions.
     *
     * @param why may be empty
     */
    public Outcome disable(TenantId tenant, UserId user, String why, By by) {
        return ending(
                tenant,
                user,
                new Ended("user.disabled", "user disabled", why.isEmpty() ? null : why),
                by,
                (handle, now) -> store.setActive(handle, tenant, user, false, now));
    }

    /** Lets its owner log in again, from any device, however many logins have failed before. */
    public Outcome enable(TenantId tenant, UserId user, By by) {
        return write(
                tenant,
                "enabling an account",
                handle -> {
                    Optional<Account> account = store.find(handle, tenant, user);
                    if (account.isEmpty()) {
                        return Result.of(new Outcome.Unknown());
                    }
                    Instant now = now();
                    store.setActive(handle, tenant, user, true, now);
                    guard.forget(handle, tenant, account.get().facts().email());
                    audit(handle, tenant, user, "user.enabled", null, by, now);
                    return Result.of(new Outcome.Done(account.get().facts()));
                });
    }

    /** Ends the account's sessions and erases what it says of a person; its id stays known. */
    public Outcome delete(TenantId tenant, UserId user, By by) {
        return ending(
                tenant,
                user,
                new Ended("user.deleted", "user deleted", null),
                by,
                (handle, now) -> {
                    store.erase(handle, tenant, user, now);
                    guard.erase(handle, tenant, user);
                });
    }

    /** What is done to an account when its sessions end. */
    private interface Deed {
        void doAt(Handle handle, Instant now);
    }

    /**
     * What ended the sessions.
     *
     * @param kind as the audit calls it
     * @param reason as the sessions say
     * @param detail what the administrator said; null for nothing
     */
    private record Ended(String kind, String reason, @Nullable String detail) {}

    private Outcome ending(TenantId tenant, UserId user, Ended ended, By by, Deed deed) {
        return write(
                tenant,
                ended.reason(),
                handle -> {
                    Optional<Account> account = store.find(handle, tenant, user);
                    if (account.isEmpty()) {
                        return Result.of(new Outcome.Unknown());
                    }
                    Instant now = now();
                    deed.doAt(handle, now);
                    tokens.endAll(handle, tenant, user, ended.kind().replace("user.", "user_"), by);
                    audit(handle, tenant, user, ended.kind(), ended.detail(), by, now);
                    return new Result(
                            new Outcome.Done(account.get().facts()),
                            null,
                            List.of(),
                            sessions.endAll(handle, tenant, user, ended.reason(), by, now));
                });
    }

    private void audit(
            Handle handle,
            TenantId tenant,
            UserId user,
            String kind,
            @Nullable String detail,
            By by,
            Instant now) {
        audit.append(
                handle,
                AuditEntry.of(tenant, now, kind, by.actor())
                        .user(user.value())
                        .detail(detail)
                        .request(by.requestId()));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
