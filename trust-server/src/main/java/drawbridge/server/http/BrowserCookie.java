package drawbridge.server.http;

import drawbridge.server.http.HttpListeners.Security;

import io.javalin.http.Context;

import java.time.Duration;
import java.util.Optional;

/**
 * A cookie that a browser holds for us and that no script reads. A Secure one is named {@code
 * __Host-}: no other host and no plain HTTP answer can set it, so that nobody can plant one.
 */
final class BrowserCookie {
    /**
     * What all cookies have in common.
     *
     * @param isOn whether there are any
     * @param isPrefixed whether Secure ones are named {@code __Host-}
     * @param sameSite as browsers spell it
     */
    record Rules(boolean isOn, Security security, boolean isPrefixed, String sameSite) {}

    private final String name;
    private final Rules rules;
    private final RequestReader reader;

    BrowserCookie(String name, Rules rules, RequestReader reader) {
        this.name = name;
        this.rules = rules;
        this.reader = reader;
    }

    /** Whether there are cookies. */
    boolean isOn() {
        return rules.isOn();
    }

    /**
     * What the browser sent; empty when it sent none. A name without prefix counts only where this
     * server would set it so.
     */
    Optional<String> of(Context ctx) {
        return rules.isOn() ? Optional.ofNullable(ctx.cookie(name(ctx))) : Optional.empty();
    }

    /** Gives the browser a value for so long. */
    void set(Context ctx, String value, Duration lifetime) {
        if (rules.isOn()) {
            write(ctx, value, Math.max(0, lifetime.toSeconds()));
        }
    }

    /** Takes the value away from a browser that sent one. */
    void clear(Context ctx) {
        if (of(ctx).isPresent()) {
            write(ctx, "", 0);
        }
    }

    private boolean isSecure(Context ctx) {
        return switch (rules.security()) {
            case AUTO -> reader.arrivedByTls(ctx);
            case ALWAYS -> true;
            case NEVER -> false;
        };
    }

    private String name(Context ctx) {
        return rules.isPrefixed() && isSecure(ctx) ? "__Host-" + name : name;
    }

    private void write(Context ctx, String value, long seconds) {
        ctx.res()
                .addHeader(
                        "Set-Cookie",
                        "%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=%s%s"
                                .formatted(
                                        name(ctx),
                                        value,
                                        seconds,
                                        rules.sameSite(),
                                        isSecure(ctx) ? "; Secure" : ""));
    }
}
