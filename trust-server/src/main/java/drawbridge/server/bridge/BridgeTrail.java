package drawbridge.server.bridge;

import drawbridge.model.Signal;
import drawbridge.model.TenantId;
import drawbridge.model.ValidationMode;
import drawbridge.model.event.ServerEvent;
import drawbridge.model.view.TimelineEntry;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.RefusalQueue;
import drawbridge.server.event.EventHub;
import drawbridge.server.judge.Verdict;
import drawbridge.server.judge.Verdict.Reason;
import drawbridge.server.judge.Verdict.Refused;
import drawbridge.server.judge.Verdict.Trusted;
import drawbridge.server.judge.Verdict.Undecided;
import drawbridge.server.metrics.Meters;
import drawbridge.server.session.Found;
import drawbridge.server.session.LastSeen;
import drawbridge.server.session.ReuseWatch;
import drawbridge.server.session.Session;
import drawbridge.server.session.SessionCache;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * What a verdict leaves behind: counts, when the session was last seen, its trail, and for refusals
 * an audit row and an event. Never waits, never touches the database. Safe for many threads.
 */
public final class BridgeTrail {
    private final Meters meters;
    private final SessionCache memory;
    private final LastSeen lastSeen;
    private final SessionTrail sessions;
    private final RefusalQueue refusals;
    private final EventHub events;
    private final ReuseWatch reuse;
    private final RefusalRate rate;

    /** Assembled by the wiring. */
    public BridgeTrail(
            Meters meters,
            SessionCache memory,
            LastSeen lastSeen,
            SessionTrail sessions,
            RefusalQueue refusals,
            EventHub events,
            ReuseWatch reuse) {
        this.meters = meters;
        this.memory = memory;
        this.lastSeen = lastSeen;
        this.sessions = sessions;
        this.refusals = refusals;
        this.events = events;
        this.reuse = reuse;
        this.rate = new RefusalRate(events);
    }

    /** Leaves a verdict's traces. */
    public void leave(BridgeCall call, ValidationMode mode, Verdict verdict, Instant now) {
        switch (verdict) {
            case Trusted trusted -> trusted(call, trusted, now);
            case Refused refused -> refused(call, mode, refused, now);
            case Undecided undecided -> meters.refused("undecided");
        }
    }

    private void trusted(BridgeCall call, Trusted trusted, Instant now) {
        Found found = trusted.found();
        Session session = found.session();
        meters.trusted(trusted.notCompared().size());
        meters.served(found.source());
        memory.touch(session.key(), now);
        lastSeen.note(session, now, trusted.mode());
        sessions.note(
                session.ref().value(),
                entry(call, "trusted", trusted.mode(), found, null, null, now));
    }

    private void refused(BridgeCall call, ValidationMode mode, Refused refused, Instant now) {
        Found found = refused.found();
        String reason = refused.reason().wireName();
        Signal at = refused.signal();
        String signal = at == null ? null : at.wireName();
        meters.refused(reason);
        if (found != null) {
            meters.served(found.source());
            sessions.note(
                    found.session().ref().value(),
                    entry(call, "refused", mode, found, reason, signal, now));
            if (refused.reason() == Reason.REPLACED) {
                reuse.seen(found.session(), call.requestId());
            }
        }
        String ref = found == null ? null : found.session().ref().value();
        String user = found == null ? null : found.session().user().id().value();
        refusals.offer(
                AuditEntry.of(
                                call.caller().tenant(),
                                now,
                                "validation.refused",
                                "caller:" + call.caller().name())
                        .user(user)
                        .session(ref)
                        .from(call.signals().ip(), Agents.masked(call.signals().agent()))
                        .call(call.route(), mode.name())
                        .because(reason, signal)
                        .request(call.requestId()));
        rate.publish(
                now,
                (seq, at2) ->
                        new ServerEvent.SessionRefused(
                                seq,
                                at2,
                                ref,
                                user,
                                found == null ? null : found.session().user().email(),
                                call.caller().tenant().value(),
                                call.caller().name(),
                                reason,
                                signal,
                                call.route(),
                                mode.name(),
                                call.ip(),
                                call.requestId()));
    }

    /** A call whose secret is nobody's. */
    public void unknownCaller(@Nullable String ip, String requestId, Instant now) {
        String reason = Reason.UNKNOWN_CALLER.wireName();
        meters.refused(reason);
        refusals.offer(
                AuditEntry.of(TenantId.DEFAULT, now, "bridge.refused", "unknown")
                        .because(reason, null)
                        .request(requestId));
        rate.publish(
                now,
                (seq, at) ->
                        new ServerEvent.SessionRefused(
                                seq, at, null, null, null, null, null, reason, null, null, null, ip,
                                requestId));
    }

    /** Tells how many refusals were not sent one by one, if any. Called once a second. */
    public void tellOmitted() {
        long omitted = rate.takeOmitted();
        if (omitted > 0) {
            events.publish((seq, at) -> new ServerEvent.RefusalsOmitted(seq, at, omitted));
        }
    }

    private static TimelineEntry entry(
            BridgeCall call,
            String kind,
            ValidationMode mode,
            Found found,
            @Nullable String reason,
            @Nullable String signal,
            Instant now) {
        return new TimelineEntry(
                now,
                kind,
                call.caller().name(),
                call.ip(),
                Agents.masked(call.signals().agent()),
                call.route(),
                mode.name(),
                found.source().wireName(),
                reason,
                signal,
                call.requestId());
    }
}
