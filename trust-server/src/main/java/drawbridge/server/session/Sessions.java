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
import drawbridge.server.session.Session.Over;
import drawbridge.server.session.SessionSettings.Lifetimes;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
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
    /** Why a session was ended whose replaced id was used after its grace. */
    static final String REUSED = "replaced id used again";

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

    /**
     * How a session begins.
     *
     * @param signals seen at login
     * @param isRemembered whether its user asked to be remembered
     */
    public record Start(Signals signals, boolean isRemembered) {}

    /** A new session, and the secret that only its client may get. */
    public record Opened(SessionToken token, Session session) {}

    private final Database database;
    private final Tiers tiers;
    private final DatabaseSessionStore store;
    private final SessionCache memory;
    private final SharedSessions shared;
    private final Tombstones tombstones;
    private final LastSeen lastSeen;
    private final DatabaseAuditLog audit;
    private final SessionNews news;
    private final SessionSettings settings;
    private final Proof proof;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /** Assembled by the wiring. */
    public Sessions(
            Database database,
            Tiers tiers,
            DatabaseAuditLog audit,
            SessionNews news,
            SessionSettings settings,
            Proof proof,
            Clock clock) {
        this.database = database;
        this.tiers = tiers;
        this.store = tiers.store();
        this.memory = tiers.memory();
        this.shared = tiers.shared();
        this.tombstones = tiers.tombstones();
        this.lastSeen = tiers.lastSeen();
        this.audit = audit;
        this.news = news;
        this.settings = settings;
        this.proof = proof;
        this.clock = clock;
    }

    /** The tiers sessions are served from, and what keeps them true. */
    public record Tiers(
            DatabaseSessionStore store,
            SessionCache memory,
            SharedSessions shared,
            Tombstones tombstones,
            LastSeen lastSeen) {
        /** On the writer's thread, after the commit: no tier serves that session any more. */
        void drop(Revocation.OfSession ended) {
            tombstones.committed(
                    ended,
                    key -> {
                        memory.remove(key);
                        shared.remove(key); // a hint: a copy that stays is known to be overtaken
                    });
        }
    }

    /** What is told of a session's end. */
    public record Proof(Witness witness, LastTrusted trusted) {}

    /**
     * Opens a session in the caller's transaction, with its audit row; {@link #opened} must follow
     * the commit.
     */
    public Opened open(
            Handle handle, TenantId tenant, UserFacts user, Start start, By by, Instant now) {
        Signals signals = start.signals();
        Lifetimes lifetimes = settings.forLogin(start.isRemembered());
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
                        now.plus(lifetimes.absolute()),
                        lifetimes.idle(),
                        now,
                        null,
                        null,
                        new Renewal(lifetimes.absolute(), now.plus(lifetimes.renewable()), null));
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
            Handle handle, TenantId tenant, UserFacts user, Start start, By by, Instant now) {
        audit.append(
                handle,
                AuditEntry.of(tenant, now, "user.registered", by.actor())
                        .user(user.id().value())
                        .from(start.signals().ip(), start.signals().agent())
                        .request(by.requestId()));
        return open(handle, tenant, user, start, by, now);
    }

    /** Tells of a session whose opening was committed. */
    public void opened(Session session) {
        Tombstones.Mark written = tombstones.markAt(session.openedNumber());
        memory.put(session, written, session.lastSeenAt());
        shared.put(session, written);
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
        return store.tenantOf(ref)
                .flatMap(tenant ->
                        end(
                                tenant,
                                handle -> store.find(handle, tenant, ref),
                                reason,
                                undoUntil,
                                by,
                                asked));
    }

    /** Ends one session by its key, for good: logout. Ending it again changes nothing. */
    public Optional<Receipt> end(SessionKey key, String reason, By by) {
        return end(
                key.tenant(), handle -> store.find(handle, key), reason, null, by, clock.instant());
    }

    /**
     * Ends a session, for good, because an id of it was used after its grace: two parties hold it.
     * Nothing happens when it is over already.
     */
    public Optional<Receipt> endReused(SessionKey key, By by) {
        return end(
                key.tenant(),
                handle ->
                        store.find(handle, key).filter(s -> is(Over.REPLACED, s, clock.instant())),
                REUSED,
                null,
                new By("server", by.requestId()),
                clock.instant());
    }

    /**
     * Counts a call that differed in a signal, and ends the session, for good, when its tenant
     * allows no more of them.
     */
    public Optional<Receipt> mismatched(SessionKey key, By by) {
        return end(
                key.tenant(),
                handle ->
                        store.find(handle, key)
                                .filter(s -> s.ended() == null)
                                .filter(s -> store.mismatched(handle, key.tenant(), s.ref())),
                "too many mismatches",
                null,
                new By("server", by.requestId()),
                clock.instant());
    }

    /** Whether counting mismatches can matter at all. */
    boolean anyMismatchLimit() {
        return store.anyMismatchLimit();
    }

    private boolean is(Over wanted, Session session, Instant now) {
        return session.over(lastSeen.of(session), now).filter(over -> over == wanted).isPresent();
    }

    /**
     * A session's end, in a transaction that may yet fail; {@link #applied(Ending)} must follow the
     * commit.
     */
    public record Ending(
            Session session,
            Receipt receipt,
            List<Revocation.OfSession> rows,
            String reason,
            String actor) {
        public Ending {
            rows = List.copyOf(rows);
        }
    }

    private Optional<Receipt> end(
            TenantId tenant,
            Function<Handle, Optional<Session>> which,
            String reason,
            @Nullable Instant undoUntil,
            By by,
            Instant asked) {
        Optional<Ending> ending =
                database.write(
                        DataScope.of(tenant),
                        "revoking a session",
                        handle ->
                                which.apply(handle)
                                        .map(s -> end(handle, s, reason, undoUntil, by, asked)),
                        committed -> committed.ifPresent(this::applied));
        return ending.map(Ending::receipt).map(this::held);
    }

    private Ending end(
            Handle handle,
            Session asFound,
            String reason,
            @Nullable Instant undoUntil,
            By by,
            Instant asked) {
        Session session = // under its newest id, whichever it was found by
                asFound.renewal().replaced() == null
                        ? asFound
                        : store.find(handle, asFound.tenant(), asFound.ref()).orElseThrow();
        Ended before = session.ended();
        if (before != null && (before.undoUntil() == null || undoUntil != null)) {
            RevocationLog.restOn(handle, before.number()); // it may have been committed just now
            return new Ending(
                    session,
                    receipt(
                            session.ref(),
                            null,
                            before.number(),
                            0,
                            asked,
                            before.at(),
                            before.undoUntil()),
                    List.of(),
                    reason,
                    by.actor());
        }
        Instant now = clock.instant();
        List<Revocation.OfSession> rows = new ArrayList<>();
        for (SessionKey key : store.keysOf(handle, session, now)) {
            long number =
                    RevocationLog.append(
                            handle,
                            "session",
                            session.tenant(),
                            session.user().id(),
                            key,
                            now,
                            reason,
                            by.actor());
            rows.add(new Revocation.OfSession(number, key));
        }
        long number = rows.getLast().number();
        Ended ended = new Ended(now, number, reason, by.actor(), undoUntil);
        store.end(handle, session, ended);
        audit.append(
                handle,
                AuditEntry.of(session.tenant(), now, "session.revoked", by.actor())
                        .user(session.user().id().value())
                        .session(session.ref().value())
                        .because(reason, null)
                        .request(by.requestId()));
        long live = before == null && isLive(session, now) ? 1 : 0;
        return new Ending(
                session,
                receipt(session.ref(), null, number, live, asked, now, undoUntil),
                rows,
                reason,
                by.actor());
    }

    /**
     * Ends all that a user has, for good, in the caller's transaction, but for one. What an
     * administrator had revoked cannot be undone any more.
     *
     * @param kept the session that goes on
     */
    public List<Ending> endOthers(
            Handle handle, Session kept, String reason, By by, Instant asked) {
        RevocationLog.restOnAll(handle); // a call before this one may have ended them just now
        return store.notEndedOf(handle, kept.tenant(), kept.user().id(), asked).stream()
                .filter(session -> !session.ref().equals(kept.ref()))
                .map(session -> end(handle, session, reason, null, by, asked))
                .toList();
    }

    /**
     * Ends all the sessions of a user but one, for good.
     *
     * @return how many were ended that were accepted until then
     */
    public long endOthers(Session kept, String reason, By by) {
        Instant asked = clock.instant();
        return database
                .write(
                        DataScope.of(kept.tenant()),
                        "ending a user's other sessions",
                        handle -> endOthers(handle, kept, reason, by, asked),
                        endings -> endings.forEach(this::applied))
                .stream()
                .mapToLong(ending -> ending.receipt().sessions())
                .sum();
    }

    /** The sessions of a user that would be accepted now, the newest first. */
    public List<Session> liveOf(TenantId tenant, UserId user, int most) {
        Instant now = clock.instant();
        return store.notEndedOf(tenant, user, most).stream()
                .filter(session -> isLive(session, now))
                .toList();
    }

    /**
     * Ends, for good, the session of a user with that reference.
     *
     * @return empty when the user has none with it
     */
    public Optional<Receipt> endOwn(TenantId tenant, UserId user, SessionRef ref, By by) {
        return end(
                tenant,
                handle -> store.find(handle, tenant, ref).filter(s -> s.user().id().equals(user)),
                "ended by its user",
                null,
                by,
                clock.instant());
    }

    private boolean isLive(Session session, Instant now) {
        return session.over(lastSeen.of(session), now).isEmpty();
    }

    /** What is known of a revocation within its transaction. */
    private Receipt receipt(
            @Nullable SessionRef ref,
            @Nullable UserId user,
            long number,
            long live,
            Instant asked,
            Instant at,
            @Nullable Instant undoUntil) {
        return new Receipt(
                ref == null ? null : ref.value(),
                user == null ? null : user.value(),
                number,
                live,
                asked,
                at,
                List.of(
                        new NodeApplied(
                                proof.witness().node(), at, proof.trusted().before(number))),
                List.of(),
                0,
                null,
                undoUntil);
    }

    /**
     * On the writer's thread, after the commit and before the answer: from here on no tier holds
     * it.
     */
    public void applied(Ending ending) {
        if (ending.rows().isEmpty()) {
            return; // it had ended before
        }
        for (Revocation.OfSession row : ending.rows()) {
            proof.trusted().ended(row.number(), ending.session().ref());
            tiers.drop(row);
        }
        Session session = ending.session();
        news.revoked(
                refusedHere(ending.receipt()),
                "session",
                session.tenant().value(),
                null,
                ending.reason(),
                ending.actor());
        if (ending.actor().equals("server") && ending.reason().equals(REUSED)) {
            news.reused(row(session, clock.instant()));
        }
    }

    /** The receipt on the writer's thread: this node refuses, nobody has looked at others. */
    private Receipt refusedHere(Receipt receipt) {
        Instant now = clock.instant();
        return with(
                receipt,
                new Witness.Held(
                        now,
                        List.of(
                                new NodeApplied(
                                        proof.witness().node(),
                                        now,
                                        proof.trusted().before(receipt.number()))),
                        List.of()));
    }

    /** The receipt as it is answered: what it says was so on every node by then. */
    private Receipt held(Receipt receipt) {
        Witness witness = proof.witness();
        return with(
                receipt,
                isFirst(receipt)
                        ? witness.heldBy(receipt.number())
                        : witness.heldAgainBy(receipt.number()));
    }

    /** Whether it had not ended before it was asked for, so that asking ended it. */
    private static boolean isFirst(Receipt receipt) {
        return !receipt.committedAt().isBefore(receipt.requestedAt());
    }

    private Receipt with(Receipt receipt, Witness.Held held) {
        Instant asked = receipt.requestedAt();
        List<NodeApplied> nodes = held.nodes().isEmpty() ? receipt.nodes() : held.nodes();
        return new Receipt(
                receipt.ref(),
                receipt.userId(),
                receipt.number(),
                receipt.sessions(),
                asked,
                isFirst(receipt) ? held.committedAt() : receipt.committedAt(),
                nodes,
                held.struckOut(),
                Duration.between(asked, clock.instant()).toNanos() / 1000,
                nodes.stream()
                        .map(NodeApplied::lastTrustedAt)
                        .filter(Objects::nonNull)
                        .max(Comparator.naturalOrder())
                        .orElse(null),
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
        Restored outcome =
                store.tenantOf(ref)
                        .map(tenant ->
                                database.write(
                                                DataScope.of(tenant),
                                                "restoring a session",
                                                handle -> restore(handle, tenant, ref, by, asked),
                                                committed -> restored(committed, by))
                                        .outcome())
                        .orElseGet(Restored.Unknown::new);
        return outcome instanceof Restored.Done(Receipt receipt)
                ? new Restored.Done(held(receipt))
                : outcome;
    }

    private Restoring restore(
            Handle handle, TenantId tenant, SessionRef ref, By by, Instant asked) {
        Optional<Session> found = store.find(handle, tenant, ref);
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
            store.end(handle, session, session.ended());
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
        Receipt receipt = receipt(ref, null, number, isLive(again, now) ? 1 : 0, asked, now, null);
        return new Restoring(new Restored.Done(receipt), again);
    }

    private void restored(Restoring restoring, By by) {
        Session session = restoring.session();
        if (session != null && restoring.outcome() instanceof Restored.Done(Receipt receipt)) {
            tombstones.committed(new Revocation.OfSession(receipt.number(), session.key()));
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
        return store.tenantOf(user)
                .map(tenant ->
                        database.write(
                                DataScope.of(tenant),
                                "revoking a user's sessions",
                                handle -> endAll(handle, tenant, user, reason, by, asked),
                                this::applied))
                .map(ending -> held(ending.receipt()));
    }

    /**
     * The end of all sessions a user had, in a transaction that may yet fail; {@link
     * #applied(UserEnding)} must follow the commit.
     */
    public record UserEnding(
            TenantId tenant, UserId user, Receipt receipt, String reason, String actor) {}

    /** Ends every session a user has now, for good, in the caller's transaction. */
    public UserEnding endAll(
            Handle handle, TenantId tenant, UserId user, String reason, By by, Instant asked) {
        Instant now = clock.instant();
        long live = store.countLive(handle, tenant, user, now);
        long number =
                RevocationLog.append(handle, "user", tenant, user, null, now, reason, by.actor());
        handle.createUpdate(
                        "UPDATE user_account SET revoked_through = :number"
                                + " WHERE id = :user AND tenant_id = :tenant")
                .bind("number", number)
                .bind("user", user.value())
                .bind("tenant", tenant.value())
                .execute();
        audit.append(
                handle,
                AuditEntry.of(tenant, now, "user.sessions_revoked", by.actor())
                        .user(user.value())
                        .because(reason, null)
                        .request(by.requestId()));
        Receipt receipt = receipt(null, user, number, live, asked, now, null);
        return new UserEnding(tenant, user, receipt, reason, by.actor());
    }

    /** On the writer's thread, after the commit and before the answer. */
    public void applied(UserEnding ending) {
        Receipt receipt = refusedHere(ending.receipt());
        tombstones.committed(
                new Revocation.OfUser(receipt.number(), ending.tenant(), ending.user()));
        news.revoked(
                receipt,
                "user",
                ending.tenant().value(),
                receipt.committedAt(),
                ending.reason(),
                ending.actor());
    }

    /** What is remembered of a user's facts is void, in a transaction. */
    public Revocation changed(Handle handle, TenantId tenant, UserId user, By by, Instant now) {
        long number =
                RevocationLog.append(
                        handle, "changed", tenant, user, null, now, "user changed", by.actor());
        return new Revocation.OfUserFacts(number, tenant, user);
    }

    /** On the writer's thread, after the commit and before the answer. */
    public void applied(Revocation changed) {
        tombstones.committed(changed);
    }

    /**
     * Ends every session a tenant has now, in the caller's transaction; {@link #ended} must follow
     * the commit. One row of the log, however many there are.
     */
    public Receipt endAllOf(Handle handle, TenantId tenant, String reason, By by, Instant asked) {
        Instant now = clock.instant();
        long live = DatabaseSessionStore.countLive(handle, tenant, now, Receipt.MOST_COUNTED);
        long number =
                RevocationLog.append(handle, "tenant", tenant, null, null, now, reason, by.actor());
        handle.createUpdate("UPDATE tenant SET revoked_through = :number WHERE id = :tenant")
                .bind("number", number)
                .bind("tenant", tenant.value())
                .execute();
        return receipt(null, null, number, live, asked, now, null);
    }

    /**
     * Refuses on this node what {@link #endAllOf} ended. On the writer's thread, between commit and
     * answer.
     */
    public void ended(TenantId tenant, Receipt receipt, String reason, By by) {
        tombstones.committed(new Revocation.OfTenant(receipt.number(), tenant));
        Receipt done = refusedHere(receipt);
        news.revoked(done, "tenant", tenant.value(), done.committedAt(), reason, by.actor());
    }

    /** A receipt of {@link #endAllOf} as it is answered, once the write has returned. */
    public Receipt answered(Receipt receipt) {
        return held(receipt);
    }

    /**
     * Ends every session a tenant has now, for good; who may log in can do so again. One row of the
     * log, however many there are.
     *
     * @return empty when there is no such tenant
     */
    public Optional<Receipt> revokeAllOf(TenantId tenant, String reason, By by) {
        Instant asked = clock.instant();
        return database.write(
                        DataScope.of(tenant),
                        "revoking a tenant's sessions",
                        handle ->
                                isTenant(handle, tenant)
                                        ? Optional.of(revoke(handle, tenant, reason, by, asked))
                                        : Optional.<Receipt>empty(),
                        committed -> committed.ifPresent(r -> ended(tenant, r, reason, by)))
                .map(this::held);
    }

    private Receipt revoke(Handle handle, TenantId tenant, String reason, By by, Instant asked) {
        audit.append(
                handle,
                AuditEntry.of(tenant, clock.instant(), "tenant.sessions_revoked", by.actor())
                        .because(reason, null)
                        .request(by.requestId()));
        return endAllOf(handle, tenant, reason, by, asked);
    }

    private static boolean isTenant(Handle handle, TenantId tenant) {
        return handle.createQuery("SELECT count(*) FROM tenant WHERE id = :tenant")
                        .bind("tenant", tenant.value())
                        .mapTo(long.class)
                        .one()
                > 0;
    }

    /**
     * Ends every session and every open token there is, of all tenants, for good: the emergency.
     * One row of the log.
     */
    public Receipt revokeEverything(String reason, By by) {
        Instant asked = clock.instant();
        return held(
                database.write(
                        DataScope.server(Why.OPERATOR),
                        "revoking everything",
                        handle -> {
                            Instant now = clock.instant();
                            long live =
                                    DatabaseSessionStore.countLive(
                                            handle, now, Receipt.MOST_COUNTED);
                            long number = EverythingEnded.write(handle, 0, now, reason, by.actor());
                            audit.append(
                                    handle,
                                    AuditEntry.of(
                                                    TenantId.DEFAULT,
                                                    now,
                                                    "server.everything_revoked",
                                                    by.actor())
                                            .because(reason, null)
                                            .request(by.requestId()));
                            return receipt(null, null, number, live, asked, now, null);
                        },
                        receipt -> {
                            tombstones.committed(new Revocation.OfEverything(receipt.number()));
                            Receipt done = refusedHere(receipt);
                            news.revoked(
                                    done,
                                    "everything",
                                    null,
                                    done.committedAt(),
                                    reason,
                                    by.actor());
                        }));
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
        DeviceHash told = session.recorded().device();
        DeviceHash device = told == null ? session.recorded().cookie() : told;
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
