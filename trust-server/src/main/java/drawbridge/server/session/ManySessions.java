package drawbridge.server.session;

import drawbridge.model.SessionRef;
import drawbridge.model.TenantId;
import drawbridge.model.view.NodeApplied;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.session.Session.Ended;
import drawbridge.server.session.Sessions.By;
import drawbridge.server.session.Sessions.Tiers;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.Database;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Ends and restores sessions of one tenant many at a time: one transaction, but for each session
 * its own row of the revocation log and its own audit row, as if it had been named alone. Safe for
 * many threads.
 *
 * <p>Every method throws {@link drawbridge.server.storage.StoreUnavailableException} when it could
 * not be made sure; repeating it is then safe.
 */
final class ManySessions {
    /**
     * A batch of statements shows its last binding only, so that no guard can hold it to a tenant.
     */
    private static final DataScope OPERATOR = DataScope.server(DataScope.Why.OPERATOR);

    private final Database database;
    private final Tiers tiers;
    private final DatabaseAuditLog audit;
    private final SessionNews news;
    private final Witness witness;
    private final Clock clock;

    ManySessions(
            Database database,
            Tiers tiers,
            DatabaseAuditLog audit,
            SessionNews news,
            Witness witness,
            Clock clock) {
        this.database = database;
        this.tiers = tiers;
        this.audit = audit;
        this.news = news;
        this.witness = witness;
        this.clock = clock;
    }

    /**
     * A session that is held.
     *
     * @param number under which it was ended, by which its end is known again
     */
    record Held(TenantId tenant, SessionRef ref, long number) {}

    /**
     * What became of a part.
     *
     * @param held those that were ended; the others had ended before
     * @param nodes how many nodes refuse them
     * @param tookMicros from its beginning until every node refused
     */
    record Part(List<Held> held, int nodes, long tookMicros) {
        Part {
            held = List.copyOf(held);
        }
    }

    private record Ends(
            Map<SessionRef, Ended> ends, List<RevocationLog.Row> rows, List<String> live) {
        long last() {
            return rows.getLast().number();
        }
    }

    /** Holds those of them that would be accepted now. */
    Part end(
            String job,
            TenantId tenant,
            Collection<SessionRef> refs,
            String reason,
            Instant undoUntil,
            By by) {
        Instant asked = clock.instant();
        Ends done =
                database.write(
                        OPERATOR,
                        "revoking many sessions",
                        handle -> end(handle, tenant, refs, reason, undoUntil, by),
                        ends -> applied(ends, job, tenant, reason, undoUntil, by, asked));
        if (done.rows().isEmpty()) {
            return new Part(List.of(), 0, 0);
        }
        Witness.Held seen = witness.heldBy(done.last());
        List<Held> held = new ArrayList<>();
        done.ends().forEach((ref, ended) -> held.add(new Held(tenant, ref, ended.number())));
        return new Part(held, seen.nodes().size(), microsSince(asked));
    }

    /** Returns once every node refuses all that was ended so far, by whomever. */
    void awaitAll() {
        RevocationLog.awaitAll(database, OPERATOR);
    }

    private long microsSince(Instant asked) {
        return Duration.between(asked, clock.instant()).toNanos() / 1000;
    }

    private Ends end(
            Handle handle,
            TenantId tenant,
            Collection<SessionRef> refs,
            String reason,
            Instant undoUntil,
            By by) {
        Instant now = clock.instant();
        List<Session> live =
                tiers.store().find(handle, tenant, refs).stream()
                        .filter(s -> s.over(tiers.lastSeen().of(s), now).isEmpty())
                        .toList();
        if (live.isEmpty()) {
            RevocationLog.restOnAll(handle); // others may have ended them just now
            return new Ends(Map.of(), List.of(), List.of());
        }
        Map<SessionRef, List<SessionKey>> older =
                tiers.store()
                        .replacedKeys(
                                handle, tenant, live.stream().map(Session::ref).toList(), now);
        int keys = live.size() + older.values().stream().mapToInt(List::size).sum();
        long number = RevocationLog.take(handle, keys);
        List<RevocationLog.Row> rows = new ArrayList<>();
        Map<SessionRef, Ended> ends = new LinkedHashMap<>();
        List<AuditEntry> entries = new ArrayList<>();
        for (Session session : live) {
            for (SessionKey key : older.getOrDefault(session.ref(), List.of())) {
                rows.add(new RevocationLog.Row(number++, key, session.user().id()));
            }
            rows.add(new RevocationLog.Row(number, session.key(), session.user().id()));
            ends.put(session.ref(), new Ended(now, number++, reason, by.actor(), undoUntil));
            entries.add(about("session.revoked", session, by, now).because(reason, null));
        }
        RevocationLog.append(handle, "session", rows, now, reason, by.actor());
        tiers.store().end(handle, tenant, ends, now);
        audit.append(handle, entries);
        return new Ends(ends, rows, live.stream().map(s -> s.ref().value()).toList());
    }

    private static AuditEntry about(String kind, Session session, By by, Instant now) {
        return AuditEntry.of(session.tenant(), now, kind, by.actor())
                .user(session.user().id().value())
                .session(session.ref().value())
                .request(by.requestId());
    }

    /** On the writer's thread, after the commit and before the answer. */
    private void applied(
            Ends done,
            String job,
            TenantId tenant,
            String reason,
            Instant undoUntil,
            By by,
            Instant asked) {
        if (done.rows().isEmpty()) {
            return;
        }
        for (RevocationLog.Row row : done.rows()) {
            tiers.drop(new Revocation.OfSession(row.number(), row.session()));
        }
        news.revoked(
                new SessionNews.Many(
                        job, tenant, done.live(), done.last(), done.live().size(), by.actor()),
                reason,
                microsSince(asked),
                undoUntil,
                List.of(new NodeApplied(witness.node(), clock.instant())));
    }

    private record Restored(List<RevocationLog.Row> rows, List<String> refs, long live) {}

    /**
     * Takes the ends of held sessions of one tenant back.
     *
     * @param asked when that was asked for: holds that were not over then count
     * @return how many were restored; the others were ended otherwise meanwhile
     */
    long restore(String job, TenantId tenant, List<Held> held, Instant asked, By by) {
        Restored done =
                database.write(
                        OPERATOR,
                        "restoring many sessions",
                        handle -> restore(handle, tenant, held, asked, by),
                        restored -> {
                            for (RevocationLog.Row row : restored.rows()) {
                                tiers.tombstones()
                                        .committed(
                                                new Revocation.OfSession(
                                                        row.number(), row.session()));
                            }
                            if (!restored.rows().isEmpty()) {
                                news.restored(
                                        new SessionNews.Many(
                                                job,
                                                tenant,
                                                restored.refs(),
                                                restored.rows().getLast().number(),
                                                restored.live(),
                                                by.actor()));
                            }
                        });
        return done.rows().size();
    }

    private Restored restore(
            Handle handle, TenantId tenant, List<Held> held, Instant asked, By by) {
        Instant now = clock.instant();
        Map<SessionRef, Long> numbers =
                held.stream().collect(Collectors.toMap(Held::ref, Held::number));
        Map<SessionRef, Ended> ends = new LinkedHashMap<>();
        for (Session session : tiers.store().find(handle, tenant, numbers.keySet())) {
            Ended ended = session.ended();
            if (ended != null && isHeld(ended, numbers.get(session.ref()), asked)) {
                ends.put(session.ref(), ended);
            }
        }
        if (ends.isEmpty()) {
            return new Restored(List.of(), List.of(), 0);
        }
        tiers.store().restore(handle, tenant, ends.keySet());
        List<Session> again = new ArrayList<>();
        Map<SessionRef, Ended> stay = new LinkedHashMap<>();
        for (Session session : tiers.store().find(handle, tenant, ends.keySet())) {
            if (session.ended() == null) {
                again.add(session);
            } else {
                // Its user, its tenant or everything was ended while it was held: that stands.
                stay.put(session.ref(), ends.get(session.ref()));
            }
        }
        if (!stay.isEmpty()) {
            tiers.store().end(handle, tenant, stay, now);
        }
        if (again.isEmpty()) {
            return new Restored(List.of(), List.of(), 0);
        }
        long number = RevocationLog.take(handle, again.size());
        List<RevocationLog.Row> rows = new ArrayList<>();
        List<AuditEntry> entries = new ArrayList<>();
        long live = 0;
        for (Session session : again) {
            rows.add(new RevocationLog.Row(number++, session.key(), session.user().id()));
            entries.add(about("session.restored", session, by, now));
            live += session.over(tiers.lastSeen().of(session), now).isEmpty() ? 1 : 0;
        }
        RevocationLog.append(handle, "undo", rows, now, "", by.actor());
        audit.append(handle, entries);
        return new Restored(rows, again.stream().map(s -> s.ref().value()).toList(), live);
    }

    /** Whether it is the end with that number, and was held at that instant. */
    private static boolean isHeld(Ended ended, @Nullable Long number, Instant asked) {
        Instant undoUntil = ended.undoUntil();
        return number != null
                && ended.number() == number
                && undoUntil != null
                && asked.isBefore(undoUntil);
    }
}
