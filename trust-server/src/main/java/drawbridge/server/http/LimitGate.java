package drawbridge.server.http;

import drawbridge.model.IpAddress;
import drawbridge.model.ProblemCode;
import drawbridge.model.TenantId;
import drawbridge.server.account.Email;
import drawbridge.server.bridge.CallerAccess;
import drawbridge.server.limit.Counted;
import drawbridge.server.limit.LoginGuard;
import drawbridge.server.limit.Owed;
import drawbridge.server.limit.RateLimits;
import drawbridge.server.limit.RateLimits.Owner;
import drawbridge.server.limit.SourceNetwork;
import drawbridge.server.session.DeviceHash;

import io.javalin.http.Context;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Counts requests by the limit of their route, before anything is looked up or hashed for them, and
 * turns away those that are too many.
 */
final class LimitGate {
    private static final int MOST_ACCOUNT = 320;
    private static final int MOST_SECRET = 512;
    private static final String OWED_KEY = "drawbridge.owed";

    private final RequestReader reader;
    private final RateLimits limits;
    private final LoginGuard guard;
    private final CallerAccess callers;
    private final Known known;

    /** What tells known devices from others. */
    record Known(Devices devices, DeviceCookie cookie) {}

    LimitGate(
            RequestReader reader,
            RateLimits limits,
            LoginGuard guard,
            CallerAccess callers,
            Known known) {
        this.reader = reader;
        this.limits = limits;
        this.guard = guard;
        this.callers = callers;
        this.known = known;
    }

    /** Counts a matched request by its source, unless a back end sends it for many. */
    void countSource(Context ctx) {
        for (Limit limit : Limit.values()) {
            // Asked last: a bridge call's secret is looked at by its own gate, and once is enough.
            if (limit.isOf(ctx) && limit.countsAll() && !hasGoodSecret(ctx)) {
                refuseIfTooMany(limits.take(limit.what(), source(ctx)));
            }
        }
    }

    /** The same where {@link #countAccount} follows: what nodes share is counted once, by that. */
    void countSourceHere(Context ctx) {
        for (Limit limit : Limit.values()) {
            if (limit.isOf(ctx) && limit.countsAll() && !hasGoodSecret(ctx)) {
                refuseIfTooMany(
                        limit.byAccount()
                                ? limits.takeHere(limit.what(), source(ctx))
                                : limits.take(limit.what(), source(ctx)));
            }
        }
    }

    private boolean hasGoodSecret(Context ctx) {
        String secret = ctx.header("X-Bridge-Secret");
        return secret != null
                && secret.length() <= MOST_SECRET
                && callers.isAccepted(secret.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Counts a matched request, whose source {@link #countSourceHere} has let through, by the
     * account it is about: the one that a session opened the gate for, else the one that is named
     * in the body, whether or not there is such an account.
     */
    void countAccount(Context ctx, TenantId tenant) {
        for (Limit limit : Limit.values()) {
            if (limit.isOf(ctx) && limit.byAccount()) {
                Body body = reader.body(ctx);
                Optional<Owner> account =
                        ClientGate.user(ctx)
                                .or(() -> named(body).map(LimitGate::canonical))
                                .map(name ->
                                        new Owner(
                                                tenant,
                                                name,
                                                knownDevice(ctx, body, tenant, name).orElse(null)));
                refuseIfTooMany(count(ctx, limit, account));
            }
        }
    }

    private Optional<Duration> count(Context ctx, Limit limit, Optional<Owner> account) {
        Counted what = limit.what();
        // A good secret is of many, so that its source is nobody's.
        Optional<SourceNetwork> source =
                hasGoodSecret(ctx) ? Optional.empty() : Optional.of(source(ctx));
        if (account.isEmpty()) {
            return source.flatMap(from -> limits.takeShared(what, from));
        }
        Owner whose = account.get();
        if (limit != Limit.LOGIN) {
            return source.isPresent()
                    ? limits.take(what, source.get(), whose)
                    : limits.take(what, whose);
        }
        RateLimits.Standing standing = limits.owe(what, source.orElse(null), whose);
        standing.owed().ifPresent(owed -> ctx.attribute(OWED_KEY, owed));
        return standing.tooMany();
    }

    /** What the request has still to take, by whichever transaction it writes in. */
    static Optional<Owed> owed(Context ctx) {
        return Optional.ofNullable(ctx.attribute(OWED_KEY));
    }

    /** Otherwise whoever knows an address could use up its owner's attempts. */
    private Optional<DeviceHash> knownDevice(
            Context ctx, Body body, TenantId tenant, String account) {
        return Stream.of(
                        known.cookie().presented(ctx, tenant),
                        known.devices().told(reader, ctx, body, tenant))
                .flatMap(Optional::stream)
                .filter(device -> guard.isKnown(tenant, account, device))
                .findFirst();
    }

    private static Optional<String> named(Body body) {
        return body.text(
                        MOST_ACCOUNT,
                        "email",
                        "userName",
                        "user_name",
                        "username",
                        "identifier",
                        "phone")
                .filter(text -> !text.isBlank());
    }

    private static String canonical(String typed) {
        return Email.parse(typed)
                .map(Email::value)
                .orElseGet(() -> typed.strip().toLowerCase(Locale.ROOT));
    }

    /** Counts a call whose bridge secret or admin token turned out to be nobody's. */
    void countWrongSecret(IpAddress from) {
        refuseIfTooMany(limits.take(Counted.WRONG_SECRETS, SourceNetwork.of(from)));
    }

    private SourceNetwork source(Context ctx) {
        return SourceNetwork.of(reader.clientAddress(ctx));
    }

    private static void refuseIfTooMany(Optional<Duration> wait) {
        if (wait.isPresent()) {
            throw tooMany(wait.get());
        }
    }

    /** The answer to somebody who has to wait so long. */
    static ProblemException tooMany(Duration wait) {
        return ProblemException.later(
                ProblemCode.TOO_MANY_REQUESTS,
                "too many requests; try again later",
                Math.clamp((wait.toMillis() + 999) / 1000, 1, 3600));
    }
}
