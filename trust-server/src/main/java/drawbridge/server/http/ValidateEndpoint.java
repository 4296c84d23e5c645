package drawbridge.server.http;

import drawbridge.model.ProblemCode;
import drawbridge.model.SessionId;
import drawbridge.model.ValidationMode;
import drawbridge.server.bridge.BridgeCall;
import drawbridge.server.bridge.BridgeValidation;
import drawbridge.server.bridge.Caller;
import drawbridge.server.bridge.Scope;
import drawbridge.server.http.BridgeGate.Admitted;
import drawbridge.server.judge.Verdict;
import drawbridge.server.judge.Verdict.Trusted;
import drawbridge.server.session.SessionKey;
import drawbridge.server.session.Sessions;
import drawbridge.server.session.Sessions.By;
import drawbridge.server.session.Signals;

import io.javalin.http.Context;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What back ends call: {@code POST /auth/bridge/validate}, the main job; the same in its older
 * form; and the end of a session that is presented by its id.
 */
final class ValidateEndpoint {
    private final RequestReader reader;
    private final BridgeGate gate;
    private final BridgeSessionId sessionIds;
    private final BridgeValidation validation;
    private final Sessions sessions;
    private final Devices devices;
    private final LongSupplier applied;
    private final Clock clock;
    private final TrustedAnswers answers = new TrustedAnswers();

    ValidateEndpoint(
            RequestReader reader,
            BridgeGate gate,
            BridgeSessionId sessionIds,
            BridgeValidation validation,
            Sessions sessions,
            Devices devices,
            LongSupplier applied,
            Clock clock) {
        this.reader = reader;
        this.gate = gate;
        this.sessionIds = sessionIds;
        this.validation = validation;
        this.sessions = sessions;
        this.devices = devices;
        this.applied = applied;
        this.clock = clock;
    }

    void validate(Context ctx) {
        Caller caller = gate.caller(ctx, Scope.VALIDATE);
        Answers.send(ctx, validate(new RoutedBridgeRequest(ctx, reader), caller));
        gate.answered(ctx);
    }

    /** The same for a request that did not come by the route table: the gate is in it. */
    Visit visit(BridgeRequest request) {
        return new Visit(request);
    }

    /**
     * A request on its way to an answer. For one thread at a time: one that may not wait can begin,
     * and another go on from there, so that nothing is counted twice.
     */
    final class Visit {
        private final BridgeRequest request;
        private @Nullable Admitted admitted;
        private @Nullable BridgeCall call;

        private Visit(BridgeRequest request) {
            this.request = request;
        }

        /**
         * The answer, without waiting for anything.
         *
         * @return empty when something has to be waited for: then {@link #answer} goes on
         * @throws RuntimeException when {@link #answer} will refuse it too
         */
        Optional<Reply> answerAtOnce() {
            Optional<Admitted> in = gate.admitAtOnce(request);
            if (in.isEmpty()) {
                return Optional.empty();
            }
            admitted = in.get();
            BridgeCall asked = asked(in.get());
            long asOf = applied.getAsLong();
            return validation
                    .validateAtOnce(asked)
                    .map(verdict -> answered(in.get(), asked, verdict, asOf));
        }

        /** The answer, whatever has to be waited for. */
        Reply answer() {
            Admitted in = admitted == null ? gate.admit(request) : admitted;
            BridgeCall asked = call == null ? asked(in) : call;
            long asOf = applied.getAsLong();
            return answered(in, asked, validation.validate(asked), asOf);
        }

        private BridgeCall asked(Admitted in) {
            BridgeCall asked = call(request, gate.allowed(in, Scope.VALIDATE));
            call = asked;
            return asked;
        }

        private Reply answered(Admitted in, BridgeCall asked, Verdict verdict, long asOf) {
            Reply reply = reply(asked, verdict, asOf);
            gate.answered(in);
            return reply;
        }
    }

    private Reply validate(BridgeRequest request, Caller caller) {
        BridgeCall call = call(request, caller);
        long asOf = applied.getAsLong();
        return reply(call, validation.validate(call), asOf);
    }

    /**
     * @param asOf how much of the log was applied before the session was looked for, so that it is
     *     never too much
     */
    private Reply reply(BridgeCall call, Verdict verdict, long asOf) {
        return verdict instanceof Trusted trusted
                ? new Reply(200, answers.of(call.caller(), trusted, asOf, clock.instant()), 0)
                : Answers.untrusted(verdict, call.requestId());
    }

    /**
     * {@code POST /bridge/validate}, as clients of an older generation read it: what they read of a
     * trusted session is in {@code data}.
     */
    void olderValidate(Context ctx) {
        Caller caller = gate.caller(ctx, Scope.VALIDATE);
        RoutedBridgeRequest request = new RoutedBridgeRequest(ctx, reader);
        long asOf = applied.getAsLong();
        Verdict verdict = validation.validate(call(request, caller));
        if (verdict instanceof Trusted trusted) {
            ObjectNode data = answers.tree(caller, trusted, asOf, clock.instant());
            data.remove("success");
            ObjectNode body = Json.object();
            body.put("success", true);
            body.set("data", data);
            Answers.json(ctx, 200, body);
        } else {
            Answers.send(ctx, Answers.untrusted(verdict, request.id()));
        }
        gate.answered(ctx);
    }

    /** {@code POST /auth/bridge/revoke}: who presents a session's id may end it. */
    void revoke(Context ctx) {
        Caller caller = gate.caller(ctx, Scope.REVOKE_OWN);
        SessionId session =
                sessionIds
                        .of(new RoutedBridgeRequest(ctx, reader), caller)
                        .orElseThrow(ValidateEndpoint::unknown);
        var receipt =
                sessions.end(
                                new SessionKey(caller.tenant(), session),
                                "ended by its back end",
                                new By("caller:" + caller.name(), reader.requestId(ctx)))
                        .orElseThrow(ValidateEndpoint::unknown);
        ObjectNode answer = Json.object();
        answer.put("success", true);
        answer.put("revoked", true);
        answer.put("number", receipt.number());
        answer.put("committed_at", receipt.committedAt().toString());
        Answers.json(ctx, 200, answer);
    }

    private static ProblemException unknown() {
        return ProblemException.of(ProblemCode.INVALID_SESSION, "Invalid or expired session");
    }

    private BridgeCall call(BridgeRequest request, Caller caller) {
        Texts body = request.body();
        SessionId session = sessionIds.of(request, caller).orElse(null);
        Signals told = ReportedSignals.of(body, caller.tenant(), devices);
        Signals signals =
                new Signals(
                        told.ip(),
                        told.device(),
                        told.agent(),
                        body.text(RequestReader.MOST_TOKEN, "device_cookie", "deviceCookie")
                                .filter(text -> !text.isBlank())
                                .map(text -> devices.hashCookie(caller.tenant(), text))
                                .orElse(null));
        return new BridgeCall(
                caller,
                session,
                signals,
                body.text(16, "method").filter(text -> !text.isBlank()).orElse(null),
                body.text(2048, "path")
                        .filter(text -> !text.isBlank())
                        .map(ValidateEndpoint::bare)
                        .orElse(null),
                mode(body),
                request.id());
    }

    /** The mode asked for; null when none is. */
    static @Nullable ValidationMode mode(Texts body) {
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
    static String bare(String path) {
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }
}
