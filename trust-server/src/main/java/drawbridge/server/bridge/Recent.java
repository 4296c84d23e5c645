package drawbridge.server.bridge;

import drawbridge.model.IpNetwork;
import drawbridge.model.SessionSource;
import drawbridge.model.Signal;
import drawbridge.model.ValidationMode;
import drawbridge.server.judge.Comparison;
import drawbridge.server.judge.Verdict.Reason;
import drawbridge.server.session.DeviceHash;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * A bridge call that was answered lately, as far as it may be remembered: signals as keyed hashes,
 * networks and masked texts, never a session id.
 */
public sealed interface Recent {
    /** When. */
    Instant at();

    /** The request; callers may choose one twice. */
    String requestId();

    /** How a call ended that came from a known caller. */
    enum Ending {
        TRUSTED,
        REFUSED,
        UNDECIDED,
        RATE_LIMITED
    }

    /**
     * A call whose caller is known.
     *
     * @param method the route's method; null when not told
     * @param path the route's path; null when not told
     * @param asked the mode asked for; null when none was
     * @param ruling how strictly it was judged
     * @param ending how it ended
     * @param reason why it was refused; null when it was not
     * @param signal the signal at fault; null when none is
     * @param session the session; null when none was found, or none was looked for
     * @param sent what the call showed
     */
    record Judged(
            Instant at,
            String requestId,
            Caller caller,
            @Nullable String method,
            @Nullable String path,
            @Nullable ValidationMode asked,
            Ruling ruling,
            Ending ending,
            @Nullable Reason reason,
            @Nullable Signal signal,
            @Nullable Seen session,
            Shown sent)
            implements Recent {
        /** Method and path for people to read. */
        public String route() {
            return (method == null ? "?" : method) + " " + (path == null ? "?" : path);
        }
    }

    /**
     * A call that nobody's secret came with.
     *
     * @param caller the caller whose secret it was, from where it may not be used; null when the
     *     secret is nobody's
     */
    record TurnedAway(Instant at, String requestId, @Nullable Caller caller) implements Recent {}

    /**
     * A session as a call met it.
     *
     * @param ref its public reference
     * @param userId its user
     * @param source the tier that served it
     * @param openedNumber the revocation log's number when it was opened
     * @param createdAt when it was opened
     * @param compared how the signals compare
     * @param recorded what was recorded at login, as far as it differs from what the call showed
     */
    record Seen(
            String ref,
            String userId,
            SessionSource source,
            long openedNumber,
            Instant createdAt,
            Comparison compared,
            Shown recorded) {}

    /**
     * Signals as far as they may be remembered.
     *
     * @param network the address's network, /24 or /64; null when there is no address
     * @param device the keyed hash of the device; null when there is none
     * @param agent the masked user agent; null when there is none
     * @param address part of a keyed hash of the address, to tell addresses apart; 0 when there is
     *     none
     */
    record Shown(
            @Nullable IpNetwork network,
            @Nullable DeviceHash device,
            @Nullable String agent,
            long address) {}
}
