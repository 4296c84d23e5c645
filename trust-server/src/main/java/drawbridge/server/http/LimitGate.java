package drawbridge.server.http;

import drawbridge.model.ProblemCode;
import drawbridge.model.TenantId;
import drawbridge.server.account.Email;
import drawbridge.server.limit.Counted;
import drawbridge.server.limit.LoginGuard;
import drawbridge.server.limit.RateLimits;
import drawbridge.server.limit.SourceNetwork;
import drawbridge.server.session.DeviceHash;

import io.javalin.http.Context;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Counts requests by the limit of their route, before anything is looked up or hashed for them, and
 * turns away those that are too many.
 */
final class LimitGate {
    private static final int MOST_ACCOUNT = 320;

    private final RequestReader reader;
    private final RateLimits limits;
    private final LoginGuard guard;
    private final Devices devices;

    LimitGate(RequestReader reader, RateLimits limits, LoginGuard guard, Devices devices) {
        this.reader = reader;
        this.limits = limits;
        this.guard = guard;
        this.devices = devices;
    }

    /** Counts a matched request by its source. */
    void countSource(Context ctx) {
        for (Limit limit : Limit.values()) {
            if (limit.isOf(ctx) && limit.countsAll()) {
                refuseIfTooMany(limits.take(limit.what(), source(ctx)));
            }
        }
    }

    /**
     * Counts a matched request by the account it is about: the one that a session opened the gate
     * for, else the one that is named in the body, whether or not there is such an account.
     */
    void countAccount(Context ctx, TenantId tenant) {
        for (Limit limit : Limit.values()) {
            if (limit.isOf(ctx) && limit.byAccount()) {
                Body body = reader.body(ctx);
                Optional<String> account =
                        ClientGate.user(ctx).or(() -> named(body).map(LimitGate::canonical));
                account.ifPresent(name ->
                        refuseIfTooMany(
                                limits.take(
                                        limit.what(),
                                        tenant,
                                        name,
                                        devices.told(reader, ctx, body, tenant)
                                                .filter(device -> knows(tenant, name, device))
                                                .orElse(null))));
            }
        }
    }

    /** Otherwise whoever knows an address could use up its owner's attempts. */
    private boolean knows(TenantId tenant, String account, DeviceHash device) {
        return guard.isKnown(tenant, account, device);
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

    /** Counts a bridge call whose secret turned out to be nobody's. */
    void countWrongSecret(Context ctx) {
        refuseIfTooMany(limits.take(Counted.WRONG_SECRETS, source(ctx)));
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
