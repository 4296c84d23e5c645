package drawbridge.kit;

import drawbridge.model.ValidationMode;

import org.jspecify.annotations.Nullable;

/**
 * What a back end asks: may this session be trusted for this request? It tells what it saw of the
 * client; the trust server compares.
 *
 * @param session the session id the client presented
 * @param method the request's HTTP method
 * @param path the request's path, without its query
 * @param ip the client's address as the back end knows it; null when it knows none
 * @param device the device id the client told, as in {@code X-Device-ID}; null when none
 * @param agent the client's user agent; null when none
 * @param atLeast the mode that is asked for at least; null leaves it to the server's policy
 */
public record Question(
        String session,
        String method,
        String path,
        @Nullable String ip,
        @Nullable String device,
        @Nullable String agent,
        @Nullable ValidationMode atLeast) {
    /** Without the session id, which opens doors. */
    @Override
    public String toString() {
        return "Question[" + method + " " + path + "]";
    }
}
