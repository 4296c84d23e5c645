package drawbridge.server.http;

import drawbridge.model.IpAddress;
import drawbridge.model.ProblemCode;
import drawbridge.model.TenantId;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.RefusalQueue;
import drawbridge.server.crypto.KeyedHash;

import io.javalin.http.Context;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Locale;

/**
 * Lets only the holder of the admin token in: no browser, no other host name, nobody without the
 * token.
 */
final class AdminGate {
    private static final int MOST_TOKEN = 512;

    private final RequestReader reader;
    private final KeyedHash keyed;
    private final byte[] expected;
    private final String host;
    private final RefusalQueue refusals;
    private final Clock clock;

    /**
     * @param tokenHash the token under {@code keyed}
     * @param host the listener's own host
     */
    AdminGate(
            RequestReader reader,
            KeyedHash keyed,
            byte[] tokenHash,
            String host,
            RefusalQueue refusals,
            Clock clock) {
        this.reader = reader;
        this.keyed = keyed;
        this.expected = tokenHash.clone();
        this.host = host;
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
                    "the Host header names another host; use the address of the admin listener");
        }
        String header = ctx.header("Authorization");
        String token = "";
        if (header != null
                && header.length() <= MOST_TOKEN
                && header.toLowerCase(Locale.ROOT).startsWith("bearer ")) {
            token = header.substring(7).strip();
        }
        byte[] presented = keyed.of(token.getBytes(StandardCharsets.UTF_8));
        if (!MessageDigest.isEqual(presented, expected)) {
            refusals.offer(
                    AuditEntry.of(TenantId.DEFAULT, clock.instant(), "admin.refused", "unknown")
                            .from(reader.clientAddress(ctx), null)
                            .request(reader.requestId(ctx)));
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
                || name.equalsIgnoreCase(host)
                || IpAddress.parse(name).isPresent();
    }
}
