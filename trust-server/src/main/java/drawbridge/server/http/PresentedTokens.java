package drawbridge.server.http;

import drawbridge.model.ProblemCode;
import drawbridge.model.TenantId;
import drawbridge.server.account.Email;
import drawbridge.server.session.Sessions.By;
import drawbridge.server.token.AccountTokens.Presented;
import drawbridge.server.token.TrustTokens.Presenter;

import io.javalin.http.Context;

import java.util.Optional;
import java.util.regex.Pattern;

/** Reads trust tokens out of requests, and has the one answer for those that are not good. */
final class PresentedTokens {
    /** More than any token of ours has; what is longer is refused like any other. */
    static final int MOST_TOKEN = 16 * 1024;

    private static final Pattern REPEAT_KEY = Pattern.compile("[\\x21-\\x7e]{8,128}");

    private final RequestReader reader;
    private final ClientGate gate;

    PresentedTokens(RequestReader reader, ClientGate gate) {
        this.reader = reader;
        this.gate = gate;
    }

    /** The token in the body's field {@code token}. */
    Presented inBody(Context ctx) {
        return presented(ctx, reader.body(ctx).needed(MOST_TOKEN, "token"));
    }

    /** The token in the query, which our logs never hold. */
    Presented inQuery(Context ctx) {
        String token = ctx.queryParam("token");
        if (token == null || token.isBlank()) {
            throw ProblemException.inField("token", "is missing; put it into the query");
        }
        return presented(ctx, token);
    }

    /** That token, presented by this request. */
    Presented presented(Context ctx, String token) {
        return new Presented(token, tenant(ctx), repeatKey(ctx), presenter(ctx));
    }

    /** The address somebody asks a mail for. */
    static Email email(Body body) {
        String typed = body.needed(320, "email");
        return Email.parse(typed)
                .orElseThrow(() ->
                        ProblemException.inField(
                                "email", "is no e-mail address; write it like ana@example.com"));
    }

    TenantId tenant(Context ctx) {
        return gate.tenant(ctx);
    }

    Presenter presenter(Context ctx) {
        String agent = ctx.userAgent();
        return new Presenter(
                By.user(reader.requestId(ctx)),
                reader.clientAddress(ctx),
                agent == null || agent.isBlank() ? null : Devices.agent(agent));
    }

    /** What a client sends again when the answer to its first call was lost. */
    private static Optional<String> repeatKey(Context ctx) {
        Optional<String> key = Optional.ofNullable(ctx.header("Idempotency-Key"));
        if (key.filter(k -> !REPEAT_KEY.matcher(k).matches()).isPresent()) {
            throw ProblemException.inField(
                    "Idempotency-Key", "must have 8 to 128 visible characters without blanks");
        }
        return key;
    }

    /** One answer, whatever is wrong with a token. */
    static ProblemException invalid() {
        return ProblemException.of(
                ProblemCode.INVALID_TOKEN, "the token is not valid, or not any more");
    }
}
