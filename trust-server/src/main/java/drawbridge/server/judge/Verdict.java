package drawbridge.server.judge;

import drawbridge.model.Signal;
import drawbridge.model.ValidationMode;
import drawbridge.server.session.Found;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/** The answer to one bridge call. */
public sealed interface Verdict {
    /** Why a session is not trusted. */
    enum Reason {
        /** The bridge secret is missing, unknown or no longer accepted. */
        UNKNOWN_CALLER,
        /** No session with this id in the caller's tenant. */
        NO_SESSION,
        /** Login is not complete. */
        NOT_FULLY_LOGGED_IN,
        /** Revoked, logged out, or ended with its user or tenant. */
        REVOKED,
        /** Its id was replaced by a refresh, and the grace of the old one is over. */
        REPLACED,
        /** Not used for longer than its idle lifetime. */
        IDLE_EXPIRED,
        /** Older than its absolute lifetime. */
        ABSOLUTE_EXPIRED,
        /** A signal the mode needs is missing, in the call or in the session. */
        SIGNAL_MISSING,
        /** A signal differs from what was recorded at login. */
        SIGNAL_DIFFERS,
        /** The device matches, but the route asks for stronger evidence of it. */
        SIGNAL_TOO_WEAK;

        /** The name on the wire, in lower case. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The session may be trusted for this call.
     *
     * @param found the session and the tier that served it
     * @param mode the mode it passed
     * @param notCompared signals of the mode that were missing and not compared; empty unless the
     *     caller may
     */
    record Trusted(Found found, ValidationMode mode, Set<Signal> notCompared) implements Verdict {
        public Trusted {
            notCompared = Set.copyOf(notCompared);
        }
    }

    /**
     * It may not.
     *
     * @param reason why
     * @param signal the signal at fault; null unless the reason is about one
     * @param found the session; null when there is none
     * @param mode the mode it failed; null when it did not come to that
     */
    record Refused(
            Reason reason,
            @Nullable Signal signal,
            @Nullable Found found,
            @Nullable ValidationMode mode)
            implements Verdict {
        /** A refusal before any session was found. */
        public static Refused because(Reason reason) {
            return new Refused(reason, null, null, null);
        }
    }

    /** Nobody can know: a store that is needed did not answer. */
    record Undecided(String store) implements Verdict {}

    /** Nobody looked: the caller asks more often than the route's rule allows. */
    record Limited(Duration retryAfter) implements Verdict {}
}
