package drawbridge.server.http;

import drawbridge.model.CallerKit;
import drawbridge.model.IpAddress;
import drawbridge.model.ProblemCode;
import drawbridge.model.SessionToken;
import drawbridge.model.ValidationMode;
import drawbridge.server.bridge.BridgeCall;
import drawbridge.server.bridge.BridgeTrail;
import drawbridge.server.bridge.BridgeValidation;
import drawbridge.server.bridge.Caller;
import drawbridge.server.bridge.CallerRegistry;
import drawbridge.server.judge.Verdict;
import drawbridge.server.metrics.Meters;
import drawbridge.server.session.Signals;

import io.javalin.http.Context;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** {@code POST /auth/bridge/validate}: the main job. */
final class ValidateEndpoint {
    private static final int MOST_SECRET = 512;

    private final RequestReader reader;
    private final CallerRegistry callers;
    private final BridgeValidation validation;
    private final BridgeTrail trail;
    private final Devices devices;
    private final ClientGate.Edge edge;
    private final Meters meters;
    private final Clock clock;

    ValidateEndpoint(
            RequestReader reader,
            CallerRegistry callers,
            BridgeValidation validation,
            BridgeTrail trail,
            Devices devices,
            ClientGate.Edge edge,
            Meters meters,
            Clock clock) {
        this.reader = reader;
        this.callers = callers;
        this.validation = validation;
        this.trail = trail;
        this.devices = devices;
        this.edge = edge;
        this.meters = meters;
        this.clock = clock;
    }

    void validate(Context ctx) {
        long began = System.nanoTime();
        String requestId = reader.requestId(ctx);
        if (ctx.header("Origin") != null) {
            throw ProblemException.of(
                    ProblemCode.BROWSER_NOT_ALLOWED,
                    "a bridge call carries an Origin header: the bridge secret must never be in a browser");
        }
        Caller caller =
                authenticate(ctx)
                        .orElseThrow(() -> {
                            edge.limits().countWrongSecret(ctx);
                            trail.unknownCaller(
                                    reader.clientAddress(ctx).toString(),
                                    requestId,
                                    clock.instant());
                            meters.took(System.nanoTime() - began);
                            return ProblemException.of(
                                    ProblemCode.INVALID_BRIDGE_SECRET, "Invalid bridge secret");
                        });
        edge.tenants().requireActive(caller.tenant());
        BridgeCall call = call(ctx, caller, requestId);
        Verdict verdict = validation.validate(call);
        Answers.verdict(ctx, caller, verdict, clock.instant(), requestId);
        meters.took(System.nanoTime() - began);
    }

    private Optional<Caller> authenticate(Context ctx) {
        String secret = ctx.header("X-Bridge-Secret");
        if (secret == null || secret.length() > MOST_SECRET) {
            secret = ""; // nobody's secret, with the same work
        }
        return callers.authenticate(secret.getBytes(StandardCharsets.UTF_8));
    }

    private BridgeCall call(Context ctx, Caller caller, String requestId) {
        Body body = reader.body(ctx);
        String session =
                sessionId(ctx, caller, body)
                        .orElseThrow(() ->
                                ProblemException.of(
                                        ProblemCode.SESSION_ID_REQUIRED,
                                        "session_id is missing: put it in the body or in the header X-Session-ID"));
        Signals signals =
                new Signals(
                        ip(body),
                        body.text(
                                        RequestReader.MOST_DEVICE,
                                        "device_id",
                                        "deviceId",
                                        "device_fingerprint")
                                .filter(text -> !text.isBlank())
                                .map(text -> devices.hash(caller.tenant(), text))
                                .orElse(null),
                        body.text(8 * RequestReader.MOST_AGENT, "user_agent", "userAgent")
                                .filter(text -> !text.isBlank())
                                .map(Devices::agent)
                                .orElse(null),
                        body.text(RequestReader.MOST_TOKEN, "device_cookie", "deviceCookie")
                                .filter(text -> !text.isBlank())
                                .map(text -> devices.hashCookie(caller.tenant(), text))
                                .orElse(null));
        return new BridgeCall(
                caller,
                SessionToken.parse(session).map(SessionToken::id).orElse(null),
                signals,
                body.text(16, "method").filter(text -> !text.isBlank()).orElse(null),
                body.text(2048, "path")
                        .filter(text -> !text.isBlank())
                        .map(ValidateEndpoint::bare)
                        .orElse(null),
                mode(body),
                requestId);
    }

    private Optional<String> sessionId(Context ctx, Caller caller, Body body) {
        Map<String, Optional<String>> places = new LinkedHashMap<>();
        places.put("body session_id", body.text(RequestReader.MOST_TOKEN, "session_id"));
        places.put("body sessionId", body.text(RequestReader.MOST_TOKEN, "sessionId"));
        places.put(
                "header X-Session-ID",
                reader.header(ctx, "X-Session-ID", RequestReader.MOST_TOKEN));
        String query = ctx.queryParam("session_id");
        if (query != null) {
            if (caller.kit() != CallerKit.FLOWFULL) {
                throw ProblemException.inField(
                        "session_id",
                        "is not read from the query string, where it ends up in logs; use the body or X-Session-ID");
            }
            places.put(
                    "query session_id",
                    Optional.of(Body.checked("session_id", query, RequestReader.MOST_TOKEN)));
        }
        return RequestReader.oneSessionId(places);
    }

    /** The address a back end reports; null when it reports none. */
    static @Nullable IpAddress ip(Body body) {
        return body.text(512, "ip", "ip_address", "ipAddress")
                .filter(text -> !text.isBlank())
                .map(text ->
                        ReportedAddress.first(text)
                                .orElseThrow(() ->
                                        ProblemException.inField(
                                                "ip",
                                                "is no IP address; write it like 198.51.100.4 or 2001:db8::1")))
                .orElse(null);
    }

    private static @Nullable ValidationMode mode(Body body) {
        return body.text(32, "validation_mode", "validationMode")
                .filter(text -> !text.isBlank())
                .map(text ->
                        ValidationMode.parse(text)
                                .orElseThrow(() ->
                                        ProblemException.inField(
                                                "validation_mode",
                                                "is no mode; use STANDARD, ADVANCED or STRICT")))
                .orElse(null);
    }

    /** The path without its query, which may hold what must not be logged. */
    private static String bare(String path) {
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }
}
