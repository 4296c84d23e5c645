package drawbridge.server.http;

import drawbridge.model.ProblemCode;
import drawbridge.model.Signal;
import drawbridge.server.judge.Verdict;
import drawbridge.server.judge.Verdict.Refused;
import drawbridge.server.judge.Verdict.Trusted;
import drawbridge.server.session.Session;
import drawbridge.server.session.UserFacts;
import drawbridge.server.session.UserProfile;
import drawbridge.server.storage.StoreUnavailableException;

import io.javalin.http.Context;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

import java.time.Duration;
import java.time.Instant;

/** Turns outcomes into status and body, in the spellings the public clients read. */
final class Answers {
    private Answers() {}

    /** Answers JSON that nobody may keep. */
    static void json(Context ctx, int status, Object body) {
        bytes(ctx, status, Json.write(body));
    }

    private static void bytes(Context ctx, int status, byte[] body) {
        ctx.status(status);
        ctx.contentType("application/json");
        ctx.header("Cache-Control", "no-store");
        ctx.result(body);
    }

    /**
     * Answers an error. The request id stands in the body only where somebody will look for it in
     * our log.
     */
    static void problem(
            Context ctx,
            ProblemCode code,
            String message,
            @Nullable String field,
            String requestId) {
        json(
                ctx,
                code.status(),
                problem(code, message, field, code.status() >= 500 ? requestId : null));
    }

    /** An error as {@link drawbridge.model.Problem} has it; what is null is left out. */
    static ObjectNode problem(
            ProblemCode code, String message, @Nullable String field, @Nullable String requestId) {
        ObjectNode body = Json.object();
        body.put("success", false);
        body.put("error", message);
        body.put("message", message);
        body.put("code", code.name());
        if (field != null) {
            body.put("field", field);
        }
        if (requestId != null) {
            body.put("requestId", requestId);
        }
        return body;
    }

    /** Sends an answer that is ready. */
    static void send(Context ctx, Reply reply) {
        if (reply.retryAfterSeconds() > 0) {
            ctx.header("Retry-After", Long.toString(reply.retryAfterSeconds()));
        }
        bytes(ctx, reply.status(), reply.body());
    }

    /** An error, ready to be sent. */
    static Reply problem(ProblemException e, String requestId) {
        return problem(e.code(), e.getMessage(), e.field(), requestId, e.retryAfterSeconds());
    }

    private static Reply problem(
            ProblemCode code,
            String message,
            @Nullable String field,
            String requestId,
            long retryAfterSeconds) {
        return new Reply(
                code.status(),
                Json.write(problem(code, message, field, code.status() >= 500 ? requestId : null)),
                retryAfterSeconds);
    }

    /** Nothing could be decided. */
    static Reply unavailable(String store, String requestId) {
        return undone("the " + store + " does not answer; nothing was decided", requestId);
    }

    /** Nothing was done, for that reason. */
    static Reply unavailable(StoreUnavailableException e, String requestId) {
        return e.isFull()
                ? undone(
                        "the disk of the " + e.store() + " is full; nothing was changed", requestId)
                : unavailable(e.store(), requestId);
    }

    private static Reply undone(String message, String requestId) {
        return problem(ProblemCode.STORE_UNAVAILABLE, message, null, requestId, 1);
    }

    /** It may have been done, and may be asked for once more. */
    static Reply pending(StoreUnavailableException e, String requestId) {
        return problem(
                ProblemCode.REVOCATION_PENDING,
                e.isFull()
                        ? "the disk of the %s is full; repeat the revocation once there is room, that is safe"
                                .formatted(e.store())
                        : "the revocation could not be confirmed; repeat it, that is safe",
                null,
                requestId,
                1);
    }

    /** Something went wrong here. */
    static Reply fault(String requestId) {
        return problem(
                ProblemCode.INTERNAL_ERROR,
                JettyErrors.text(ProblemCode.INTERNAL_ERROR),
                null,
                requestId,
                0);
    }

    /** The answer to a bridge call that was not trusted. */
    static Reply untrusted(Verdict verdict, String requestId) {
        return switch (verdict) {
            case Trusted _ -> throw new IllegalArgumentException("it is trusted");
            case Refused refused -> Reply.of(401, refused(refused));
            case Verdict.Undecided undecided -> unavailable(undecided.store(), requestId);
            // Up to the next second, so that whoever waits so long is not too early again.
            case Verdict.Limited(Duration retryAfter) ->
                    problem(
                            ProblemCode.TOO_MANY_REQUESTS,
                            "this caller asks for this route more often than its rule allows",
                            null,
                            requestId,
                            Math.max(1, retryAfter.plusSeconds(1).minusNanos(1).toSeconds()));
        };
    }

    private static ObjectNode refused(Refused refused) {
        String error = error(refused);
        ObjectNode body = Json.object();
        body.put("success", false);
        body.put("valid", false);
        body.put("error", error);
        body.put("message", error);
        body.put("code", code(refused).name());
        body.put("reason", refused.reason().wireName());
        Signal signal = refused.signal();
        if (signal != null) {
            body.put("signal", signal.wireName());
        }
        return body;
    }

    private static ProblemCode code(Refused refused) {
        return switch (refused.reason()) {
            case UNKNOWN_CALLER -> ProblemCode.INVALID_BRIDGE_SECRET;
            case NO_SESSION -> ProblemCode.INVALID_SESSION;
            case NOT_FULLY_LOGGED_IN -> ProblemCode.TWO_FACTOR_REQUIRED;
            case REVOKED, REPLACED -> ProblemCode.SESSION_REVOKED;
            case IDLE_EXPIRED, ABSOLUTE_EXPIRED -> ProblemCode.SESSION_EXPIRED;
            case SIGNAL_MISSING -> ProblemCode.SIGNAL_MISSING;
            case SIGNAL_DIFFERS -> ProblemCode.SIGNAL_DIFFERS;
            case SIGNAL_TOO_WEAK -> ProblemCode.SIGNAL_TOO_WEAK;
        };
    }

    private static String error(Refused refused) {
        Signal signal = refused.signal();
        String name = signal == null ? "Signal" : nameOf(signal);
        return switch (refused.reason()) {
            case UNKNOWN_CALLER -> "Invalid bridge secret";
            case NO_SESSION -> "Invalid or expired session";
            case NOT_FULLY_LOGGED_IN -> "Login is not complete";
            case REVOKED, REPLACED -> "Session revoked";
            case IDLE_EXPIRED, ABSOLUTE_EXPIRED -> "Session expired";
            case SIGNAL_MISSING -> name + " missing";
            case SIGNAL_DIFFERS -> name + " mismatch";
            case SIGNAL_TOO_WEAK -> name + " not proven well enough";
        };
    }

    private static String nameOf(Signal signal) {
        return switch (signal) {
            case IP -> "IP address";
            case DEVICE -> "Device ID";
            case AGENT -> "User agent";
        };
    }

    /** A user as clients read one, in both spellings. */
    static ObjectNode user(UserFacts user) {
        ObjectNode body = Json.object();
        body.put("id", user.id().value());
        body.put("email", user.email());
        body.put("name", user.name());
        both(body, "last_name", "lastName", user.lastName());
        UserProfile profile = user.profile();
        both(body, "user_name", "userName", profile.userName());
        both(body, "user_type", "userType", user.userType());
        body.put("picture", profile.picture());
        body.put("phone", profile.phone());
        body.put("is_verified", user.verified());
        body.put("isVerified", user.verified());
        body.put("two_factor", false);
        body.put("lang", user.lang());
        metadata(body, profile.metadata());
        body.putNull("organization_id");
        body.putArray("permissions");
        both(body, "created_at", "createdAt", user.createdAt().toString());
        both(body, "updated_at", "updatedAt", user.updatedAt().toString());
        return body;
    }

    /** A user as he reads himself: with what back ends are not told. */
    static ObjectNode ownUser(UserFacts user) {
        ObjectNode body = user(user);
        UserProfile profile = user.profile();
        // Left out when absent: a strict decoder takes no null for the first of these.
        putIfSaid(body, "dob", profile.dob());
        putIfSaid(body, "gender", profile.gender());
        putIfSaid(body, "reference_id", profile.referenceId());
        putIfSaid(body, "recovery_email", profile.recoveryEmail());
        putIfSaid(body, "tmz", profile.timeZone());
        return body;
    }

    private static void putIfSaid(ObjectNode body, String name, @Nullable String value) {
        if (value != null) {
            body.put(name, value);
        }
    }

    private static void metadata(ObjectNode body, String metadata) {
        if (metadata.equals(UserProfile.NO_METADATA)) {
            body.putObject("metadata");
        } else {
            body.putRawValue("metadata", new RawValue(metadata));
        }
    }

    /** A session as back ends and clients read one: by its reference, never by its id. */
    static ObjectNode session(Session session, Instant lastSeen, Instant expires) {
        ObjectNode body = sessionFacts(session);
        both(body, "expires_at", "expiresAt", expires.toString());
        both(body, "last_used_at", "lastUsedAt", lastSeen.toString());
        return body;
    }

    /** The same without the times that move. */
    static ObjectNode sessionFacts(Session session) {
        ObjectNode body = Json.object();
        body.put("id", session.ref().value());
        both(body, "user_id", "userId", session.user().id().value());
        var ip = session.recorded().ip();
        both(body, "ip_address", "ipAddress", ip == null ? null : ip.toString());
        both(body, "user_agent", "userAgent", session.recorded().agent());
        both(body, "created_at", "createdAt", session.createdAt().toString());
        body.put("two_factor_verified", 1);
        return body;
    }

    /** A new session's secret, for the client it was opened for. */
    static void newSession(ObjectNode body, String token, Instant expires) {
        both(body, "session_id", "sessionId", token);
        both(body, "expires_at", "expiresAt", expires.toString());
    }

    private static void both(ObjectNode body, String snake, String camel, @Nullable String value) {
        body.put(snake, value);
        body.put(camel, value);
    }
}
