package drawbridge.server.account;

import drawbridge.model.TenantId;
import drawbridge.model.UserId;
import drawbridge.server.account.DatabaseAccountStore.Account;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.audit.RefusalQueue;
import drawbridge.server.limit.LoginGuard;
import drawbridge.server.limit.LoginGuard.Admission;
import drawbridge.server.limit.LoginGuard.Attempt;
import drawbridge.server.limit.LoginGuard.Who;
import drawbridge.server.limit.Owed;
import drawbridge.server.session.DeviceHash;
import drawbridge.server.session.Sessions;
import drawbridge.server.session.Sessions.By;
import drawbridge.server.session.Sessions.Opened;
import drawbridge.server.session.Sessions.Start;
import drawbridge.server.session.Signals;
import drawbridge.server.session.UserFacts;
import drawbridge.server.session.UserProfile;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.Database;
import drawbridge.server.tenant.Quotas;
import drawbridge.server.tenant.Quotas.Room;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Registers accounts and logs them in. An unknown address, a wrong password and a disabled account
 * take the same work and give the same answer. Safe for many threads; throws {@link
 * drawbridge.server.storage.StoreUnavailableException} when there is no sure answer.
 */
public final class Accounts {
    private static final Logger LOG = LoggerFactory.getLogger(Accounts.class);

    /** Hears how logins end; must be quick. */
    public interface LoginNews {
        /** A login was refused. */
        void refused(TenantId tenant, LoginName name, Signals signals, String reason);

        /** A login succeeded. */
        void done();
    }

    /**
     * What is needed for an account, besides a password.
     *
     * @param id drawn for it
     * @param userType such as {@code user}
     * @param verified whether the address is known to be its owner's
     */
    public record NewAccount(
            UserId id,
            Email email,
            String name,
            String lastName,
            String userType,
            String lang,
            boolean verified,
            UserProfile profile) {
        UserFacts facts(Instant now) {
            return new UserFacts(
                    id, email.value(), name, lastName, userType, lang, verified, now, now, profile);
        }
    }

    /** How a registration ended. */
    public sealed interface Registration {
        /** The account is there, and logged in. */
        record Done(Opened opened) implements Registration {}

        /** The tenant has an account with that address or user name. */
        record Duplicate(UserField field) implements Registration {}

        /**
         * The address must be proven first; the same for an address that has an account, with facts
         * that are nobody's.
         */
        record Pending(UserFacts facts) implements Registration {}

        /** The password may not be set; why, as a sentence. */
        record Weak(String why) implements Registration {}

        /** Nothing was done; come back later. */
        record Busy(Duration retryAfter) implements Registration {}

        /** The tenant takes nobody now; why not. */
        record NoRoom(Room why) implements Registration {}
    }

    /** How a login ended. */
    public sealed interface Login {
        /** Logged in. */
        record Done(Opened opened) implements Login {}

        /** Not logged in; nobody is told why. */
        record Refused() implements Login {}

        /** The password is right, and the address is not proven yet. */
        record Unverified() implements Login {}

        /** Nothing was decided; come back later. */
        record Busy(Duration retryAfter) implements Login {}

        /** Nothing was decided, because the last attempt was too short a time ago. */
        record TooSoon(Duration retryAfter) implements Login {}

        /** The password is right, and the tenant has as many sessions as it may. */
        record NoRoom() implements Login {}
    }

    private final DatabaseAccountStore store;
    private final PasswordHasher hasher;
    private final PasswordPolicy policy;
    private final LoginGuard guard;
    private final Sessions sessions;
    private final Database database;
    private final RefusalQueue refusals;
    private final LoginNews news;
    private final Proof proof;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /** How passwords are treated. */
    public record Passwords(PasswordHasher hasher, PasswordPolicy policy, LoginGuard guard) {}

    /** How addresses are proven, and the log that hears of accounts without a session. */
    public record Proof(AddressProof address, DatabaseAuditLog audit) {}

    /** Assembled by the wiring. */
    public Accounts(
            DatabaseAccountStore store,
            Passwords passwords,
            Sessions sessions,
            Database database,
            RefusalQueue refusals,
            LoginNews news,
            Proof proof,
            Clock clock) {
        this.store = store;
        this.hasher = passwords.hasher();
        this.policy = passwords.policy();
        this.guard = passwords.guard();
        this.sessions = sessions;
        this.database = database;
        this.refusals = refusals;
        this.news = news;
        this.proof = proof;
        this.clock = clock;
    }

    /**
     * Makes an account and opens its first session, in one transaction.
     *
     * @param typed wiped before this returns
     */
    public Registration register(
            TenantId tenant, NewAccount wanted, char[] typed, Start start, By by) {
        try (Password password = Password.takeOwnership(typed).orElse(null)) {
            if (password == null) {
                return new Registration.Weak("The password holds half a character; type it again.");
            }
            hasher.requireRoom();
            Optional<String> objection = policy.judge(password, wanted.email().value()).objection();
            if (objection.isPresent()) {
                return new Registration.Weak(objection.get());
            }
            String hash = hasher.hash(password);
            return register(tenant, wanted, hash, start, by);
        } catch (HashingBusyException e) {
            return new Registration.Busy(e.retryAfter());
        }
    }

    private Registration register(
            TenantId tenant, NewAccount wanted, String hash, Start start, By by) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        UserFacts facts = wanted.facts(now);
        if (proof.address().isRequired()) {
            return registerUnproven(tenant, wanted.email(), facts, hash, start.signals(), by);
        }
        Registration outcome =
                database.write(
                        DataScope.of(tenant),
                        "registering an account",
                        handle -> insert(handle, tenant, facts, hash, start, by),
                        committed -> {
                            if (committed instanceof Registration.Done(Opened opened)) {
                                sessions.opened(opened.session());
                            }
                        });
        if (outcome instanceof Registration.Done) {
            news.done(); // somebody is logged in now
        }
        return outcome;
    }

    private Registration insert(
            Handle handle, TenantId tenant, UserFacts facts, String hash, Start start, By by) {
        Instant now = facts.createdAt();
        Room room = Quotas.forUser(handle, tenant);
        if (room == Room.FREE) {
            room = Quotas.forSession(handle, tenant, now);
        }
        if (room != Room.FREE) {
            return new Registration.NoRoom(room);
        }
        Optional<UserField> taken = store.insert(handle, tenant, facts, hash);
        if (taken.isPresent()) {
            return new Registration.Duplicate(taken.get());
        }
        store.loggedIn(handle, tenant, facts.id(), now);
        Who who = new Who(facts.email(), facts.email(), facts.id());
        guard.registered(handle, tenant, who, devices(start.signals()), now);
        return new Registration.Done(sessions.register(handle, tenant, facts, start, by, now));
    }

    /** The same work and the same answer whether or not there is an account already. */
    private Registration registerUnproven(
            TenantId tenant, Email email, UserFacts facts, String hash, Signals signals, By by) {
        return database.write(
                DataScope.of(tenant),
                "registering an account",
                handle -> {
                    Room room = Quotas.forUser(handle, tenant);
                    if (room != Room.FREE) {
                        return new Registration.NoRoom(room);
                    }
                    // Before all else, or a name that is taken would tell which addresses are
                    // known.
                    String userName = facts.profile().userName();
                    if (userName != null
                            && store.isTaken(
                                    handle, tenant, facts.id(), UserField.USER_NAME, userName)) {
                        return new Registration.Duplicate(UserField.USER_NAME);
                    }
                    boolean added = store.insert(handle, tenant, facts, hash).isEmpty();
                    if (added) {
                        proof.audit()
                                .append(
                                        handle,
                                        AuditEntry.of(
                                                        tenant,
                                                        facts.createdAt(),
                                                        "user.registered",
                                                        by.actor())
                                                .user(facts.id().value())
                                                .from(signals.ip(), signals.agent())
                                                .request(by.requestId()));
                    }
                    proof.address().ask(handle, tenant, email, !added, by);
                    return new Registration.Pending(facts);
                },
                committed -> proof.address().asked());
    }

    /** An id for a new account. */
    public UserId drawId() {
        return UserId.draw(random);
    }

    /**
     * Logs somebody in.
     *
     * @param typed wiped before this returns
     * @param owed what this attempt has still to take; without enough it is {@link Login.TooSoon}
     */
    public Login logIn(
            TenantId tenant,
            LoginName name,
            char[] typed,
            Start start,
            Optional<Owed> owed,
            By by) {
        Signals signals = start.signals();
        try (Password password = Password.takeOwnership(typed).orElse(null)) {
            if (password == null) {
                return refused(tenant, name, signals, "not_text", null, by);
            }
            hasher.requireRoom();
            Optional<Account> account = store.find(tenant, name);
            // An account has one count, by whichever of its names it is tried.
            Who who =
                    new Who(
                            account.map(a -> a.facts().email()).orElse(name.value()),
                            name.value(),
                            account.map(a -> a.facts().id()).orElse(null));
            return switch (guard.admit(tenant, who, devices(signals), owed)) {
                case Admission.TooSoon(Duration retryAfter) -> new Login.TooSoon(retryAfter);
                case Admission.Locked _ -> {
                    hasher.verifyDummy(password);
                    yield refused(tenant, name, signals, "locked", who.user(), by);
                }
                case Admission.Admitted(Attempt attempt) ->
                        check(tenant, name, account, password, attempt, start, by);
            };
        } catch (HashingBusyException e) {
            return new Login.Busy(e.retryAfter());
        }
    }

    /** The better evidence first. */
    static List<DeviceHash> devices(Signals signals) {
        return Stream.of(
                        Optional.ofNullable(signals.cookie()),
                        Optional.ofNullable(signals.device()))
                .flatMap(Optional::stream)
                .toList();
    }

    private Login check(
            TenantId tenant,
            LoginName name,
            Optional<Account> account,
            Password password,
            Attempt attempt,
            Start start,
            By by) {
        try {
            if (account.isEmpty()) {
                hasher.verifyDummy(password);
                return refused(tenant, name, start.signals(), "unknown_account", null, by);
            }
            return check(tenant, name, account.get(), password, attempt, start, by);
        } catch (HashingBusyException e) {
            guard.giveBack(attempt);
            throw e;
        }
    }

    private Login check(
            TenantId tenant,
            LoginName name,
            Account account,
            Password password,
            Attempt attempt,
            Start start,
            By by) {
        Signals signals = start.signals();
        UserId user = account.facts().id();
        switch (hasher.verify(account.passwordHash(), password)) {
            case PasswordCheck.Differs _ -> {
                return refused(tenant, name, signals, "wrong_password", user, by);
            }
            case PasswordCheck.Unreadable _ -> {
                LOG.error("stored password hash is unreadable user={}", user);
                return refused(tenant, name, signals, "unreadable_hash", user, by);
            }
            case PasswordCheck.Matches(boolean rehashDue) -> {
                if (account.active()
                        && proof.address().isRequired()
                        && !account.facts().verified()) {
                    refused(tenant, name, signals, "email_not_verified", user, by);
                    return new Login.Unverified();
                }
                Opening opening = open(tenant, account, attempt, start, by);
                Opened opened = opening.opened();
                if (opened == null) {
                    return opening.room() == Room.FULL
                            ? new Login.NoRoom()
                            : refused(tenant, name, signals, "not_active", user, by);
                }
                if (rehashDue) {
                    strengthen(tenant, account, password);
                }
                news.done();
                return new Login.Done(opened);
            }
        }
    }

    private record Opening(Room room, @Nullable Opened opened) {}

    /**
     * Opens the session, unless the account was disabled or its password changed while this one was
     * compared.
     */
    private Opening open(TenantId tenant, Account account, Attempt attempt, Start start, By by) {
        if (!account.active()) {
            return new Opening(Room.CLOSED, null);
        }
        return database.writeTogether(
                DataScope.of(tenant),
                "logging in",
                handle -> {
                    UserId user = account.facts().id();
                    if (!store.isUnchanged(handle, tenant, user, account.passwordHash())) {
                        return new Opening(Room.CLOSED, null);
                    }
                    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
                    guard.succeeded(handle, attempt, user, now);
                    Room room = Quotas.forSession(handle, tenant, now);
                    if (room != Room.FREE) {
                        return new Opening(room, null);
                    }
                    store.loggedIn(handle, tenant, user, now);
                    return new Opening(
                            room, sessions.open(handle, tenant, account.facts(), start, by, now));
                },
                committed -> {
                    Opened opened = committed.opened();
                    if (opened != null) {
                        sessions.opened(opened.session());
                    }
                });
    }

    private void strengthen(TenantId tenant, Account account, Password password) {
        try {
            store.rehash(
                    tenant, account.facts().id(), account.passwordHash(), hasher.hash(password));
        } catch (RuntimeException e) {
            // The login stands; the next one tries again.
            LOG.warn(
                    "password hash not strengthened user={} why={}",
                    account.facts().id(),
                    e.getMessage());
        }
    }

    private Login refused(
            TenantId tenant,
            LoginName name,
            Signals signals,
            String reason,
            @Nullable UserId user,
            By by) {
        refusals.offer(
                AuditEntry.of(tenant, clock.instant(), "login.refused", "user")
                        .user(user == null ? null : user.value())
                        .from(signals.ip(), signals.agent())
                        .because(reason, null)
                        .request(by.requestId()));
        news.refused(tenant, name, signals, reason);
        return new Login.Refused();
    }
}
