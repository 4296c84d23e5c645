package drawbridge.server.request;

import org.jspecify.annotations.Nullable;

import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The one id of a request, from its caller to the database. It is bound for as long as a piece of
 * work runs and no longer, so no thread can carry it over to the next request. Safe for many
 * threads.
 */
public final class RequestId {
    private static final ScopedValue<String> BOUND = ScopedValue.newInstance();
    private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9._-]{8,64}");

    /** W3C Trace Context, version 00: the trace's id is the second part. */
    private static final Pattern TRACE_PARENT =
            Pattern.compile("(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?");

    private static final String NO_TRACE = "0".repeat(32);

    private RequestId() {}

    /** The id of the request that this thread works for; empty when it is for none. */
    public static Optional<String> current() {
        return BOUND.isBound() ? Optional.of(BOUND.get()) : Optional.empty();
    }

    /**
     * Does work for the request of that id.
     *
     * @param id null for work that is of no request
     */
    public static <T, X extends Throwable> T within(
            @Nullable String id, ScopedValue.CallableOp<? extends T, X> work) throws X {
        return id == null ? work.call() : ScopedValue.where(BOUND, id).call(work);
    }

    /**
     * The id of a request as its caller sent it, in {@code X-Request-ID} or else as the trace of
     * {@code traceparent}; a new one when neither has a harmless shape.
     */
    public static String of(@Nullable String requestId, @Nullable String trace) {
        if (requestId != null && HARMLESS.matcher(requestId).matches()) {
            return requestId;
        }
        if (trace != null && trace.length() <= 512) {
            Matcher parts = TRACE_PARENT.matcher(trace);
            if (parts.matches() && !parts.group(1).equals(NO_TRACE)) {
                return parts.group(1);
            }
        }
        return drawn();
    }

    /** It names a request in logs and opens nothing, so it need not be hard to guess. */
    private static String drawn() {
        return "req-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }
}
