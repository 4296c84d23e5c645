package drawbridge.server.http;

import drawbridge.model.IpAddress;
import drawbridge.model.ProblemCode;
import drawbridge.server.bridge.BridgeTrail;
import drawbridge.server.bridge.Caller;
import drawbridge.server.bridge.CallerAccess;
import drawbridge.server.bridge.CallerAccess.Admission;
import drawbridge.server.bridge.Scope;
import drawbridge.server.drill.DrillPass;
import drawbridge.server.metrics.Meters;
import drawbridge.server.session.Standing;

import io.javalin.http.Context;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/**
 * Lets only callers with an accepted bridge secret through to the routes that ask for one, before
 * their handlers run: from a network of theirs, and from no browser. The handler gets the caller by
 * {@link #caller}, which asks for the right it needs.
 */
final class BridgeGate {
    private static final int MOST_SECRET = 512;
    private static final String ADMITTED_KEY = "drawbridge.caller";

    /** Who was let in, by which version of the secret, from where, and when it was looked at. */
    record Admitted(Caller caller, int version, IpAddress from, long beganNanos) {}

    private final RequestReader reader;
    private final CallerAccess access;
    private final Edge edge;
    private final BridgeTrail trail;
    private final Meters meters;
    private final Clock clock;

    /** What is looked at of every caller, whoever it is. */
    record Edge(PublicTenants tenants, LimitGate limits, Standing standing) {}

    BridgeGate(
            RequestReader reader,
            CallerAccess access,
            Edge edge,
            BridgeTrail trail,
            Meters meters,
            Clock clock) {
        this.reader = reader;
        this.access = access;
        this.edge = edge;
        this.trail = trail;
        this.meters = meters;
        this.clock = clock;
    }

    /** Runs before every matched route of the public listener. */
    void check(Context ctx) {
        if (ctx.routeRoles().contains(Access.BRIDGE)) {
            admit(ctx);
        }
    }

    /**
     * The caller whose secret the request presents, for routes that ask for one only now and then.
     *
     * @throws ProblemException when it presents none that is accepted
     */
    Caller admit(Context ctx) {
        Admitted admitted = admit(new RoutedBridgeRequest(ctx, reader));
        ctx.attribute(ADMITTED_KEY, admitted);
        return admitted.caller();
    }

    /** The same, for a request that did not come by the route table. */
    Admitted admit(BridgeRequest request) {
        long began = System.nanoTime();
        edge.standing().require(); // also callers, policies and tenants are answered from memory
        requireNoBrowser(request);
        IpAddress from = request.from();
        Instant now = clock.instant();
        String header = request.only("X-Bridge-Secret");
        byte[] secret = bytes(header == null ? inBody(request) : header);
        return switch (access.admit(secret, from, now)) {
            case Admission.Granted(Caller caller, int version) -> {
                access.usesVersion(caller, version, now);
                if (header != null && !isSameInBody(request, secret)) {
                    throw refused(request, null, from, now, began);
                }
                edge.tenants().requireActive(caller.tenant());
                yield new Admitted(caller, version, from, began);
            }
            case Admission.Unknown _ -> throw refused(request, null, from, now, began);
            case Admission.WrongNetwork(Caller caller) ->
                    throw refused(request, caller, from, now, began);
        };
    }

    /**
     * The same without waiting, for a request whose body is there.
     *
     * @return empty when something has to be waited for, or the request is not let in: then {@link
     *     #admit(BridgeRequest)} decides, and nothing is counted yet
     * @throws ProblemException as {@link #admit(BridgeRequest)} will; nothing is counted yet
     */
    Optional<Admitted> admitAtOnce(BridgeRequest request) {
        long began = System.nanoTime();
        if (!edge.standing().mayAnswer()) {
            return Optional.empty();
        }
        requireNoBrowser(request);
        IpAddress from = request.from();
        Instant now = clock.instant();
        String header = request.only("X-Bridge-Secret");
        if (header == null) {
            return Optional.empty();
        }
        byte[] secret = bytes(header);
        if (!(access.admit(secret, from, now) instanceof Admission.Granted(var caller, int version))
                || !isSameInBody(request, secret)
                || !edge.tenants().isActive(caller.tenant())) {
            return Optional.empty();
        }
        access.usesVersion(caller, version, now);
        return Optional.of(new Admitted(caller, version, from, began));
    }

    private static void requireNoBrowser(BridgeRequest request) {
        if (request.header("Origin") != null) {
            throw ProblemException.of(
                    ProblemCode.BROWSER_NOT_ALLOWED,
                    "a bridge call carries an Origin header: the bridge secret must never be in a browser");
        }
    }

    /** One answer for all of them: whoever stole a secret learns nothing about it. */
    private ProblemException refused(
            BridgeRequest request,
            @Nullable Caller caller,
            IpAddress from,
            Instant now,
            long began) {
        edge.limits().countWrongSecret(from);
        if (!reader.isTry(request.header(DrillPass.HEADER))) {
            trail.turnedAway(caller, from, request.id(), now);
            meters.took(System.nanoTime() - began);
        }
        return ProblemException.of(ProblemCode.INVALID_BRIDGE_SECRET, "Invalid bridge secret");
    }

    /** What is too long is nobody's secret, with the same work. */
    private static byte[] bytes(String secret) {
        return (secret.length() > MOST_SECRET ? "" : secret).getBytes(StandardCharsets.UTF_8);
    }

    /** Some kits can put the secret into the body. Whatever cannot be read holds none. */
    private String inBody(BridgeRequest request) {
        try {
            return secretField(request).orElse("");
        } catch (ProblemException e) {
            if (e.code() == ProblemCode.TOO_MANY_REQUESTS) {
                throw e; // it could be read later
            }
            return "";
        }
    }

    private boolean isSameInBody(BridgeRequest request, byte[] secret) {
        Optional<String> field = secretField(request);
        return field.isEmpty() || MessageDigest.isEqual(bytes(field.get()), secret);
    }

    private Optional<String> secretField(BridgeRequest request) {
        return request.body().text(MOST_SECRET, "bridge_secret").filter(text -> !text.isBlank());
    }

    /**
     * The caller that opened the gate.
     *
     * @throws ProblemException when it has not that right
     * @throws IllegalStateException on a route that does not ask for a caller
     */
    Caller caller(Context ctx, Scope scope) {
        return allowed(admitted(ctx), scope);
    }

    /** The same, for a request that did not come by the route table. */
    Caller allowed(Admitted admitted, Scope scope) {
        Caller caller = admitted.caller();
        if (!access.uses(caller, scope, clock.instant())) {
            throw ProblemException.of(
                    ProblemCode.SCOPE_MISSING, "this caller has not the scope " + scope.wireName());
        }
        return caller;
    }

    /** Ends the measurement that began when the secret was looked at. */
    void answered(Context ctx) {
        answered(admitted(ctx));
    }

    /** The same, for a request that did not come by the route table. */
    void answered(Admitted admitted) {
        meters.took(System.nanoTime() - admitted.beganNanos());
    }

    /** The same as {@link #caller} let in, for whoever has to look again later. */
    static Admitted admitted(Context ctx) {
        Admitted admitted = ctx.attribute(ADMITTED_KEY);
        if (admitted == null) {
            throw new IllegalStateException("the route asks for no caller: " + ctx.path());
        }
        return admitted;
    }
}
