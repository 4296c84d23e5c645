package drawbridge.server.http;

import drawbridge.model.ProblemCode;
import drawbridge.model.TenantId;
import drawbridge.server.account.Accounts;
import drawbridge.server.account.Accounts.Login;
import drawbridge.server.account.Accounts.Registration;
import drawbridge.server.account.Email;
import drawbridge.server.session.Found;
import drawbridge.server.session.SessionKey;
import drawbridge.server.session.Sessions;
import drawbridge.server.session.Sessions.By;
import drawbridge.server.session.Sessions.Opened;
import drawbridge.server.session.Signals;
import drawbridge.server.session.UserFacts;

import io.javalin.http.Context;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What browsers and apps call: register, log in, log out, ask whether they are logged in. */
final class AccountEndpoint {
    private static final int MOST_PASSWORD = 1024;
    private static final int MOST_NAME = 200;

    private final RequestReader reader;
    private final Accounts accounts;
    private final Sessions sessions;
    private final ClientGate gate;
    private final SessionCookie cookie;
    private final Devices devices;

    AccountEndpoint(
            RequestReader reader,
            Accounts accounts,
            Sessions sessions,
            ClientGate gate,
            SessionCookie cookie,
            Devices devices) {
        this.reader = reader;
        this.accounts = accounts;
        this.sessions = sessions;
        this.gate = gate;
        this.cookie = cookie;
        this.devices = devices;
    }

    void register(Context ctx) {
        Body body = reader.body(ctx);
        Email email = email(body);
        String password = body.needed(MOST_PASSWORD, "password");
        String name = body.text(MOST_NAME, "name").orElse("");
        String lastName = body.text(MOST_NAME, "last_name", "lastName").orElse("");
        TenantId tenant = gate.tenant(ctx);
        Registration outcome =
                accounts.register(
                        tenant,
                        new Accounts.NewAccount(email, name, lastName),
                        password.toCharArray(),
                        signals(ctx, body, tenant),
                        By.user(reader.requestId(ctx)));
        switch (outcome) {
            case Registration.Done(Opened opened) -> answerRegistered(ctx, opened);
            case Registration.Duplicate _ ->
                    throw new ProblemException(
                            ProblemCode.DUPLICATE_ACCOUNT,
                            "email: this address is registered already",
                            "email",
                            0);
            case Registration.Pending(UserFacts facts) -> answerPending(ctx, facts);
            case Registration.Weak(String why) ->
                    throw new ProblemException(
                            ProblemCode.WEAK_PASSWORD, "password: " + why, "password", 0);
            case Registration.Busy(Duration retryAfter) -> throw busy(retryAfter);
        }
    }

    private static void answerPending(Context ctx, UserFacts facts) {
        ObjectNode data = Json.object();
        data.put("id", facts.id().value());
        data.set("user", Answers.user(facts));
        ObjectNode answer = Json.object();
        answer.put("success", true);
        answer.put("message", "look into your mail and confirm the address");
        answer.set("data", data);
        Answers.json(ctx, 201, answer);
    }

    private void answerRegistered(Context ctx, Opened opened) {
        ObjectNode user = Answers.user(opened.session().user());
        ObjectNode data = Json.object();
        data.put("id", opened.session().user().id().value());
        data.set("user", user);
        putSession(ctx, data, opened);
        ObjectNode answer = Json.object();
        answer.put("success", true);
        answer.put("message", "registered");
        answer.set("data", data);
        Answers.json(ctx, 201, answer);
    }

    void logIn(Context ctx) {
        Body body = reader.body(ctx);
        Email email = email(body);
        String password = body.needed(MOST_PASSWORD, "password");
        TenantId tenant = gate.tenant(ctx);
        Login outcome =
                accounts.logIn(
                        tenant,
                        email,
                        password.toCharArray(),
                        signals(ctx, body, tenant),
                        By.user(reader.requestId(ctx)));
        switch (outcome) {
            case Login.Done(Opened opened) -> {
                ObjectNode answer = Json.object();
                answer.put("success", true);
                answer.set("user", Answers.user(opened.session().user()));
                putSession(ctx, answer, opened);
                Answers.json(ctx, 200, answer);
            }
            case Login.Refused _ ->
                    throw ProblemException.of(
                            ProblemCode.INVALID_CREDENTIALS, "Invalid email or password");
            case Login.Unverified _ ->
                    throw ProblemException.of(
                            ProblemCode.EMAIL_NOT_VERIFIED,
                            "the address is not confirmed yet; open the link in your mail");
            case Login.Busy(Duration retryAfter) -> throw busy(retryAfter);
        }
    }

    static ProblemException busy(Duration retryAfter) {
        return ProblemException.later(
                ProblemCode.HASHING_BUSY,
                "too many logins at once; try again in a moment",
                (int) Math.max(1, retryAfter.toSeconds()));
    }

    static Email email(Body body) {
        String typed = body.needed(320, "email");
        return Email.parse(typed)
                .orElseThrow(() ->
                        ProblemException.inField(
                                "email", "is no e-mail address; write it like ana@example.com"));
    }

    /** What a login shows of where it comes from. */
    Signals signals(Context ctx, Body body, TenantId tenant) {
        Optional<String> device =
                reader.header(ctx, "X-Device-ID", RequestReader.MOST_DEVICE)
                        .or(() -> body.text(RequestReader.MOST_DEVICE, "device_id", "deviceId"))
                        .filter(text -> !text.isBlank());
        String agent = ctx.userAgent();
        return new Signals(
                reader.clientAddress(ctx),
                device.map(text -> devices.hash(tenant, text)).orElse(null),
                agent == null || agent.isBlank() ? null : Devices.agent(agent));
    }

    /** Gives the client its new session, in the body and as a cookie. */
    void putSession(Context ctx, ObjectNode body, Opened opened) {
        Instant expires = opened.session().expiresAt(opened.session().createdAt());
        String token = opened.token().reveal();
        Answers.newSession(body, token, expires);
        cookie.set(
                ctx,
                token,
                Duration.between(opened.session().createdAt(), opened.session().absoluteEnd()));
    }

    void logOut(Context ctx) {
        SessionKey key = ClientGate.session(ctx).session().key();
        sessions.end(key, "logout", By.user(reader.requestId(ctx)));
        cookie.clear(ctx);
        ObjectNode answer = Json.object();
        answer.put("success", true);
        answer.put("message", "logged out");
        Answers.json(ctx, 200, answer);
    }

    /**
     * Whether the client is logged in. Looking does not count as use: the idle lifetime runs on.
     */
    void validation(Context ctx) {
        Found found = ClientGate.session(ctx);
        Instant expires = found.session().expiresAt(found.lastSeenAt());
        ObjectNode answer = Json.object();
        answer.put("success", true);
        answer.set("user", Answers.user(found.session().user()));
        answer.set("session", Answers.session(found.session(), found.lastSeenAt(), expires));
        answer.put("expiresAt", expires.toString());
        answer.put("expires_at", expires.toString());
        Answers.json(ctx, 200, answer);
    }
}
