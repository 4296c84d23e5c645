package drawbridge.server.session;

import drawbridge.model.DeviceEvidence;
import drawbridge.model.IpAddress;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * What a request showed of where it came from, either recorded at login or reported in a bridge
 * call.
 *
 * @param ip the client's address; null when none was sent
 * @param device the keyed hash of what it told of its device; null when nothing was told
 * @param agent its user agent as sent, never empty; null when none was sent
 * @param cookie the keyed hash of its device cookie; null when it has none
 */
public record Signals(
        @Nullable IpAddress ip,
        @Nullable DeviceHash device,
        @Nullable String agent,
        @Nullable DeviceHash cookie) {
    /** Nothing was sent. */
    public static final Signals NONE = new Signals(null, null, null);

    /** Without a device cookie. */
    public Signals(@Nullable IpAddress ip, @Nullable DeviceHash device, @Nullable String agent) {
        this(ip, device, agent, null);
    }

    /** How well the device is known at best; empty when nothing is known of it. */
    public Optional<DeviceEvidence> evidence() {
        if (cookie != null) {
            return Optional.of(DeviceEvidence.COOKIE);
        }
        return device == null ? Optional.empty() : Optional.of(DeviceEvidence.TOLD);
    }

    /** The best evidence that both have, so that it can be compared; empty when there is none. */
    public Optional<DeviceEvidence> comparable(Signals other) {
        if (cookie != null && other.cookie != null) {
            return Optional.of(DeviceEvidence.COOKIE);
        }
        return device != null && other.device != null
                ? Optional.of(DeviceEvidence.TOLD)
                : Optional.empty();
    }

    /** Whether any evidence that both have is of different devices. */
    public boolean differsInDevice(Signals other) {
        return (cookie != null && other.cookie != null && !cookie.equals(other.cookie))
                || (device != null && other.device != null && !device.equals(other.device));
    }
}
