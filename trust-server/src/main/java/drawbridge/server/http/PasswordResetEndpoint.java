package drawbridge.server.http;

import drawbridge.server.account.Email;
import drawbridge.server.session.Sessions.By;
import drawbridge.server.token.AccountTokens;
import drawbridge.server.token.AccountTokens.Outcome;
import drawbridge.server.token.AccountTokens.Presented;
import drawbridge.server.token.Purpose;
import drawbridge.server.token.TokenMail;
import drawbridge.server.token.TrustTokens;
import drawbridge.server.token.TrustTokens.Verified;

import io.javalin.http.Context;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.Optional;

/** Forgotten passwords, and addresses to be proven: asked for by address, done by a token. */
final class PasswordResetEndpoint {
    private static final int MOST_PASSWORD = 1024;
    private static final int MOST_URL = 2048;

    private final RequestReader reader;
    private final PresentedTokens presented;
    private final TrustTokens tokens;
    private final AccountTokens accounts;
    private final TokenMail mail;

    PasswordResetEndpoint(
            RequestReader reader,
            PresentedTokens presented,
            TrustTokens tokens,
            AccountTokens accounts,
            TokenMail mail) {
        this.reader = reader;
        this.presented = presented;
        this.tokens = tokens;
        this.accounts = accounts;
        this.mail = mail;
    }

    /** The same answer and the same work whether or not the address has an account. */
    void request(Context ctx) {
        Body body = reader.body(ctx);
        Email email = PresentedTokens.email(body);
        Optional<String> landing = body.text(MOST_URL, "reset_url", "resetUrl");
        ask(ctx, Purpose.PASSWORD_RESET, email, landing);
        success(ctx, "if the address has an account, a mail is on its way");
    }

    /** The same for a mail that proves an address. */
    void resendVerification(Context ctx) {
        ask(ctx, Purpose.EMAIL_VERIFY, PresentedTokens.email(reader.body(ctx)), Optional.empty());
        success(ctx, "if the address waits to be confirmed, a mail is on its way");
    }

    private void ask(Context ctx, Purpose purpose, Email email, Optional<String> landing) {
        mail.ask(presented.tenant(ctx), purpose, email, landing, By.user(reader.requestId(ctx)));
    }

    void validateInPath(Context ctx) {
        validate(ctx, Purpose.PASSWORD_RESET, presented.presented(ctx, ctx.pathParam("token")));
    }

    void validateInQuery(Context ctx) {
        validate(ctx, Purpose.PASSWORD_RESET, presented.inQuery(ctx));
    }

    void validateInBody(Context ctx) {
        validate(ctx, Purpose.PASSWORD_RESET, presented.inBody(ctx));
    }

    /** Tells whether a token would prove an address; proves nothing. */
    void previewVerification(Context ctx) {
        validate(ctx, Purpose.EMAIL_VERIFY, presented.inQuery(ctx));
    }

    private void validate(Context ctx, Purpose purpose, Presented token) {
        if (tokens.verify(token.text(), purpose, token.tenant(), token.from())
                instanceof Verified.Stopped) {
            throw PresentedTokens.invalid();
        }
        tokens.previewed(token.tenant(), purpose, true, token.from());
        ObjectNode answer = Json.object();
        answer.put("success", true);
        answer.put("valid", true);
        answer.put("message", "the token is valid");
        Answers.json(ctx, 200, answer);
    }

    /** Sets the new password, under both paths the kits know. */
    void complete(Context ctx) {
        Body body = reader.body(ctx);
        Presented token = presented.inBody(ctx);
        String password = body.needed(MOST_PASSWORD, "password", "new_password", "newPassword");
        answer(
                ctx,
                accounts.setPassword(token, password.toCharArray()),
                "the password is set; log in with it");
    }

    /** Proves the address. */
    void verifyEmail(Context ctx) {
        answer(ctx, accounts.verifyEmail(presented.inBody(ctx)), "the address is confirmed");
    }

    private static void answer(Context ctx, Outcome outcome, String done) {
        switch (outcome) {
            case Outcome.Done _, Outcome.LoggedIn _ -> success(ctx, done);
            case Outcome.Weak(String why) -> throw UserOutcomes.weak(why);
            case Outcome.Busy(Duration retryAfter) -> throw UserOutcomes.busy(retryAfter);
            case Outcome.Refused _ -> throw PresentedTokens.invalid();
        }
    }

    private static void success(Context ctx, String message) {
        ObjectNode answer = Json.object();
        answer.put("success", true);
        answer.put("message", message);
        Answers.json(ctx, 200, answer);
    }
}
