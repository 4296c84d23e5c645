package drawbridge.server.bridge;

import drawbridge.model.IpAddress;
import drawbridge.model.Signal;
import drawbridge.model.TenantId;
import drawbridge.model.ValidationMode;
import drawbridge.model.event.ServerEvent;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.RefusalQueue;
import drawbridge.server.bridge.CallerUse.Weakness;
import drawbridge.server.event.EventHub;
import drawbridge.server.judge.Verdict;
import drawbridge.server.judge.Verdict.Limited;
import drawbridge.server.judge.Verdict.Reason;
import drawbridge.server.judge.Verdict.Refused;
import drawbridge.server.judge.Verdict.Trusted;
import drawbridge.server.judge.Verdict.Undecided;
import drawbridge.server.metrics.Meters;
import drawbridge.server.policy.RouteTable.Why;
import drawbridge.server.policy.RouteUse;
import drawbridge.server.session.Found;
import drawbridge.server.session.LastSeen;
import drawbridge.server.session.Session;
import drawbridge.server.session.SessionCache;
import drawbridge.server.session.Suspicions;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * What a verdict leaves behind: counts, when the session was last seen, its trail, and for refusals
 * an audit row and an event. Never waits, never touches the database. Safe for many threads.
 */
public final class BridgeTrail {
    private static final String RATE_LIMITED = "rate_limited";
    private static final String UNDECIDED = "undecided";

    private final Meters meters;
    private final SessionCache memory;
    private final LastSeen lastSeen;
    private final SessionTrail sessions;
    private final RefusalQueue refusals;
    private final EventHub events;
    private final Suspicions suspicions;
    private final RefusalRate rate;
    private final RecentValidations recent;
    private final CallerUse use;

    /** What is kept in memory for those who look later. */
    public record Memories(SessionTrail sessions, RecentValidations recent, CallerUse use) {}

    /** Assembled by the wiring. */
    public BridgeTrail(
            Meters meters,
            SessionCache memory,
            LastSeen lastSeen,
            Memories memories,
            RefusalQueue refusals,
            EventHub events,
            Suspicions suspicions) {
        this.meters = meters;
        this.memory = memory;
        this.lastSeen = lastSeen;
        this.sessions = memories.sessions();
        this.recent = memories.recent();
        this.use = memories.use();
        this.refusals = refusals;
        this.events = events;
        this.suspicions = suspicions;
        this.rate = new RefusalRate(events);
    }

    /** Leaves a verdict's traces. */
    public void leave(BridgeCall call, Ruling ruling, Verdict verdict, Instant now) {
        recent.note(call, ruling, verdict, now);
        ruling.table().use(ruling.decision()).count(refusal(verdict), now);
        weaknesses(call, ruling, now);
        ValidationMode mode = ruling.mode();
        switch (verdict) {
            case Trusted trusted -> trusted(call, trusted, now);
            case Refused refused -> refused(call, mode, refused, now);
            case Undecided undecided -> meters.refused(UNDECIDED);
            case Limited limited -> refused(call, mode, RATE_LIMITED, null, null, now);
        }
    }

    private static RouteUse.@Nullable Refusal refusal(Verdict verdict) {
        return switch (verdict) {
            case Trusted _ -> null;
            case Refused refused -> {
                Signal at = refused.signal();
                yield new RouteUse.Refusal(
                        refused.reason().wireName(), at == null ? "" : at.wireName());
            }
            case Undecided _ -> new RouteUse.Refusal(UNDECIDED, "");
            case Limited _ -> new RouteUse.Refusal(RATE_LIMITED, "");
        };
    }

    private void weaknesses(BridgeCall call, Ruling ruling, Instant now) {
        if (ruling.decision().why() == Why.NOT_TOLD) {
            use.weakness(call.caller(), Weakness.ROUTE_NOT_TOLD, now);
        } else if (ruling.decision().why() == Why.AMBIGUOUS) {
            use.weakness(call.caller(), Weakness.ROUTE_AMBIGUOUS, now);
        }
    }

    private void trusted(BridgeCall call, Trusted trusted, Instant now) {
        Found found = trusted.found();
        Session session = found.session();
        meters.trusted(trusted.notCompared().size());
        if (!trusted.notCompared().isEmpty()) {
            use.weakness(call.caller(), Weakness.SIGNAL_NOT_SENT, now);
        }
        meters.served(found.source());
        memory.touch(session.key(), now);
        lastSeen.note(session, now, trusted.mode());
        sessions.trusted(call, trusted.mode(), found, now);
    }

    private void refused(BridgeCall call, ValidationMode mode, Refused refused, Instant now) {
        Signal at = refused.signal();
        refused(
                call,
                mode,
                refused.reason().wireName(),
                at == null ? null : at.wireName(),
                refused.found(),
                now);
        Found found = refused.found();
        if (found != null) {
            suspect(refused.reason(), found.session(), call.requestId());
        }
    }

    private void refused(
            BridgeCall call,
            ValidationMode mode,
            String reason,
            @Nullable String signal,
            @Nullable Found found,
            Instant now) {
        meters.refused(reason);
        if (found != null) {
            meters.served(found.source());
            sessions.refused(
                    found.session().ref().value(),
                    Visit.of(call, false, mode, found, reason, signal, now));
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

    private void suspect(Reason reason, Session session, String requestId) {
        if (reason == Reason.REPLACED) {
            suspicions.reused(session, requestId);
        } else if (reason == Reason.SIGNAL_DIFFERS) {
            suspicions.differed(session, requestId);
        }
    }

    /**
     * A call that is turned away before it is read.
     *
     * @param caller the caller whose secret it came with, from where that may not be used; null
     *     when the secret is nobody's
     */
    public void turnedAway(@Nullable Caller caller, IpAddress from, String requestId, Instant now) {
        String reason = caller == null ? Reason.UNKNOWN_CALLER.wireName() : "network_not_allowed";
        TenantId tenant = caller == null ? TenantId.DEFAULT : caller.tenant();
        String actor = caller == null ? "unknown" : "caller:" + caller.name();
        meters.refused(reason);
        recent.turnedAway(requestId, caller, now);
        refusals.offer(
                AuditEntry.of(tenant, now, "bridge.refused", actor)
                        .from(from, null)
                        .because(reason, null)
                        .request(requestId));
        rate.publish(
                now,
                (seq, at) ->
                        new ServerEvent.SessionRefused(
                                seq,
                                at,
                                null,
                                null,
                                null,
                                caller == null ? null : tenant.value(),
                                caller == null ? null : caller.name(),
                                reason,
                                null,
                                null,
                                null,
                                from.toString(),
                                requestId));
    }

    /** Tells how many refusals were not sent one by one, if any. Called once a second. */
    public void tellOmitted() {
        long omitted = rate.takeOmitted();
        if (omitted > 0) {
            events.publish((seq, at) -> new ServerEvent.RefusalsOmitted(seq, at, omitted));
        }
    }
}
