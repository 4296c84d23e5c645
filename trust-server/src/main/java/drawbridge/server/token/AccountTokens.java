package drawbridge.server.token;

import drawbridge.model.SessionToken;
import drawbridge.model.TenantId;
import drawbridge.model.UserId;
import drawbridge.server.account.Accounts;
import drawbridge.server.account.DatabaseAccountEffects;
import drawbridge.server.account.HashingBusyException;
import drawbridge.server.account.Password;
import drawbridge.server.account.PasswordHasher;
import drawbridge.server.account.PasswordPolicy;
import drawbridge.server.limit.LoginGuard;
import drawbridge.server.session.Found;
import drawbridge.server.session.SessionFinder;
import drawbridge.server.session.SessionKey;
import drawbridge.server.session.Sessions;
import drawbridge.server.session.Sessions.Opened;
import drawbridge.server.session.Sessions.Start;
import drawbridge.server.session.UserFacts;
import drawbridge.server.tenant.Quotas;
import drawbridge.server.tenant.Quotas.Room;
import drawbridge.server.token.TrustTokens.Effect;
import drawbridge.server.token.TrustTokens.Presenter;
import drawbridge.server.token.TrustTokens.UnfitException;
import drawbridge.server.token.TrustTokens.Verified;

import org.jdbi.v3.core.Handle;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What people do with a trust token: prove an address, set a password, log in, accept an
 * invitation. Each is done in the transaction that spends the token. Safe for many threads; throws
 * {@link drawbridge.server.storage.StoreUnavailableException} when there is no sure answer.
 */
public final class AccountTokens {
    private final TrustTokens tokens;
    private final DatabaseAccountEffects accounts;
    private final Sessions sessions;
    private final SessionFinder finder;
    private final PasswordHasher hasher;
    private final PasswordPolicy policy;
    private final LoginGuard guard;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /** Assembled by the wiring. */
    public AccountTokens(
            TrustTokens tokens,
            DatabaseAccountEffects accounts,
            Sessions sessions,
            SessionFinder finder,
            Accounts.Passwords passwords,
            Clock clock) {
        this.tokens = tokens;
        this.accounts = accounts;
        this.sessions = sessions;
        this.finder = finder;
        this.hasher = passwords.hasher();
        this.policy = passwords.policy();
        this.guard = passwords.guard();
        this.clock = clock;
    }

    /**
     * A token as somebody presents it.
     *
     * @param repeatKey what the client sends again when it repeats a call
     */
    public record Presented(
            String text, TenantId tenant, Optional<String> repeatKey, Presenter from) {
        @Override
        public String toString() {
            return "Presented[" + tenant + "]";
        }
    }

    /** How a presented token ended, whatever it was for. */
    public sealed interface Outcome {
        /** The address is proven, or the password set. */
        record Done() implements Outcome {}

        /** Logged in by it. */
        record LoggedIn(Opened opened, Optional<String> landing) implements Outcome {}

        /** The token is good, the password is not; the token was not spent. */
        record Weak(String why) implements Outcome {}

        /** Nothing was decided; come back later. */
        record Busy(Duration retryAfter) implements Outcome {}

        /** Nobody is told why. */
        record Refused() implements Outcome {}
    }

    /** Proves the address. */
    public Outcome verifyEmail(Presented token) {
        return done(
                tokens.consume(
                        token.text(),
                        Purpose.EMAIL_VERIFY,
                        token.tenant(),
                        token.repeatKey(),
                        token.from(),
                        (handle, row, owner, now) -> {
                            UserFacts facts = owner.orElseThrow();
                            accounts.setVerified(handle, row.tenant(), facts.id(), now);
                            return sessions.changed(
                                    handle, row.tenant(), facts.id(), token.from().by(), now);
                        },
                        sessions::applied));
    }

    private static <T> Outcome done(Consumption<T> consumption) {
        return switch (consumption) {
            case Consumption.Done<T> _, Consumption.Repeated<T> _ -> new Outcome.Done();
            case Consumption.Refused<T> _ -> new Outcome.Refused();
        };
    }

    /** What is done once a password is judged and hashed. */
    private interface WithHash {
        Outcome apply(String hash);
    }

    /**
     * Judges the token, then the password, and hashes it: a hash costs too much to be had for a bad
     * token.
     */
    private Outcome withHash(Presented token, Purpose purpose, char[] typed, WithHash work) {
        try (Password password = Password.takeOwnership(typed).orElse(null)) {
            Optional<Outcome> again = repeated(token, purpose);
            if (again.isPresent()) {
                return again.get();
            }
            Verified verified = tokens.verify(token.text(), purpose, token.tenant(), token.from());
            if (!(verified instanceof Verified.Good(TokenRow row, var _))) {
                return new Outcome.Refused();
            }
            if (password == null) {
                return new Outcome.Weak("The password holds half a character; type it again.");
            }
            Optional<String> objection = policy.judge(password, row.email()).objection();
            if (objection.isPresent()) {
                return new Outcome.Weak(objection.get());
            }
            return work.apply(hasher.hash(password));
        } catch (HashingBusyException e) {
            return new Outcome.Busy(e.retryAfter());
        }
    }

    /** What the winner's repeated call is answered, before a password is hashed for nothing. */
    private Optional<Outcome> repeated(Presented token, Purpose purpose) {
        return token.repeatKey()
                .flatMap(key -> tokens.repeated(token.text(), purpose, token.tenant(), key))
                .map(again ->
                        purpose == Purpose.INVITE
                                ? loggedInAgain(again.token(), again.answer())
                                : new Outcome.Done());
    }

    private record NewPassword(Sessions.UserEnding ended) {}

    /**
     * Sets a new password: all sessions and all open tokens of the user end with it.
     *
     * @param typed wiped before this returns
     */
    public Outcome setPassword(Presented token, char[] typed) {
        return withHash(
                token,
                Purpose.PASSWORD_RESET,
                typed,
                hash ->
                        done(
                                tokens.consume(
                                        token.text(),
                                        Purpose.PASSWORD_RESET,
                                        token.tenant(),
                                        token.repeatKey(),
                                        token.from(),
                                        (handle, row, owner, now) ->
                                                setPassword(
                                                        handle,
                                                        row,
                                                        owner.orElseThrow(),
                                                        hash,
                                                        token.from(),
                                                        now),
                                        changed -> sessions.applied(changed.ended()))));
    }

    private NewPassword setPassword(
            Handle handle,
            TokenRow row,
            UserFacts owner,
            String hash,
            Presenter from,
            Instant now) {
        UserId user = owner.id();
        accounts.setPassword(handle, row.tenant(), user, hash, now);
        tokens.endAll(handle, row.tenant(), user, "password_changed", from.by());
        guard.forget(handle, row.tenant(), owner.email()); // whoever guessed, guessed another one
        return new NewPassword(
                sessions.endAll(handle, row.tenant(), user, "password reset", from.by(), now));
    }

    /** A session opened by a token, and the page its link was asked to lead to. */
    private record LoggedIn(Opened opened, Optional<String> landing) {}

    /** Opens a session by a token; a repeated call of the winner gets the same session again. */
    private static final class Opening implements Effect<LoggedIn> {
        private final Effect<Opened> how;

        private Opening(Effect<Opened> how) {
            this.how = how;
        }

        @Override
        public LoggedIn apply(Handle handle, TokenRow row, Optional<UserFacts> owner, Instant now) {
            return new LoggedIn(
                    how.apply(handle, row, owner, now), Optional.ofNullable(row.landing()));
        }

        @Override
        public Optional<String> answer(LoggedIn value) {
            return Optional.of(value.opened().token().reveal());
        }
    }

    private Outcome logIn(Presented token, Purpose purpose, Effect<Opened> how) {
        return switch (tokens.consume(
                token.text(),
                purpose,
                token.tenant(),
                token.repeatKey(),
                token.from(),
                new Opening(how),
                in -> sessions.opened(in.opened().session()))) {
            case Consumption.Done<LoggedIn>(LoggedIn in) ->
                    new Outcome.LoggedIn(in.opened(), in.landing());
            case Consumption.Repeated<LoggedIn>(TokenRow row, Optional<String> answer) ->
                    loggedInAgain(row, answer);
            case Consumption.Refused<LoggedIn> _ -> new Outcome.Refused();
        };
    }

    private Outcome loggedInAgain(TokenRow row, Optional<String> answer) {
        return answer.flatMap(SessionToken::parse)
                .flatMap(session -> again(row, session))
                .orElseGet(Outcome.Refused::new);
    }

    /** The session the first call opened, if it still lives. */
    private Optional<Outcome> again(TokenRow row, SessionToken session) {
        Instant now = clock.instant();
        return finder.find(new SessionKey(row.tenant(), session.id()), now)
                .filter(found -> found.session().over(found.lastSeenAt(), now).isEmpty())
                .map(Found::session)
                .map(found ->
                        new Outcome.LoggedIn(
                                new Opened(session, found), Optional.ofNullable(row.landing())));
    }

    /** Logs in without a password; the mail proves the address as well. */
    public Outcome logIn(Presented token, Start start) {
        return logIn(
                token,
                Purpose.MAGIC_LINK,
                (handle, row, owner, now) -> {
                    UserFacts facts = owner.orElseThrow();
                    if (Quotas.forSession(handle, row.tenant(), now) != Room.FREE) {
                        throw new UnfitException("quota_reached");
                    }
                    if (!facts.verified()) {
                        accounts.setVerified(handle, row.tenant(), facts.id(), now);
                    }
                    accounts.loggedIn(handle, row.tenant(), facts.id(), now);
                    return sessions.open(
                            handle, row.tenant(), verified(facts), start, token.from().by(), now);
                });
    }

    private static UserFacts verified(UserFacts facts) {
        return new UserFacts(
                facts.id(),
                facts.email(),
                facts.name(),
                facts.lastName(),
                facts.userType(),
                facts.lang(),
                true,
                facts.createdAt(),
                facts.updatedAt(),
                facts.profile());
    }

    /** What somebody who accepts an invitation says of themselves. */
    public record Newcomer(String name, String lastName) {}

    /**
     * Makes the account of somebody who was invited, and logs them in.
     *
     * @param typed wiped before this returns
     */
    public Outcome accept(Presented token, Newcomer newcomer, char[] typed, Start start) {
        return withHash(
                token,
                Purpose.INVITE,
                typed,
                hash ->
                        logIn(
                                token,
                                Purpose.INVITE,
                                (handle, row, owner, now) ->
                                        accept(handle, row, newcomer, hash, start, token, now)));
    }

    private Opened accept(
            Handle handle,
            TokenRow row,
            Newcomer newcomer,
            String hash,
            Start start,
            Presented token,
            Instant now) {
        if (Quotas.forUser(handle, row.tenant()) != Room.FREE
                || Quotas.forSession(handle, row.tenant(), now) != Room.FREE) {
            throw new UnfitException("quota_reached");
        }
        String type = row.userType();
        UserFacts facts =
                new UserFacts(
                        UserId.draw(random),
                        row.email(),
                        newcomer.name(),
                        newcomer.lastName(),
                        type == null ? "user" : type,
                        "en",
                        true,
                        now,
                        now);
        if (!accounts.insert(handle, row.tenant(), facts, hash)) {
            throw new UnfitException("address_taken");
        }
        return sessions.register(handle, row.tenant(), facts, start, token.from().by(), now);
    }
}
