package drawbridge.server.judge;

import drawbridge.model.DeviceEvidence;
import drawbridge.model.IpAddress;
import drawbridge.model.Signal;
import drawbridge.server.session.Signals;

import org.jspecify.annotations.Nullable;

/**
 * How a call's signals compare with those recorded at login, without the values. All that the
 * judgement on signals needs, so that a call can be judged again later under other rules.
 *
 * @param ip the addresses
 * @param device the devices
 * @param agent the user agents
 * @param evidence the best evidence of the device that both have; null when there is none
 */
public record Comparison(Match ip, Match device, Match agent, @Nullable DeviceEvidence evidence) {
    /** How two values of one signal compare. */
    public enum Match {
        /** They are the same. */
        SAME,
        /** Two addresses of one network, /24 or /64. */
        SAME_NETWORK,
        /** They are not the same. */
        DIFFERS,
        /** The call does not have it. */
        NOT_SENT,
        /** The call has it, the session does not. */
        NOT_RECORDED
    }

    /** Compares. */
    public static Comparison of(Signals recorded, Signals seen) {
        return new Comparison(
                addresses(recorded.ip(), seen.ip()),
                devices(recorded, seen),
                values(recorded.agent(), seen.agent()),
                recorded.comparable(seen).orElse(null));
    }

    private static Match addresses(@Nullable IpAddress recorded, @Nullable IpAddress seen) {
        Match match = values(recorded, seen);
        if (match != Match.DIFFERS || recorded == null || seen == null) {
            return match;
        }
        int bits = recorded.isIpv4() ? IpMatch.IPV4_BITS : IpMatch.IPV6_BITS;
        return recorded.sharesPrefix(seen, bits) ? Match.SAME_NETWORK : Match.DIFFERS;
    }

    /** A device is the same when all evidence that both have of it is. */
    private static Match devices(Signals recorded, Signals seen) {
        if (recorded.differsInDevice(seen)) {
            return Match.DIFFERS;
        }
        if (recorded.comparable(seen).isPresent()) {
            return Match.SAME;
        }
        // What the call shows of a device may be of another kind than what was recorded.
        return seen.evidence().isEmpty() || recorded.evidence().isPresent()
                ? Match.NOT_SENT
                : Match.NOT_RECORDED;
    }

    private static Match values(@Nullable Object recorded, @Nullable Object seen) {
        if (seen == null) {
            return Match.NOT_SENT;
        }
        if (recorded == null) {
            return Match.NOT_RECORDED;
        }
        return recorded.equals(seen) ? Match.SAME : Match.DIFFERS;
    }

    /** How the values of that signal compare. */
    public Match of(Signal signal) {
        return switch (signal) {
            case IP -> ip;
            case DEVICE -> device;
            case AGENT -> agent;
        };
    }
}
