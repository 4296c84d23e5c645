package drawbridge.server.http;

import drawbridge.model.ProblemCode;
import drawbridge.model.SessionToken;
import drawbridge.model.TenantId;
import drawbridge.server.session.Found;
import drawbridge.server.session.Session.Over;
import drawbridge.server.session.SessionFinder;
import drawbridge.server.session.SessionKey;

import io.javalin.http.Context;

import java.time.Clock;
import java.util.Optional;

/**
 * Lets only live sessions through to the routes that ask for one, before their handlers run. The
 * handler gets the session by {@link #session}.
 */
final class ClientGate {
    /** Clients erase what they stored only at exactly these two texts. */
    private static final String INVALID = "Invalid session";

    private static final String EXPIRED = "Session expired";
    private static final String SESSION_KEY = "drawbridge.session";
    private static final String ADMIN = "admin";

    private final RequestReader reader;
    private final SessionFinder finder;
    private final SessionCookie cookie;
    private final Edge edge;
    private final Clock clock;

    /** What is looked at of every request, whoever sends it. */
    record Edge(PublicTenants tenants, OriginGate origins, LimitGate limits) {}

    ClientGate(
            RequestReader reader,
            SessionFinder finder,
            SessionCookie cookie,
            Edge edge,
            Clock clock) {
        this.reader = reader;
        this.finder = finder;
        this.cookie = cookie;
        this.edge = edge;
        this.clock = clock;
    }

    /** Runs before every matched route of the public listener. */
    void check(Context ctx) {
        edge.limits().countSource(ctx);
        if (ctx.routeRoles().contains(Access.BRIDGE) || !isForTenant(ctx)) {
            return;
        }
        TenantId tenant = edge.tenants().of(ctx);
        if (cookie.of(ctx).isPresent() && ctx.header("X-Session-ID") == null) {
            edge.origins().requireOwnPage(ctx);
        }
        admit(ctx);
        edge.limits().countAccount(ctx, tenant);
    }

    private static boolean isForTenant(Context ctx) {
        return ctx.path().startsWith(TenantPaths.ROUTES + "/");
    }

    private void admit(Context ctx) {
        boolean asksAdmin = ctx.routeRoles().contains(Access.TENANT_ADMIN);
        if (!asksAdmin && !ctx.routeRoles().contains(Access.SESSION)) {
            return;
        }
        Found found = live(ctx);
        if (asksAdmin && !found.session().user().userType().equals(ADMIN)) {
            throw ProblemException.of(
                    ProblemCode.ADMIN_REQUIRED, "only a user of type admin may do this");
        }
        ctx.attribute(SESSION_KEY, found);
    }

    /** The tenant whose users this request is about. */
    TenantId tenant(Context ctx) {
        return edge.tenants().of(ctx);
    }

    /** The id of the user whose session opened the gate; empty where none was asked for. */
    static Optional<String> user(Context ctx) {
        Found found = ctx.attribute(SESSION_KEY);
        return Optional.ofNullable(found).map(f -> f.session().user().id().value());
    }

    /**
     * The session that opened the gate.
     *
     * @throws IllegalStateException on a route that does not ask for one
     */
    static Found session(Context ctx) {
        Found found = ctx.attribute(SESSION_KEY);
        if (found == null) {
            throw new IllegalStateException("the route asks for no session: " + ctx.path());
        }
        return found;
    }

    private Found live(Context ctx) {
        Optional<Found> found =
                reader.clientSession(ctx, cookie)
                        .map(SessionToken::id)
                        .map(id -> new SessionKey(tenant(ctx), id))
                        .flatMap(finder::find);
        Optional<Over> over = found.flatMap(f -> f.session().over(f.lastSeenAt(), clock.instant()));
        if (found.isEmpty() || over.isPresent()) {
            cookie.clear(ctx); // it opens nothing any more
            boolean byTime =
                    over.filter(o -> o == Over.ABSOLUTE_LIFETIME || o == Over.IDLE_LIFETIME)
                            .isPresent();
            throw byTime
                    ? ProblemException.of(ProblemCode.SESSION_EXPIRED, EXPIRED)
                    : ProblemException.of(ProblemCode.INVALID_SESSION, INVALID);
        }
        return found.get();
    }
}
