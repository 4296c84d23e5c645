package drawbridge.kit;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.time.Instant;

/** What the trust server says of a session. Only {@link Trusted} lets a request pass. */
public sealed interface Answer {
    /**
     * The session is good for this request.
     *
     * @param userId whose it is
     * @param email the user's address
     * @param userType such as {@code user} or {@code admin}
     * @param sessionRef the session's public name; safe to log
     * @param expiresAt when it ends if it is not used again
     * @param body everything the server told, in its spelling
     */
    record Trusted(
            String userId,
            String email,
            String userType,
            String sessionRef,
            Instant expiresAt,
            JsonNode body)
            implements Answer {}

    /**
     * It is not: the client must log in again, or is somebody else.
     *
     * @param code stable, such as {@code SESSION_REVOKED}
     * @param error for people
     * @param signal the signal at fault; null when none is
     */
    record Refused(String code, String error, @Nullable String signal) implements Answer {}

    /**
     * Nobody knows: the server cannot be reached, or cannot be sure itself. Never let a request
     * pass on this; answer 503.
     *
     * @param why for the log
     * @param retryAfter when it is worth trying again
     */
    record Unsure(String why, Duration retryAfter) implements Answer {}
}
