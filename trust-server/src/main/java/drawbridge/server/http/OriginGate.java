package drawbridge.server.http;

import drawbridge.model.ProblemCode;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * Lets pages of allowed origins call (CORS), and keeps the pages of others from using a browser's
 * cookie. An origin is allowed when it is, to the letter, one of the tenant's; {@code null} never
 * is. Bridge paths allow none.
 */
final class OriginGate {
    private static final String BRIDGE = "/bridge/";
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    private final PublicTenants tenants;

    OriginGate(PublicTenants tenants) {
        this.tenants = tenants;
    }

    /** Before every request: tells allowed pages that they may read the answer. */
    void tell(Context ctx) {
        if (isBridge(ctx)) {
            return;
        }
        ctx.header("Vary", "Origin");
        String origin = ctx.header("Origin");
        boolean allowed = isAllowed(ctx, origin);
        if (allowed && origin != null) {
            ctx.header("Access-Control-Allow-Origin", origin);
            ctx.header("Access-Control-Allow-Credentials", "true");
            ctx.header("Access-Control-Expose-Headers", "Retry-After, X-Request-ID");
        }
        if (isPreflight(ctx)) {
            if (!allowed) {
                throw ProblemException.of(
                        ProblemCode.ORIGIN_NOT_ALLOWED, "this origin may not call");
            }
            ctx.header("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE, OPTIONS");
            ctx.header(
                    "Access-Control-Allow-Headers",
                    "Content-Type, Accept, Authorization, X-Session-ID, X-Device-ID");
            ctx.header("Access-Control-Max-Age", "600");
            ctx.status(204);
            ctx.skipRemainingHandlers();
        }
    }

    private static boolean isPreflight(Context ctx) {
        return ctx.method().equals(HandlerType.OPTIONS)
                && ctx.header("Access-Control-Request-Method") != null
                && ctx.header("Origin") != null;
    }

    private static boolean isBridge(Context ctx) {
        return ctx.path().contains(BRIDGE);
    }

    private boolean isAllowed(Context ctx, @Nullable String origin) {
        return origin != null && tenants.origins(ctx).contains(origin);
    }

    /**
     * Refuses a request that would change something in the name of a cookie, when a page of another
     * origin made the browser send it.
     */
    void requireOwnPage(Context ctx) {
        if (READING.contains(ctx.method().name())) {
            return;
        }
        String origin = ctx.header("Origin");
        String site = ctx.header("Sec-Fetch-Site");
        boolean sameOrigin = "same-origin".equals(site);
        boolean noPage = origin == null && (site == null || site.equals("none"));
        if (!sameOrigin && !noPage && !isAllowed(ctx, origin)) {
            throw ProblemException.of(
                    ProblemCode.ORIGIN_NOT_ALLOWED,
                    "a page of this origin may not use the session cookie");
        }
    }
}
