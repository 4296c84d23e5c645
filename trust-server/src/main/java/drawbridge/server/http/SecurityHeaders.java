package drawbridge.server.http;

import java.util.Map;

/**
 * What every answer tells a browser: run and show nothing of it, keep nothing of it. Answers here
 * are data, never pages.
 */
final class SecurityHeaders {
    static final Map<String, String> ALWAYS =
            Map.of(
                    "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
                    "X-Content-Type-Options", "nosniff",
                    "X-Frame-Options", "DENY",
                    "Referrer-Policy", "no-referrer",
                    "Cache-Control", "no-store");

    /** Where the answer goes back over TLS: for a year, only so. */
    static final String HSTS = "max-age=31536000";

    private SecurityHeaders() {}
}
