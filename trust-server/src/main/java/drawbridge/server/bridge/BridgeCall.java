package drawbridge.server.bridge;

import drawbridge.model.IpAddress;
import drawbridge.model.SessionId;
import drawbridge.model.ValidationMode;
import drawbridge.server.session.Signals;

import org.jspecify.annotations.Nullable;

/**
 * One question of a back end. The session's secret was hashed when it arrived and is not in here.
 *
 * @param caller who asks, by its secret
 * @param session the session asked about; null when what was presented cannot be a session id
 * @param signals what the back end saw; its device is already hashed under the caller's tenant
 * @param method the HTTP method of the route; null when not told
 * @param path the path of the route; null when not told
 * @param askedMode the mode asked for; null when none was
 * @param requestId the request
 */
public record BridgeCall(
        Caller caller,
        @Nullable SessionId session,
        Signals signals,
        @Nullable String method,
        @Nullable String path,
        @Nullable ValidationMode askedMode,
        String requestId) {

    /** Method and path for people to read; null when neither was told. */
    public @Nullable String route() {
        return route(method, path);
    }

    /** The same, for any method and path. */
    static @Nullable String route(@Nullable String method, @Nullable String path) {
        if (method == null && path == null) {
            return null;
        }
        return (method == null ? "?" : method) + " " + (path == null ? "?" : path);
    }

    /** The address as text; null when none was sent. */
    public @Nullable String ip() {
        IpAddress address = signals.ip();
        return address == null ? null : address.toString();
    }
}
