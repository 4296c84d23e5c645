package drawbridge.server.audit;

import drawbridge.model.IpAddress;
import drawbridge.model.TenantId;
import drawbridge.server.request.RequestId;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * Something that changed trust, or was refused. Holds no secret, no session id and no password.
 *
 * @param tenant whose log it belongs to
 * @param at when
 * @param kind stable, such as {@code session.opened}
 * @param actor {@code user}, {@code admin}, {@code server}, {@code caller:NAME}, or {@code user:ID}
 *     for a user who acts on another
 * @param userId the user concerned; null when none is known
 * @param ref the session concerned; null when none is
 * @param ip the address it came from; null when none is known
 * @param agent the agent, shortened; null when none is known
 * @param route method and path; null when none
 * @param mode the validation mode; null when none was applied
 * @param reason why; null when there is nothing to say
 * @param signal the signal at fault; null when none is
 * @param requestId the request; null when it was no request
 * @param detail what else is worth knowing, such as {@code version 3 of caller shop}; null when
 *     nothing is
 */
public record AuditEntry(
        TenantId tenant,
        Instant at,
        String kind,
        String actor,
        @Nullable String userId,
        @Nullable String ref,
        @Nullable IpAddress ip,
        @Nullable String agent,
        @Nullable String route,
        @Nullable String mode,
        @Nullable String reason,
        @Nullable String signal,
        @Nullable String requestId,
        @Nullable String detail) {

    /**
     * An entry with its four necessary parts and the request it is written in; the others add more.
     */
    public static AuditEntry of(TenantId tenant, Instant at, String kind, String actor) {
        return new AuditEntry(
                tenant,
                at,
                kind,
                actor,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                RequestId.current().orElse(null),
                null);
    }

    /** The same, about that user. */
    public AuditEntry user(@Nullable String id) {
        return new AuditEntry(
                tenant, at, kind, actor, id, ref, ip, agent, route, mode, reason, signal, requestId,
                detail);
    }

    /** The same, about that session. */
    public AuditEntry session(@Nullable String sessionRef) {
        return new AuditEntry(
                tenant,
                at,
                kind,
                actor,
                userId,
                sessionRef,
                ip,
                agent,
                route,
                mode,
                reason,
                signal,
                requestId,
                detail);
    }

    /** The same, from there. */
    public AuditEntry from(@Nullable IpAddress address, @Nullable String userAgent) {
        return new AuditEntry(
                tenant, at, kind, actor, userId, ref, address, userAgent, route, mode, reason,
                signal, requestId, detail);
    }

    /** The same, for a call to that route, judged by that mode. */
    public AuditEntry call(@Nullable String calledRoute, @Nullable String byMode) {
        return new AuditEntry(
                tenant,
                at,
                kind,
                actor,
                userId,
                ref,
                ip,
                agent,
                calledRoute,
                byMode,
                reason,
                signal,
                requestId,
                detail);
    }

    /** The same, because of that. */
    public AuditEntry because(@Nullable String why, @Nullable String signalAtFault) {
        return new AuditEntry(
                tenant,
                at,
                kind,
                actor,
                userId,
                ref,
                ip,
                agent,
                route,
                mode,
                why,
                signalAtFault,
                requestId,
                detail);
    }

    /** The same, in that request. */
    public AuditEntry request(@Nullable String id) {
        return new AuditEntry(
                tenant, at, kind, actor, userId, ref, ip, agent, route, mode, reason, signal, id,
                detail);
    }

    /** The same, with that said besides. */
    public AuditEntry detail(@Nullable String more) {
        return new AuditEntry(
                tenant, at, kind, actor, userId, ref, ip, agent, route, mode, reason, signal,
                requestId, more);
    }
}
