package drawbridge.console.model;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * Something worth reading, or several of the same kind in one.
 *
 * @param kind what happened
 * @param firstAt when the first of them did
 * @param lastAt when the last of them did
 * @param count how many they are
 * @param ref the session; null when none or several
 * @param userId the user; null when unknown
 * @param email the user's address; null when unknown
 * @param ip the address it came from; null when unknown
 * @param reason the reason's code, an administrator's words, or what an alert says; empty when
 *     there is none
 * @param signal the signal at fault; null when none is
 * @param where the route, or the caller where there is no route; the source, node or alert
 *     concerned; empty when none is
 * @param tookMicros how long a revocation took; 0 otherwise
 */
public record Happening(
        Kind kind,
        Instant firstAt,
        Instant lastAt,
        long count,
        @Nullable String ref,
        @Nullable String userId,
        @Nullable String email,
        @Nullable String ip,
        String reason,
        @Nullable String signal,
        String where,
        long tookMicros) {

    /** The kinds, each of which is told in its own sentence. */
    public enum Kind {
        REFUSED,
        REFUSALS_OMITTED,
        REVOKED,
        USER_REVOKED,
        MANY_REVOKED,
        LOGGED_OUT,
        RESTORED,
        LOGIN_REFUSED,
        SOURCE_DOWN,
        SOURCE_UP,
        ALERT_CRITICAL,
        ALERT_WARNING,
        ALERT_CLEARED,
        NOTICE_INFO,
        NOTICE_WARNING,
        NOTICE_ERROR;

        /** Whether an alert began or ended. */
        public boolean isOfAlert() {
            return this == ALERT_CRITICAL || this == ALERT_WARNING || this == ALERT_CLEARED;
        }
    }
}
