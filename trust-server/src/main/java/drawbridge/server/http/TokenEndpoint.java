package drawbridge.server.http;

import drawbridge.model.ProblemCode;
import drawbridge.server.account.Email;
import drawbridge.server.bridge.Caller;
import drawbridge.server.bridge.Scope;
import drawbridge.server.session.Found;
import drawbridge.server.session.Sessions.By;
import drawbridge.server.session.Sessions.Opened;
import drawbridge.server.session.Sessions.Start;
import drawbridge.server.session.UserFacts;
import drawbridge.server.token.AccountTokens;
import drawbridge.server.token.AccountTokens.Newcomer;
import drawbridge.server.token.AccountTokens.Outcome;
import drawbridge.server.token.AccountTokens.Presented;
import drawbridge.server.token.Purpose;
import drawbridge.server.token.TokenMail;
import drawbridge.server.token.TokenMail.Issued;
import drawbridge.server.token.TokenMail.Recipient;
import drawbridge.server.token.TokenRow;
import drawbridge.server.token.TokenSettings;
import drawbridge.server.token.TrustTokens;
import drawbridge.server.token.TrustTokens.Verified;

import io.javalin.http.Context;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.Optional;

/** Logging in by a link, and invitations. */
final class TokenEndpoint {
    private static final int MOST_PASSWORD = 1024;
    private static final int MOST_NAME = 200;
    private static final int MOST_URL = 2048;

    /** What the kits call a token that logs in. */
    private static final String TOKEN_TYPE = "token_login";

    private final RequestReader reader;
    private final PresentedTokens presented;
    private final TrustTokens tokens;
    private final AccountTokens accounts;
    private final TokenMail mail;
    private final TokenSettings settings;
    private final AccountEndpoint logins;
    private final BridgeGate bridge;
    private final Devices devices;

    TokenEndpoint(
            RequestReader reader,
            PresentedTokens presented,
            HttpListeners.TokenServices with,
            AccountEndpoint logins,
            BridgeGate bridge,
            Devices devices) {
        this.reader = reader;
        this.presented = presented;
        this.tokens = with.tokens();
        this.accounts = with.accounts();
        this.mail = with.mail();
        this.settings = with.settings();
        this.logins = logins;
        this.bridge = bridge;
        this.devices = devices;
    }

    /** Sends a login link; the answer is the same for known and unknown addresses. */
    void create(Context ctx) {
        Body body = reader.body(ctx);
        String method = body.text(16, "method", "type").orElse("email");
        refusePhones(method, body);
        String id = send(ctx, PresentedTokens.email(body), body.text(MOST_URL, "login_url"));
        ObjectNode answer = sent(id);
        answer.put("method", "email");
        answer.put("expires_in", settings.lifetime(Purpose.MAGIC_LINK).toSeconds());
        Answers.json(ctx, 200, answer);
    }

    private static void refusePhones(String method, Body body) {
        if (!method.equals("email")) {
            throw ProblemException.inField(
                    "method", "only email is configured: this server sends no text messages");
        }
        if (body.text(64, "phone").isPresent() && body.text(320, "email").isEmpty()) {
            throw ProblemException.inField(
                    "phone", "cannot be written to: this server sends no text messages");
        }
    }

    private String send(Context ctx, Email email, Optional<String> landing) {
        return mail.ask(
                presented.tenant(ctx),
                Purpose.MAGIC_LINK,
                email,
                landing,
                By.user(reader.requestId(ctx)));
    }

    private static ObjectNode sent(String id) {
        ObjectNode answer = Json.object();
        answer.put("success", true);
        answer.put("message", "if the address has an account, a mail is on its way");
        answer.put("token_id", id);
        return answer;
    }

    /**
     * With {@code token}, logs in; with {@code identifier}, sends a login link. The kits use this
     * path for both.
     */
    void logIn(Context ctx) {
        Body body = reader.body(ctx);
        Optional<String> identifier = body.text(320, "identifier").filter(text -> !text.isBlank());
        if (body.text(PresentedTokens.MOST_TOKEN, "token").isPresent() || identifier.isEmpty()) {
            Presented token = presented.inBody(ctx);
            Start start = logins.start(ctx, body, token.tenant());
            answerLogin(ctx, 200, accounts.logIn(token, start));
            return;
        }
        refusePhones(body.text(16, "type", "method").orElse("email"), body);
        Email email =
                Email.parse(identifier.get())
                        .orElseThrow(() ->
                                ProblemException.inField("identifier", "is no e-mail address"));
        Optional<String> landing = body.text(MOST_URL, "redirect_url", "redirectUrl", "login_url");
        Answers.json(ctx, 200, sent(send(ctx, email, landing)));
    }

    private void answerLogin(Context ctx, int status, Outcome outcome) {
        switch (outcome) {
            case Outcome.LoggedIn(Opened opened, Optional<String> _) -> {
                ObjectNode answer = Json.object();
                answer.put("success", true);
                answer.set("user", Answers.user(opened.session().user()));
                logins.putSession(ctx, answer, opened);
                Answers.json(ctx, status, answer);
            }
            case Outcome.Weak(String why) -> throw UserOutcomes.weak(why);
            case Outcome.Busy(Duration retryAfter) -> throw UserOutcomes.busy(retryAfter);
            case Outcome.Done _, Outcome.Refused _ -> throw PresentedTokens.invalid();
        }
    }

    /** Whether a login token is good, and whose it is; logs nobody in. */
    void validateInQuery(Context ctx) {
        look(ctx, presented.inQuery(ctx));
    }

    /**
     * From a back end with its bridge secret, logs in: the session is bound to what it reports of
     * its client. From anybody else, the same as the query form.
     */
    void validateInBody(Context ctx) {
        Presented token =
                ctx.queryParam("token") == null ? presented.inBody(ctx) : presented.inQuery(ctx);
        if (ctx.header("X-Bridge-Secret") == null) {
            look(ctx, token);
            return;
        }
        if (ctx.header("Origin") != null) {
            throw ProblemException.of(
                    ProblemCode.BROWSER_NOT_ALLOWED,
                    "a bridge call carries an Origin header: the bridge secret must never be in a browser");
        }
        Caller caller = authenticate(ctx);
        Presented ofCaller =
                new Presented(token.text(), caller.tenant(), token.repeatKey(), token.from());
        Body body = reader.body(ctx);
        Outcome outcome =
                accounts.logIn(
                        ofCaller,
                        new Start(ReportedSignals.of(body, caller.tenant(), devices), false));
        if (!(outcome instanceof Outcome.LoggedIn(Opened opened, var _))) {
            throw PresentedTokens.invalid();
        }
        ObjectNode answer = Json.object();
        answer.put("success", true);
        answer.put("valid", true);
        answer.set("user", Answers.user(opened.session().user()));
        answer.put("tokenType", TOKEN_TYPE);
        Answers.newSession(
                answer,
                opened.token().reveal(),
                opened.session().expiresAt(opened.session().createdAt()));
        Answers.json(ctx, 200, answer);
    }

    private Caller authenticate(Context ctx) {
        Caller _ = bridge.admit(ctx);
        return bridge.caller(ctx, Scope.VALIDATE);
    }

    private void look(Context ctx, Presented token) {
        if (!(tokens.verify(token.text(), Purpose.MAGIC_LINK, token.tenant(), token.from())
                instanceof Verified.Good(TokenRow row, Optional<UserFacts> owner))) {
            throw PresentedTokens.invalid();
        }
        ObjectNode answer = Json.object();
        answer.put("success", true);
        answer.put("valid", true);
        answer.put("message", "the token is valid");
        answer.set("user", Answers.user(owner.orElseThrow()));
        answer.put("tokenType", TOKEN_TYPE);
        answer.put("token_id", row.id());
        answer.put("expires_at", row.expiresAt().toString());
        Answers.json(ctx, 200, answer);
    }

    /** An administrator of the tenant invites somebody. */
    void invite(Context ctx) {
        Body body = reader.body(ctx);
        Email email = PresentedTokens.email(body);
        String type = body.text(32, "user_type", "userType").orElse("user");
        requireUserType(type);
        Found inviter = ClientGate.session(ctx);
        Issued issued =
                mail.issue(
                        inviter.session().tenant(),
                        Purpose.INVITE,
                        new Recipient(Optional.empty(), Optional.of(email)),
                        Optional.of(type),
                        Optional.empty(),
                        true,
                        inviter.session().user().id().value(),
                        By.user(reader.requestId(ctx)));
        switch (issued) {
            case Issued.Done(TrustTokens.Minted minted) -> {
                ObjectNode data = Json.object();
                data.put("id", minted.row().id());
                data.put("email", minted.row().email());
                data.put("user_type", type);
                data.put("expires_at", minted.row().expiresAt().toString());
                ObjectNode answer = Json.object();
                answer.put("success", true);
                answer.put("message", "the invitation is on its way");
                answer.set("data", data);
                Answers.json(ctx, 201, answer);
            }
            case Issued.AddressTaken _, Issued.UnknownUser _ ->
                    throw new ProblemException(
                            ProblemCode.DUPLICATE_ACCOUNT,
                            "email: this address is registered already",
                            "email",
                            0);
        }
    }

    static void requireUserType(String text) {
        if (!text.matches("[a-z][a-z0-9_-]{0,31}")) {
            throw ProblemException.inField("user_type", "is no user type; write it like user");
        }
    }

    /** Somebody who was invited makes their account. */
    void accept(Context ctx) {
        Body body = reader.body(ctx);
        Presented token = presented.inBody(ctx);
        String password = body.needed(MOST_PASSWORD, "password");
        Newcomer newcomer =
                new Newcomer(
                        body.text(MOST_NAME, "name").orElse(""),
                        body.text(MOST_NAME, "last_name", "lastName").orElse(""));
        Start start = logins.start(ctx, body, token.tenant());
        answerLogin(ctx, 201, accounts.accept(token, newcomer, password.toCharArray(), start));
    }
}
