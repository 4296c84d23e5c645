package drawbridge.server.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Reads addresses in settings. */
final class Urls {
    private Urls() {}

    /** The address of that text; empty when it is none. */
    static Optional<URI> parse(String text) {
        try {
            return Optional.of(new URI(text).parseServerAuthority());
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
