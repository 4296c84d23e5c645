package drawbridge.console.client;

import java.io.IOException;
import java.net.http.HttpRequest;

/** Puts on a request what lets it in. Safe for many threads. */
@FunctionalInterface
public interface Credentials {
    /**
     * Adds the header.
     *
     * @throws IOException with one sentence on why it cannot be had
     */
    HttpRequest.Builder authorize(HttpRequest.Builder request) throws IOException;
}
