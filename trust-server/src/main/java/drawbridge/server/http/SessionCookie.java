package drawbridge.server.http;

import io.javalin.http.Context;

import java.time.Duration;
import java.util.Optional;

/** The cookie in which a browser holds its session id. */
final class SessionCookie {
    private static final String NAME = "session_id";

    private final RequestReader reader;

    SessionCookie(RequestReader reader) {
        this.reader = reader;
    }

    /** What the browser sent; empty when it sent none. */
    Optional<String> of(Context ctx) {
        return Optional.ofNullable(ctx.cookie(NAME));
    }

    /** Gives the browser an id for so long. */
    void set(Context ctx, String id, Duration lifetime) {
        write(ctx, id, lifetime.toSeconds());
    }

    /** Takes the id away from a browser that sent one. */
    void clear(Context ctx) {
        if (of(ctx).isPresent()) {
            write(ctx, "", 0);
        }
    }

    private void write(Context ctx, String value, long seconds) {
        String secure = reader.arrivedByTls(ctx) ? "; Secure" : "";
        ctx.header(
                "Set-Cookie",
                "%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s"
                        .formatted(NAME, value, seconds, secure));
    }
}
