package drawbridge.server.session;

import drawbridge.model.SessionToken;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.crypto.Sealer;
import drawbridge.server.session.Session.Over;
import drawbridge.server.session.Sessions.By;
import drawbridge.server.session.Sessions.Opened;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.Database;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Gives sessions new ids. The old one counts for a grace longer, so that two tabs that refresh at
 * once both stay logged in: whoever still presents it is given the same new id. Use after the grace
 * means that somebody else holds it, and ends the session. Safe for many threads.
 */
public final class Renewals {
    private static final String PURPOSE = "session-successor/v1";

    private final Database database;
    private final DatabaseSessionStore store;
    private final Sessions sessions;
    private final Sessions.Tiers tiers;
    private final DatabaseAuditLog audit;
    private final Duration grace;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /**
     * @param grace how long an id still counts after it was replaced
     */
    public Renewals(
            Database database,
            Sessions.Tiers tiers,
            Sessions sessions,
            DatabaseAuditLog audit,
            Duration grace,
            Clock clock) {
        this.database = database;
        this.store = tiers.store();
        this.sessions = sessions;
        this.tiers = tiers;
        this.audit = audit;
        this.grace = grace;
        this.clock = clock;
    }

    /** How a refresh ended. */
    public sealed interface Renewed {
        /** The session has this id now, or had it already when the old one came a second time. */
        record Done(Opened opened) implements Renewed {}

        /** It cannot go on; when it was ended for that just now, it is told elsewhere. */
        record Refused(@Nullable Over why) implements Renewed {}
    }

    /** What came of a transaction, and what memory must learn of it. */
    private record Step(Renewed outcome, long number, @Nullable SessionKey voided) {
        static Step of(Renewed outcome) {
            return new Step(outcome, 0, null);
        }
    }

    /**
     * Gives the session of that id a new one, at most once: however many ask at the same time, all
     * are given the same. Counts as use of the session.
     */
    public Renewed refresh(SessionKey key, SessionToken old, By by) {
        Renewed outcome =
                database.write(
                                DataScope.of(key.tenant()),
                                "refreshing a session",
                                handle -> refresh(handle, key, old, by),
                                this::applied)
                        .outcome();
        if (outcome instanceof Renewed.Refused(Over why) && why == Over.REPLACED) {
            sessions.endReused(key, by);
        }
        return outcome;
    }

    private Step refresh(Handle handle, SessionKey key, SessionToken token, By by) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Optional<Session> found = store.find(handle, key);
        if (found.isEmpty()) {
            return Step.of(new Renewed.Refused(null));
        }
        Session session = found.get();
        Optional<Over> over = session.over(tiers.lastSeen().of(session), now);
        if (over.isPresent()) {
            return Step.of(new Renewed.Refused(over.get()));
        }
        if (session.renewal().replaced() != null) {
            return Step.of(successor(handle, session, token));
        }
        return renew(handle, session, token, by, now);
    }

    private Step renew(Handle handle, Session session, SessionToken old, By by, Instant now) {
        SessionToken fresh = SessionToken.draw(random);
        Session renewed =
                session.renewed(
                        new SessionKey(session.tenant(), fresh.id()),
                        now,
                        tiers.lastSeen().strictestOf(session).orElse(null));
        byte[] sealed =
                sealer(old)
                        .seal(
                                fresh.reveal().getBytes(StandardCharsets.US_ASCII),
                                place(session.key()));
        if (!store.replace(handle, session, renewed, sealed, grace)) {
            throw new IllegalStateException("a session changed within its own transaction");
        }
        long number =
                RevocationLog.append(
                        handle,
                        "replaced",
                        session.tenant(),
                        session.user().id(),
                        session.key(),
                        now,
                        "refreshed",
                        by.actor());
        audit.append(
                handle,
                AuditEntry.of(session.tenant(), now, "session.refreshed", by.actor())
                        .user(session.user().id().value())
                        .session(session.ref().value())
                        .request(by.requestId()));
        return new Step(new Renewed.Done(new Opened(fresh, renewed)), number, session.key());
    }

    /** The newest id that can be had from this old one: it may itself have been replaced since. */
    private Renewed successor(Handle handle, Session session, SessionToken token) {
        Session at = session;
        SessionToken held = token;
        while (at.renewal().replaced() != null) {
            Optional<byte[]> sealed = store.successor(handle, at.key());
            if (sealed.isEmpty()) {
                return new Renewed.Refused(null);
            }
            byte[] opened = sealer(held).open(sealed.get(), place(at.key()));
            SessionToken next =
                    SessionToken.parse(new String(opened, StandardCharsets.US_ASCII)).orElseThrow();
            Optional<Session> found = store.find(handle, new SessionKey(at.tenant(), next.id()));
            if (found.isEmpty()) {
                return new Renewed.Refused(null);
            }
            held = next;
            at = found.get();
        }
        return new Renewed.Done(new Opened(held, at));
    }

    /** Whoever has not the old id cannot open what is sealed, whatever else he has. */
    private static Sealer sealer(SessionToken old) {
        return Sealer.underSecret(old.reveal().getBytes(StandardCharsets.US_ASCII), PURPOSE);
    }

    private static byte[] place(SessionKey old) {
        byte[] tenant = (old.tenant().value() + "\0").getBytes(StandardCharsets.UTF_8);
        byte[] id = old.id().bytes();
        byte[] place = new byte[tenant.length + id.length];
        System.arraycopy(tenant, 0, place, 0, tenant.length);
        System.arraycopy(id, 0, place, tenant.length, id.length);
        return place;
    }

    /** On the writer's thread: what memory holds under the old id knows nothing of its grace. */
    private void applied(Step step) {
        SessionKey voided = step.voided();
        if (voided != null && step.outcome() instanceof Renewed.Done(Opened opened)) {
            tiers.drop(new Revocation.OfSession(step.number(), voided));
            Session renewed = opened.session();
            Tombstones.Mark written = tiers.tombstones().markAt(step.number());
            tiers.memory().put(renewed, written, renewed.lastSeenAt());
            tiers.shared().put(renewed, written);
        }
    }
}
