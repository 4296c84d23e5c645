package drawbridge.server.judge;

import drawbridge.model.IpAddress;
import drawbridge.model.Signal;
import drawbridge.server.session.DeviceEvidence;
import drawbridge.server.session.Signals;

import org.jspecify.annotations.Nullable;

/**
 * How a call's signals compare with those recorded at login, without the values. All that the
 * judgement on signals needs, so that a call can be judged again later under other rules.
 *
 * @param ip the addresses
 * @param device the devices
 * @param agent the user agents
 * @param evidence how sure the recorded device is; null when none was recorded
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
                values(recorded.device(), seen.device()),
                values(recorded.agent(), seen.agent()),
                recorded.evidence());
    }

    private static Match addresses(@Nullable IpAddress recorded, @Nullable IpAddress seen) {
        Match match = values(recorded, seen);
        if (match != Match.DIFFERS || recorded == null || seen == null) {
            return match;
        }
        int bits = recorded.isIpv4() ? IpMatch.IPV4_BITS : IpMatch.IPV6_BITS;
        return recorded.sharesPrefix(seen, bits) ? Match.SAME_NETWORK : Match.DIFFERS;
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
