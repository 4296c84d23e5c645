package drawbridge.server.http;

import drawbridge.model.IpAddress;
import drawbridge.model.ProblemCode;
import drawbridge.model.TenantId;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.RefusalQueue;
import drawbridge.server.drill.DrillPass;
import drawbridge.server.secret.AdminTokens;

import io.javalin.http.Context;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Lets only the holder of the admin token in: no browser, no other host name, nobody without the
 * token.
 */
final class AdminGate {
    private static final int MOST_TOKEN = 512;

    private final RequestReader reader;
    private final AdminTokens tokens;
    private final Set<String> names;
    private final LimitGate limits;
    private final RefusalQueue refusals;
    private final Clock clock;

    /**
     * @param names host names under which the listener may be called, besides localhost
     */
    AdminGate(
            RequestReader reader,
            AdminTokens tokens,
            List<String> names,
            LimitGate limits,
            RefusalQueue refusals,
            Clock clock) {
        this.reader = reader;
        this.tokens = tokens;
        this.names =
                names.stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .collect(Collectors.toUnmodifiableSet());
        this.limits = limits;
        this.refusals = refusals;
        this.clock = clock;
    }

    void check(Context ctx) {
        if (ctx.header("Origin") != null) {
            throw ProblemException.of(
                    ProblemCode.BROWSER_NOT_ALLOWED, "the admin API does not talk to browsers");
        }
        if (!isOurs(ctx.header("Host"))) {
            throw ProblemException.of(
                    ProblemCode.HOST_NOT_ALLOWED,
                    "the Host header names another host; use the address of the admin listener, or name it in admin.names");
        }
        String header = ctx.header("Authorization");
        String token = "";
        if (header != null
                && header.length() <= MOST_TOKEN
                && header.toLowerCase(Locale.ROOT).startsWith("bearer ")) {
            token = header.substring(7).strip();
        }
        if (!tokens.isAccepted(token.getBytes(StandardCharsets.UTF_8))) {
            limits.countWrongSecret(reader.clientAddress(ctx));
            if (!reader.isTry(ctx.header(DrillPass.HEADER))) {
                refusals.offer(
                        AuditEntry.of(TenantId.DEFAULT, clock.instant(), "admin.refused", "unknown")
                                .from(reader.clientAddress(ctx), null)
                                .request(reader.requestId(ctx)));
            }
            ctx.header("WWW-Authenticate", "Bearer");
            throw ProblemException.of(
                    ProblemCode.INVALID_ADMIN_TOKEN,
                    "send Authorization: Bearer and the admin token");
        }
    }

    /**
     * A page in a browser could reach a loopback listener under a name of its own (DNS rebinding).
     */
    private boolean isOurs(@Nullable String header) {
        if (header == null) {
            return false;
        }
        int port = header.lastIndexOf(':');
        boolean bracketed = header.startsWith("[");
        String name =
                bracketed
                        ? header.substring(1, Math.max(1, header.indexOf(']')))
                        : port < 0 ? header : header.substring(0, port);
        return name.equalsIgnoreCase("localhost")
                || names.contains(name.toLowerCase(Locale.ROOT))
                || IpAddress.parse(name).isPresent();
    }
}
