package drawbridge.server.session;

import drawbridge.model.IpAddress;

import org.jspecify.annotations.Nullable;

/**
 * What a request showed of where it came from, either recorded at login or reported in a bridge
 * call.
 *
 * @param ip the client's address; null when none was sent
 * @param device the keyed hash of its device; null when none was told
 * @param agent its user agent as sent, never empty; null when none was sent
 */
public record Signals(@Nullable IpAddress ip, @Nullable DeviceHash device, @Nullable String agent) {
    /** Nothing was sent. */
    public static final Signals NONE = new Signals(null, null, null);
}
