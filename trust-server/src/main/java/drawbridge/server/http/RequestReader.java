package drawbridge.server.http;

import drawbridge.model.IpAddress;
import drawbridge.model.ProblemCode;
import drawbridge.model.SessionToken;
import drawbridge.server.drill.DrillPass;
import drawbridge.server.request.RequestId;

import io.javalin.http.Context;

import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads requests within bounds and turns what cannot be read into a clear error. Safe for many
 * threads.
 */
final class RequestReader {
    /** The longest text that is compared with a session id; a real one has 47 characters. */
    static final int MOST_TOKEN = 128;

    /** The longest user agent that is read; browsers stay far below. */
    static final int MOST_AGENT = 1024;

    /** The longest device id or fingerprint that is read. */
    static final int MOST_DEVICE = 512;

    /**
     * How much of a body that is too large is read and thrown away. A connection that is closed
     * while its client still sends is reset, and the client would never see the answer.
     */
    private static final long MOST_DRAINED = 16L * 1024 * 1024;

    private static final String JSON = "application/json";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String BODY_KEY = "drawbridge.body";
    private static final String REQUEST_ID_KEY = "drawbridge.requestId";

    private final long mostBytes;
    private final Duration timeout;
    private final ClientAddresses addresses;
    private final OwnCalls own;
    private final BodyRoom room;

    /**
     * What makes a call of this very process as good as one of a trusted proxy.
     *
     * @param drills those of a drill
     * @param tries those that try the checklist
     */
    record OwnCalls(DrillPass drills, DrillPass tries) {
        private boolean isAny(@Nullable String presented) {
            return drills.isIt(presented) || tries.isIt(presented);
        }

        private boolean areThere() {
            return drills.isOpen() || tries.isOpen();
        }
    }

    /**
     * @param own what tells calls of this process
     */
    RequestReader(long mostBytes, Duration timeout, ClientAddresses addresses, OwnCalls own) {
        this.room = new BodyRoom(Runtime.getRuntime().maxMemory(), mostBytes);
        this.own = own;
        this.mostBytes = mostBytes;
        this.timeout = timeout;
        this.addresses = addresses;
    }

    /**
     * The request's id: the caller's own, or its trace, if that has a harmless shape; else a new
     * one.
     */
    String requestId(Context ctx) {
        String known = ctx.attribute(REQUEST_ID_KEY);
        if (known != null) {
            return known;
        }
        String id =
                RequestId.current()
                        .orElseGet(() ->
                                RequestId.of(
                                        ctx.header("X-Request-ID"), ctx.header("traceparent")));
        ctx.attribute(REQUEST_ID_KEY, id);
        return id;
    }

    /** The id of a request with these headers. */
    static String idOf(HttpFields headers) {
        return RequestId.current()
                .orElseGet(() ->
                        RequestId.of(headers.get("X-Request-ID"), headers.get("traceparent")));
    }

    /**
     * Not every database can hold a NUL, so nothing that is asked for has one. It cannot be written
     * otherwise in a query.
     *
     * @throws ProblemException when there is one
     */
    static void requireTextInQuery(@Nullable String query) {
        if (query != null && query.contains("%00")) {
            throw ProblemException.inField("query", "holds %00, which no text may");
        }
    }

    /** The client's address as far as it can be known. */
    IpAddress clientAddress(Context ctx) {
        if (own.areThere() && own.isAny(ctx.header(DrillPass.HEADER))) {
            return ClientAddresses.forwarded(
                    IpAddress.parse(ctx.req().getRemoteAddr())
                            .orElseGet(() -> IpAddress.of(InetAddress.getLoopbackAddress())),
                    ctx.req().getHeaders("X-Forwarded-For"));
        }
        return addresses.of(ctx.req().getRemoteAddr(), ctx.req().getHeaders("X-Forwarded-For"));
    }

    /**
     * Whether the server itself sent a request to try its own listeners. It has no right by that;
     * only its refusal is nothing that an audit of hundreds of rows should tell.
     */
    boolean isTry(@Nullable String pass) {
        return own.tries().isOpen() && own.tries().isIt(pass);
    }

    /** The same, for a request that the bridge lane took in. */
    IpAddress clientAddress(
            InetAddress peer,
            Function<String, @Nullable String> header,
            Supplier<Enumeration<String>> forwarded) {
        if (own.areThere() && own.isAny(header.apply(DrillPass.HEADER))) {
            return ClientAddresses.forwarded(IpAddress.of(peer), forwarded.get());
        }
        return addresses.of(IpAddress.of(peer), forwarded);
    }

    /** Whether its client's side of the connection was TLS. */
    boolean arrivedByTls(boolean isSecure, InetAddress peer, @Nullable String forwardedProto) {
        return isSecure || (isTls(forwardedProto) && addresses.isTrusted(IpAddress.of(peer)));
    }

    /** Whether the client's side of the connection was TLS: ours, or a trusted proxy's. */
    boolean arrivedByTls(Context ctx) {
        return ctx.req().isSecure()
                || (isTls(ctx.header("X-Forwarded-Proto"))
                        && addresses.isTrustedPeer(ctx.req().getRemoteAddr()));
    }

    private static boolean isTls(@Nullable String forwardedProto) {
        return "https".equalsIgnoreCase(forwardedProto);
    }

    /**
     * The body's JSON object, read once for a request. An empty body is an empty object: clients
     * send that with a JSON content type.
     *
     * @throws ProblemException when it is too large, of another type, or not a JSON object
     */
    Body body(Context ctx) {
        Body known = ctx.attribute(BODY_KEY);
        if (known == null) {
            known = readBody(ctx);
            ctx.attribute(BODY_KEY, known);
        }
        return known;
    }

    /**
     * The body of a bridge call that was read whole.
     *
     * @throws ProblemException when it is of another type, or not a JSON object
     */
    static Texts bridgeBody(byte[] bytes, @Nullable String contentType) {
        if (bytes.length == 0) {
            return BridgeBody.empty();
        }
        if (!JSON.equals(contentType)) {
            requireJson(contentType);
        }
        return BridgeBody.read(bytes);
    }

    private Body readBody(Context ctx) {
        byte[] bytes = bytes(ctx);
        if (bytes.length == 0) {
            return new Body(Json.object());
        }
        requireJson(ctx.contentType());
        return new Body(Json.readObject(bytes));
    }

    /**
     * The fields of a form that a page of ours sent.
     *
     * @throws ProblemException when it is too large, of another type, or names a field twice
     */
    Map<String, String> form(Context ctx) {
        String type = ctx.contentType();
        if (type == null || !type.split(";", 2)[0].strip().equals(FORM)) {
            throw ProblemException.of(
                    ProblemCode.UNSUPPORTED_MEDIA_TYPE, "send Content-Type: " + FORM);
        }
        Map<String, String> fields = new LinkedHashMap<>();
        for (String pair : new String(bytes(ctx), StandardCharsets.UTF_8).split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
            if (fields.put(name, value) != null) {
                throw ProblemException.inField("form", "has one field twice");
            }
        }
        return fields;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ProblemException.inField("form", "is not URL-encoded");
        }
    }

    private static boolean isJson(@Nullable String contentType) {
        String type = contentType == null ? "" : contentType.toLowerCase(Locale.ROOT);
        String media = type.split(";", 2)[0].strip();
        boolean otherCharset = type.contains("charset=") && !type.contains("utf-8");
        return media.equals(JSON) && !otherCharset;
    }

    private static void requireJson(@Nullable String contentType) {
        if (!isJson(contentType)) {
            throw ProblemException.of(
                    ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                    "send Content-Type: application/json, in UTF-8");
        }
    }

    private byte[] bytes(Context ctx) {
        try {
            return bytes(ctx.req().getInputStream());
        } catch (ProblemException e) {
            if (e.code() == ProblemCode.BODY_TOO_LARGE) {
                ctx.header("Connection", "close");
            }
            throw e;
        } catch (IOException e) {
            throw isUnreadable(e) ? unreadable() : tooSlow();
        }
    }

    /**
     * All bytes of a body.
     *
     * @throws ProblemException when it is too large, badly framed or too slow, or one of too many
     *     large ones; whoever sent one that is too large must be told to close
     */
    byte[] bytes(InputStream in) {
        boolean isLarge = false;
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
            byte[] chunk = new byte[4096];
            long total = 0;
            long deadline = System.nanoTime() + timeout.toNanos();
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                total += read;
                if (total > BodyRoom.SMALL && !isLarge) {
                    room.enter();
                    isLarge = true;
                }
                if (total <= mostBytes) {
                    bytes.write(chunk, 0, read);
                } else if (total > MOST_DRAINED) {
                    break;
                }
                if (System.nanoTime() - deadline > 0) {
                    throw tooSlow(); // byte after byte, each in time, would hold the request for
                    // ever
                }
            }
            if (total > mostBytes) {
                throw tooLarge();
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw isUnreadable(e) ? unreadable() : tooSlow();
        } catch (HttpException.RuntimeException e) {
            throw isUnreadable(e) ? unreadable() : tooSlow();
        } finally {
            if (isLarge) {
                room.leave();
            }
        }
    }

    /**
     * Whether it is badly framed. When Jetty has waited in vain it closes its parser, which then
     * tells of a body that ended early, and the timeout is only to be found beside that.
     */
    private static boolean isUnreadable(Throwable e) {
        boolean isHttp = false;
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (isTimeout(cause)
                    || Arrays.stream(cause.getSuppressed()).anyMatch(RequestReader::isTimeout)) {
                return false;
            }
            isHttp |= cause instanceof HttpException;
        }
        return isHttp;
    }

    private static boolean isTimeout(Throwable e) {
        return e instanceof TimeoutException;
    }

    private static ProblemException unreadable() {
        return ProblemException.of(
                ProblemCode.BAD_REQUEST, "the body is not framed as its headers say");
    }

    private static ProblemException tooSlow() {
        return ProblemException.of(
                ProblemCode.REQUEST_TIMEOUT, "the body did not arrive whole in time");
    }

    /** The refusal of a body that is too large; whoever sent it must be told to close. */
    ProblemException tooLarge() {
        return ProblemException.of(
                ProblemCode.BODY_TOO_LARGE, "the body is larger than " + mostBytes + " bytes");
    }

    /** How much of a body is read at most, in bytes. */
    long mostBytes() {
        return mostBytes;
    }

    /**
     * A header within bounds; empty when it is absent or blank.
     *
     * @throws ProblemException when it stands there more than once with different values
     */
    Optional<String> header(Context ctx, String name, int most) {
        return bounded(name, only(ctx, name), most);
    }

    /** The value of a header that must not say two things; null when it is absent. */
    static @Nullable String only(Context ctx, String name) {
        String found = null;
        Enumeration<String> values = ctx.req().getHeaders(name);
        while (values.hasMoreElements()) {
            found = same(name, found, values.nextElement());
        }
        return found;
    }

    /** The value of a header, where it may have been met before. */
    static String same(String name, @Nullable String before, String value) {
        if (before == null || before.equals(value)) {
            return value;
        }
        throw ProblemException.inField(
                name,
                "stands in the request more than once and says different things; send it once");
    }

    /** The same, for a header's value; null when it is absent. */
    static Optional<String> bounded(String name, @Nullable String value, int most) {
        if (value == null || value.isBlank()) {
            return Optional.empty();
        }
        return Optional.of(Body.checked(name, value, most));
    }

    /**
     * The one session id among the places where it may stand.
     *
     * @param places place to text, in the order of precedence
     * @return empty when it stands nowhere
     * @throws ProblemException when two places hold different ones
     */
    static Optional<String> oneSessionId(Map<String, Optional<String>> places) {
        Map<String, String> present = new LinkedHashMap<>();
        places.forEach((place, text) ->
                text.filter(t -> !t.isBlank()).ifPresent(t -> present.put(place, t)));
        Set<String> different = new LinkedHashSet<>(present.values());
        if (different.size() > 1) {
            throw ProblemException.of(
                    ProblemCode.CONFLICTING_SESSION_IDS,
                    "two different session ids: in "
                            + String.join(" and in ", present.keySet())
                            + "; send one");
        }
        return different.stream().findFirst();
    }

    /**
     * The session a browser or app presents: header {@code X-Session-ID}, JSON body, or cookie.
     *
     * @return empty when none is presented, or what is cannot be one
     */
    Optional<SessionToken> clientSession(Context ctx, BrowserCookie cookie) {
        Map<String, Optional<String>> places = new LinkedHashMap<>();
        places.put("header X-Session-ID", header(ctx, "X-Session-ID", MOST_TOKEN));
        if (isJson(ctx.contentType())) {
            places.put("body", body(ctx).text(MOST_TOKEN, "session_id", "sessionId"));
        }
        Optional<String> explicit = oneSessionId(places);
        // A cookie rides along by itself; what the client says on purpose comes first.
        return explicit.or(() ->
                        cookie.of(ctx)
                                .map(text -> Body.checked("session cookie", text, MOST_TOKEN)))
                .flatMap(SessionToken::parse);
    }
}
