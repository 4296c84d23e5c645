package drawbridge.server.http;

import drawbridge.model.ProblemCode;
import drawbridge.model.SessionToken;
import drawbridge.model.TenantId;
import drawbridge.server.session.Found;
import drawbridge.server.session.Session;
import drawbridge.server.session.Session.Over;
import drawbridge.server.session.SessionFinder;
import drawbridge.server.session.SessionKey;
import drawbridge.server.session.Sessions;
import drawbridge.server.session.Sessions.By;
import drawbridge.server.session.Standing;

import io.javalin.http.Context;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/**
 * Lets only live sessions through to the routes that ask for one, before their handlers run. The
 * handler gets the session by {@link #session}.
 */
final class ClientGate {
    /** Clients erase what they stored only at exactly these two texts. */
    static final String INVALID = "Invalid session";

    private static final String EXPIRED = "Session expired";

    /** And keep it at any other: the session of somebody who still owes a second factor. */
    private static final String PENDING = "Two-factor authentication required";

    private static final String SESSION_KEY = "drawbridge.session";
    private static final String TOKEN_KEY = "drawbridge.token";
    private static final String ADMIN = "admin";

    private final RequestReader reader;
    private final SessionFinder finder;
    private final Sessions sessions;
    private final BrowserCookie cookie;
    private final Edge edge;
    private final Clock clock;

    /** What is looked at of every request, whoever sends it. */
    record Edge(PublicTenants tenants, OriginGate origins, LimitGate limits, Standing standing) {}

    ClientGate(
            RequestReader reader,
            SessionFinder finder,
            Sessions sessions,
            BrowserCookie cookie,
            Edge edge,
            Clock clock) {
        this.reader = reader;
        this.finder = finder;
        this.sessions = sessions;
        this.cookie = cookie;
        this.edge = edge;
        this.clock = clock;
    }

    /** Runs before every matched route of the public listener. */
    void check(Context ctx) {
        if (!isForTenant(ctx) || ctx.routeRoles().contains(Access.BRIDGE)) {
            edge.limits().countSource(ctx);
            return;
        }
        edge.limits().countSourceHere(ctx);
        edge.standing().require(); // tenants are answered from memory
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
        if (asksAdmin) {
            requireAdmin(ctx);
        } else {
            ctx.attribute(SESSION_KEY, live(ctx));
        }
    }

    /** Lets only the session of a user of type {@code admin} through. */
    void requireAdmin(Context ctx) {
        Found found = live(ctx);
        if (!found.session().user().userType().equals(ADMIN)) {
            throw ProblemException.of(
                    ProblemCode.ADMIN_REQUIRED, "only a user of type admin may do this");
        }
        ctx.attribute(SESSION_KEY, found);
    }

    /**
     * The secret of the session that opened the gate, as the client presented it.
     *
     * @throws IllegalStateException on a route that does not ask for one
     */
    static SessionToken token(Context ctx) {
        SessionToken token = ctx.attribute(TOKEN_KEY);
        if (token == null) {
            throw new IllegalStateException("the route asks for no session: " + ctx.path());
        }
        return token;
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
        Instant now = clock.instant();
        Optional<SessionToken> token = reader.clientSession(ctx, cookie);
        token.ifPresent(presented -> ctx.attribute(TOKEN_KEY, presented));
        Optional<Found> found =
                token.map(SessionToken::id)
                        .map(id -> new SessionKey(tenant(ctx), id))
                        .flatMap(key -> finder.find(key, now));
        if (found.isEmpty()) {
            throw notLive(ctx, ProblemCode.INVALID_SESSION, INVALID);
        }
        Session session = found.get().session();
        Optional<Over> over = session.over(found.get().lastSeenAt(), now);
        if (over.isPresent()) {
            throw over(ctx, session, over.get());
        }
        return found.get();
    }

    private ProblemException over(Context ctx, Session session, Over over) {
        return switch (over) {
            case ENDED -> notLive(ctx, ProblemCode.INVALID_SESSION, INVALID);
            case REPLACED -> {
                sessions.endReused(session.key(), By.user(reader.requestId(ctx)));
                yield notLive(ctx, ProblemCode.INVALID_SESSION, INVALID);
            }
            case NOT_FULLY_LOGGED_IN ->
                    ProblemException.of(ProblemCode.TWO_FACTOR_REQUIRED, PENDING);
            case ABSOLUTE_LIFETIME, IDLE_LIFETIME ->
                    notLive(ctx, ProblemCode.SESSION_EXPIRED, EXPIRED);
        };
    }

    private ProblemException notLive(Context ctx, ProblemCode code, String text) {
        cookie.clear(ctx); // it opens nothing any more
        return ProblemException.of(code, text);
    }
}
