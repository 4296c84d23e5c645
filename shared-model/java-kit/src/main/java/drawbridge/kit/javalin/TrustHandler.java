package drawbridge.kit.javalin;

import drawbridge.kit.Answer;
import drawbridge.kit.Bridge;
import drawbridge.kit.Guard;
import drawbridge.kit.Refusals;

import io.javalin.http.Context;
import io.javalin.http.Handler;

import org.jspecify.annotations.Nullable;

import java.util.function.Function;

/**
 * To be put before a Javalin back end's routes: lets only requests through whose session the trust
 * server calls good. Routes find the answer by {@link #trusted}.
 *
 * <p>The guard's prefixes are written as the routes are, so without Javalin's {@code
 * router.contextPath}; the trust server is told the request's whole path, so its route policies are
 * written with it.
 */
public final class TrustHandler implements Handler {
    private static final String TRUSTED = "drawbridge.trusted";

    private final Bridge bridge;
    private final Guard guard;
    private final Function<Context, String> clientAddress;

    /**
     * @param clientAddress the client's address; {@code Context::ip} when no proxy stands in front
     */
    public TrustHandler(Bridge bridge, Guard guard, Function<Context, String> clientAddress) {
        this.bridge = bridge;
        this.guard = guard;
        this.clientAddress = clientAddress;
    }

    /** What the server said of this request's session; null where no handler stood before. */
    public static Answer.@Nullable Trusted trusted(Context ctx) {
        return ctx.attribute(TRUSTED);
    }

    @Override
    public void handle(Context ctx) {
        Answer answer =
                guard.question(
                                ctx.method().name(),
                                ctx.path(),
                                ctx.contextPath(),
                                clientAddress.apply(ctx),
                                ctx::header,
                                ctx::cookie)
                        .map(bridge::ask)
                        .orElseGet(Refusals::noSession);
        if (answer instanceof Answer.Trusted) {
            ctx.attribute(TRUSTED, answer);
            return;
        }
        Refusals.Told told = Refusals.told(answer);
        if (told.retryAfterSeconds() > 0) {
            ctx.header("Retry-After", Integer.toString(told.retryAfterSeconds()));
        }
        ctx.header("Cache-Control", "no-store");
        ctx.status(told.status()).contentType("application/json").result(told.body());
        ctx.skipRemainingHandlers();
    }
}
