package drawbridge.server.session;

import drawbridge.model.IpAddress;

import org.jspecify.annotations.Nullable;

/**
 * What a request showed of where it came from, either recorded at login or reported in a bridge
 * call.
 *
 * @param ip the client's address; null when none was sent
 * @param device the keyed hash of its device; null when none was told
 * @param evidence how sure the device is; null when there is none, and only then
 * @param agent its user agent as sent, never empty; null when none was sent
 */
public record Signals(
        @Nullable IpAddress ip,
        @Nullable DeviceHash device,
        @Nullable DeviceEvidence evidence,
        @Nullable String agent) {
    /** Nothing was sent. */
    public static final Signals NONE = new Signals(null, null, null);

    public Signals {
        if ((device == null) != (evidence == null)) {
            throw new IllegalArgumentException("a device and its evidence go together");
        }
    }

    /** Signals whose device, if there is one, was only told. */
    public Signals(@Nullable IpAddress ip, @Nullable DeviceHash device, @Nullable String agent) {
        this(ip, device, device == null ? null : DeviceEvidence.TOLD, agent);
    }
}
