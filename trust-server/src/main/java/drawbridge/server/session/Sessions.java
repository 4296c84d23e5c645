package drawbridge.server.session;

import drawbridge.model.SessionRef;
import drawbridge.model.SessionState;
import drawbridge.model.SessionToken;
import drawbridge.model.TenantId;
import drawbridge.model.UserId;
import drawbridge.model.view.NodeApplied;
import drawbridge.model.view.Receipt;
import drawbridge.model.view.SessionRow;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.session.Session.Ended;
import drawbridge.server.storage.Database;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Opens, ends and restores sessions. Each of these is one transaction with its audit row; when a
 * method returns, the database has it for good and every later look-up on this node sees it. Safe
 * for many threads.
 *
 * <p>Every method throws {@link drawbridge.server.storage.StoreUnavailableException} when that
 * could not be made sure; repeating it is then safe.
 */
public final class Sessions {
    /** Who wants something, and in which request. */
    public record By(String actor, String requestId) {
        /** An administrator. */
        public static By admin(String requestId) {
            return new By("admin", requestId);
        }

        /** The user whose session it is. */
        public static By user(String requestId) {
            return new By("user", requestId);
        }
    }

    /** A new session, and the secret that only its client may get. */
    public record Opened(SessionToken token, Session session) {}

    private final Database database;
    private final DatabaseSessionStore store;
    private final SessionCache memory;
    private final Tombstones tombstones;
    private final LastSeen lastSeen;
    private final DatabaseAuditLog audit;
    private final SessionNews news;
    private final SessionSettings settings;
    private final String node;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /** Assembled by the wiring. */
    public Sessions(
            Database database,
            Tiers tiers,
            DatabaseAuditLog audit,
            SessionNews news,
            SessionSettings settings,
            String node,
            Clock clock) {
        this.database = database;
        this.store = tiers.store();
        this.memory = tiers.memory();
        this.tombstones = tiers.tombstones();
        this.lastSeen = tiers.lastSeen();
        this.audit = audit;
        this.news = news;
        this.settings = settings;
        this.node = node;
        this.clock = clock;
    }

    /** The tiers sessions are served from, and what keeps them true. */
    public record Tiers(
            DatabaseSessionStore store,
            SessionCache memory,
            Tombstones tombstones,
            LastSeen lastSeen) {}

    /**
     * Opens a session in the caller's transaction, with its audit row; {@link #opened} must follow
     * the commit.
     */
    public Opened open(
            Handle handle, TenantId tenant, UserFacts user, Signals signals, By by, Instant now) {
        SessionToken token = SessionToken.draw(random);
        byte[] ref = new byte[16];
        random.nextBytes(ref);
        Session session =
                new Session(
                        new SessionKey(tenant, token.id()),
                        new SessionRef(
                                "ref_"
                                        + Base64.getUrlEncoder()
                                                .withoutPadding()
                                                .encodeToString(ref)),
                        user,
                        RevocationLog.number(handle),
                        signals,
                        true,
                        now,
                        now.plus(settings.absolute()),
                        settings.idle(),
                        now,
                        null,
                        null);
        store.insert(handle, session);
        audit.append(
                handle,
                AuditEntry.of(tenant, now, "session.opened", by.actor())
                        .user(user.id().value())
                        .session(session.ref().value())
                        .from(signals.ip(), signals.agent())
                        .request(by.requestId()));
        return new Opened(token, session);
    }

    /** The same for a new account: its making is audited too. */
    public Opened register(
            Handle handle, TenantId tenant, UserFacts user, Signals signals, By by, Instant now) {
        audit.append(
                handle,
                AuditEntry.of(tenant, now, "user.registered", by.actor())
                        .user(user.id().value())
                        .from(signals.ip(), signals.agent())
                        .request(by.requestId()));
        return open(handle, tenant, user, signals, by, now);
    }

    /** Tells of a session whose opening was committed. */
    public void opened(Session session) {
        memory.put(session, tombstones.markAt(session.openedNumber()), session.lastSeenAt());
        news.opened(row(session, clock.instant()));
    }

    /**
     * Ends one session by its reference: refused at once, destroyed when the hold is over. Ending
     * it again gives the first receipt again, except that {@code isFinal} turns a held one into a
     * destroyed one.
     *
     * @param isFinal whether there is no Undo
     * @return empty when there is no such session
     */
    public Optional<Receipt> revoke(SessionRef ref, String reason, boolean isFinal, By by) {
        Instant asked = clock.instant();
        Instant undoUntil = isFinal ? null : asked.plus(settings.hold());
        return end(handle -> store.find(handle, ref), reason, undoUntil, by, asked);
    }

    /** Ends one session by its key, for good: logout. Ending it again changes nothing. */
    public Optional<Receipt> end(SessionKey key, String reason, By by) {
        return end(handle -> store.find(handle, key), reason, null, by, clock.instant());
    }

    private record Ending(Session session, Receipt receipt, boolean fresh) {}

    private Optional<Receipt> end(
            Function<Handle, Optional<Session>> which,
            String reason,
            @Nullable Instant undoUntil,
            By by,
            Instant asked) {
        Optional<Ending> ending =
                database.write(
                        "revoking a session",
                        handle ->
                                which.apply(handle)
                                        .map(s -> end(handle, s, reason, undoUntil, by, asked)),
                        committed -> committed.ifPresent(e -> applied(e, reason, by)));
        return ending.map(Ending::receipt).map(receipt -> applied(receipt, asked));
    }

    private Ending end(
            Handle handle,
            Session session,
            String reason,
            @Nullable Instant undoUntil,
            By by,
            Instant asked) {
        Ended before = session.ended();
        if (before != null && (before.undoUntil() == null || undoUntil != null)) {
            return new Ending(session, receipt(session, before.number(), 0, before, asked), false);
        }
        Instant now = clock.instant();
        long number =
                RevocationLog.append(
                        handle,
                        "session",
                        session.tenant(),
                        session.user().id(),
                        session.key(),
                        now,
                        reason,
                        by.actor());
        Ended ended = new Ended(now, number, reason, by.actor(), undoUntil);
        store.end(handle, session.key(), ended);
        audit.append(
                handle,
                AuditEntry.of(session.tenant(), now, "session.revoked", by.actor())
                        .user(session.user().id().value())
                        .session(session.ref().value())
                        .because(reason, null)
                        .request(by.requestId()));
        long live = before == null && isLive(session, now) ? 1 : 0;
        return new Ending(session, receipt(session, number, live, ended, asked), true);
    }

    private boolean isLive(Session session, Instant now) {
        return session.over(lastSeen.of(session), now).isEmpty();
    }

    private Receipt receipt(Session session, long number, long live, Ended ended, Instant asked) {
        return new Receipt(
                session.ref().value(),
                null,
                number,
                live,
                asked,
                ended.at(),
                List.of(new NodeApplied(node, ended.at())),
                0,
                null,
                ended.undoUntil());
    }

    /**
     * On the writer's thread, after the commit and before the answer: from here on no tier holds
     * it.
     */
    private void applied(Ending ending, String reason, By by) {
        if (!ending.fresh()) {
            return;
        }
        SessionKey key = ending.session().key();
        tombstones.apply(new Revocation.OfSession(ending.receipt().number(), key));
        memory.remove(key);
        Receipt receipt = applied(ending.receipt(), ending.receipt().requestedAt());
        news.revoked(
                receipt, "session", ending.session().tenant().value(), null, reason, by.actor());
    }

    private Receipt applied(Receipt receipt, Instant asked) {
        Instant now = clock.instant();
        boolean first = !receipt.committedAt().isBefore(asked);
        return new Receipt(
                receipt.ref(),
                receipt.userId(),
                receipt.number(),
                receipt.sessions(),
                receipt.requestedAt(),
                first ? now : receipt.committedAt(),
                first ? List.of(new NodeApplied(node, now)) : receipt.nodes(),
                Duration.between(asked, now).toNanos() / 1000,
                receipt.lastTrustedAt(),
                receipt.undoUntil());
    }

    /** How a restore ended. */
    public sealed interface Restored {
        /** It is accepted again. */
        record Done(Receipt receipt) implements Restored {}

        /** It was never held, or the hold is over, or its user's sessions were ended since. */
        record TooLate(SessionState state) implements Restored {}

        /** No such session. */
        record Unknown() implements Restored {}
    }

    private record Restoring(Restored outcome, @Nullable Session session) {}

    /** Undoes a revocation that is still held. */
    public Restored restore(SessionRef ref, By by) {
        Instant asked = clock.instant();
        return database.write(
                        "restoring a session",
                        handle -> restore(handle, ref, by, asked),
                        committed -> restored(committed, by))
                .outcome();
    }

    private Restoring restore(Handle handle, SessionRef ref, By by, Instant asked) {
        Optional<Session> found = store.find(handle, ref);
        if (found.isEmpty()) {
            return new Restoring(new Restored.Unknown(), null);
        }
        Session session = found.get();
        Instant now = clock.instant();
        if (session.ended() == null || !store.restore(handle, session.key(), now)) {
            return new Restoring(new Restored.TooLate(state(session, now)), null);
        }
        Session again = store.find(handle, session.key()).orElseThrow();
        if (again.ended() != null) {
            // Its user, its tenant or everything was ended while it was held: that stands.
            store.end(handle, session.key(), session.ended());
            return new Restoring(new Restored.TooLate(SessionState.REVOKED), null);
        }
        long number =
                RevocationLog.append(
                        handle,
                        "undo",
                        session.tenant(),
                        session.user().id(),
                        session.key(),
                        now,
                        "",
                        by.actor());
        audit.append(
                handle,
                AuditEntry.of(session.tenant(), now, "session.restored", by.actor())
                        .user(session.user().id().value())
                        .session(session.ref().value())
                        .request(by.requestId()));
        Receipt receipt =
                new Receipt(
                        ref.value(),
                        null,
                        number,
                        isLive(again, now) ? 1 : 0,
                        asked,
                        now,
                        List.of(new NodeApplied(node, now)),
                        Duration.between(asked, now).toNanos() / 1000,
                        null,
                        null);
        return new Restoring(new Restored.Done(receipt), again);
    }

    private void restored(Restoring restoring, By by) {
        Session session = restoring.session();
        if (session != null && restoring.outcome() instanceof Restored.Done(Receipt receipt)) {
            tombstones.apply(new Revocation.OfSession(receipt.number(), session.key()));
            news.restored(receipt, row(session, clock.instant()), by.actor());
        }
    }

    /**
     * Ends every session a user has now; later logins are not meant. One row of the log, however
     * many there are.
     *
     * @return empty when there is no such user
     */
    public Optional<Receipt> revokeAllOf(UserId user, String reason, By by) {
        Instant asked = clock.instant();
        Optional<UserEnding> ending =
                database.write(
                        "revoking a user's sessions",
                        handle -> endAll(handle, user, reason, by, asked),
                        committed -> committed.ifPresent(e -> applied(e, reason, by)));
        return ending.map(UserEnding::receipt).map(receipt -> applied(receipt, asked));
    }

    private record UserEnding(TenantId tenant, UserId user, Receipt receipt) {}

    private Optional<UserEnding> endAll(
            Handle handle, UserId user, String reason, By by, Instant asked) {
        Optional<TenantId> tenant =
                handle.createQuery("SELECT tenant_id FROM user_account WHERE id = :user")
                        .bind("user", user.value())
                        .mapTo(String.class)
                        .findOne()
                        .map(TenantId::new);
        if (tenant.isEmpty()) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        long live = store.countLive(handle, tenant.get(), user, now);
        long number =
                RevocationLog.append(
                        handle, "user", tenant.get(), user, null, now, reason, by.actor());
        handle.createUpdate(
                        "UPDATE user_account SET revoked_through = :number"
                                + " WHERE id = :user AND tenant_id = :tenant")
                .bind("number", number)
                .bind("user", user.value())
                .bind("tenant", tenant.get().value())
                .execute();
        audit.append(
                handle,
                AuditEntry.of(tenant.get(), now, "user.sessions_revoked", by.actor())
                        .user(user.value())
                        .because(reason, null)
                        .request(by.requestId()));
        Receipt receipt =
                new Receipt(
                        null,
                        user.value(),
                        number,
                        live,
                        asked,
                        now,
                        List.of(new NodeApplied(node, now)),
                        0,
                        null,
                        null);
        return Optional.of(new UserEnding(tenant.get(), user, receipt));
    }

    private void applied(UserEnding ending, String reason, By by) {
        Receipt receipt = applied(ending.receipt(), ending.receipt().requestedAt());
        tombstones.apply(new Revocation.OfUser(receipt.number(), ending.tenant(), ending.user()));
        news.revoked(
                receipt,
                "user",
                ending.tenant().value(),
                receipt.committedAt(),
                reason,
                by.actor());
    }

    /** What a validate would make of the session at that instant, signals apart. */
    public SessionState state(Session session, Instant now) {
        Ended ended = session.ended();
        if (ended != null) {
            Instant undoUntil = ended.undoUntil();
            return undoUntil != null && now.isBefore(undoUntil)
                    ? SessionState.HELD
                    : SessionState.REVOKED;
        }
        return session.over(lastSeen.of(session), now).isEmpty()
                ? SessionState.LIVE
                : SessionState.EXPIRED;
    }

    /** The session as an administrator sees it at that instant. */
    public SessionRow row(Session session, Instant now) {
        Instant seen = lastSeen.of(session);
        Ended ended = session.ended();
        SessionState state = state(session, now);
        DeviceHash device = session.recorded().device();
        return new SessionRow(
                session.ref().value(),
                session.user().id().value(),
                session.user().email(),
                session.tenant().value(),
                session.recorded().ip() == null ? null : session.recorded().ip().toString(),
                device == null ? null : device.label(),
                session.recorded().agent(),
                session.createdAt(),
                seen,
                session.expiresAt(seen),
                state.wireName(),
                lastSeen.strictestOf(session).map(Enum::name).orElse(null),
                ended == null ? null : ended.at(),
                ended == null ? null : ended.reason(),
                ended == null ? null : ended.by(),
                state == SessionState.HELD && ended != null ? ended.undoUntil() : null);
    }
}
