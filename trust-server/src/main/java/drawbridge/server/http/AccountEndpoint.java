package drawbridge.server.http;

import drawbridge.model.ProblemCode;
import drawbridge.model.TenantId;
import drawbridge.server.account.Accounts;
import drawbridge.server.account.Accounts.Login;
import drawbridge.server.account.Accounts.Registration;
import drawbridge.server.account.LoginName;
import drawbridge.server.account.UserField;
import drawbridge.server.http.HttpListeners.Registering;
import drawbridge.server.session.Found;
import drawbridge.server.session.SessionKey;
import drawbridge.server.session.Sessions;
import drawbridge.server.session.Sessions.By;
import drawbridge.server.session.Sessions.Opened;
import drawbridge.server.session.Sessions.Start;
import drawbridge.server.session.Signals;
import drawbridge.server.session.UserFacts;
import drawbridge.server.tenant.Quotas.Room;

import io.javalin.http.Context;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;

/** What browsers and apps call: register, log in, log out, ask whether they are logged in. */
final class AccountEndpoint {

    private final RequestReader reader;
    private final Accounts accounts;
    private final Sessions sessions;
    private final ClientGate gate;
    private final Browsers browsers;
    private final Registrations registrations;

    /** How browsers are remembered. */
    record Browsers(BrowserCookie session, DeviceCookie device, Devices devices) {}

    /** Who may make accounts, and how those are known and served who are not anybody. */
    record Registrations(Registering policy, BridgeGate bridge, ProfileEndpoint byAdmin) {}

    AccountEndpoint(
            RequestReader reader,
            Accounts accounts,
            Sessions sessions,
            ClientGate gate,
            Browsers browsers,
            Registrations registrations) {
        this.reader = reader;
        this.accounts = accounts;
        this.sessions = sessions;
        this.gate = gate;
        this.browsers = browsers;
        this.registrations = registrations;
    }

    void register(Context ctx) {
        switch (registrations.policy()) {
            case OPEN -> register(ctx, gate.tenant(ctx));
            case BRIDGE -> register(ctx, callersTenant(ctx));
            case ADMIN -> {
                gate.requireAdmin(ctx);
                registrations.byAdmin().create(ctx); // the administrator stays who he is
            }
            case OFF ->
                    throw ProblemException.of(
                            ProblemCode.REGISTRATION_CLOSED, "accounts are not made here");
        }
    }

    private TenantId callersTenant(Context ctx) {
        return registrations.bridge().admit(ctx).tenant();
    }

    private void register(Context ctx, TenantId tenant) {
        Body read = reader.body(ctx);
        UserBody body = UserBody.ofClient(read);
        Registration outcome =
                accounts.register(
                        tenant,
                        body.account(accounts.drawId(), false),
                        body.password("password"),
                        start(ctx, read, tenant),
                        By.user(reader.requestId(ctx)));
        switch (outcome) {
            case Registration.Done(Opened opened) -> answerRegistered(ctx, opened);
            case Registration.Duplicate(UserField field) -> throw UserOutcomes.taken(field);
            case Registration.Pending(UserFacts facts) -> answerPending(ctx, facts);
            case Registration.Weak(String why) -> throw UserOutcomes.weak(why);
            case Registration.Busy(Duration retryAfter) -> throw UserOutcomes.busy(retryAfter);
            case Registration.NoRoom(Room why) -> throw UserOutcomes.noRoom(why);
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
        Body read = reader.body(ctx);
        UserBody body = UserBody.ofClient(read);
        LoginName name = body.loginName();
        char[] password = body.password("password");
        TenantId tenant = gate.tenant(ctx);
        Login outcome =
                accounts.logIn(
                        tenant,
                        name,
                        password,
                        start(ctx, read, tenant),
                        LimitGate.owed(ctx),
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
            case Login.Busy(Duration retryAfter) -> throw UserOutcomes.busy(retryAfter);
            case Login.TooSoon(Duration retryAfter) -> throw LimitGate.tooMany(retryAfter);
            case Login.NoRoom _ -> throw UserOutcomes.noRoom(Room.FULL);
        }
    }

    /** How a session begins: its signals, and whether its user asked to be remembered. */
    Start start(Context ctx, Body body, TenantId tenant) {
        String agent = ctx.userAgent();
        Devices devices = browsers.devices();
        Signals signals =
                new Signals(
                        reader.clientAddress(ctx),
                        devices.told(reader, ctx, body, tenant).orElse(null),
                        agent == null || agent.isBlank() ? null : Devices.agent(agent),
                        browsers.device().atLogin(ctx, tenant).orElse(null));
        return new Start(signals, body.truth("remember_me", "rememberMe").orElse(false));
    }

    /** Gives the client its new session, in the body and as a cookie. */
    void putSession(Context ctx, ObjectNode body, Opened opened) {
        Instant expires = opened.session().expiresAt(opened.session().createdAt());
        String token = opened.token().reveal();
        Answers.newSession(body, token, expires);
        browsers.session()
                .set(
                        ctx,
                        token,
                        Duration.between(
                                opened.session().createdAt(), opened.session().absoluteEnd()));
        browsers.device().set(ctx);
    }

    void logOut(Context ctx) {
        SessionKey key = ClientGate.session(ctx).session().key();
        sessions.end(key, "logout", By.user(reader.requestId(ctx)));
        browsers.session().clear(ctx);
        ObjectNode answer = Json.object();
        answer.put("success", true);
        answer.put("message", "logged out");
        Answers.json(ctx, 200, answer);
    }

    /**
     * Whether the client is logged in. Looking does not count as use: the idle lifetime runs on.
     */
    void validation(Context ctx) {
        Answers.json(ctx, 200, validated(ctx));
    }

    /**
     * The same, with everything a second time under {@code data}, where the oldest client looks.
     */
    void oldValidation(Context ctx) {
        Found found = ClientGate.session(ctx);
        ObjectNode answer = validated(ctx);
        ObjectNode data = validated(ctx);
        data.put("sessionId", ClientGate.token(ctx).reveal());
        data.put("lastUsedAt", found.lastSeenAt().toString());
        answer.set("data", data);
        Answers.json(ctx, 200, answer);
    }

    private static ObjectNode validated(Context ctx) {
        Found found = ClientGate.session(ctx);
        Instant expires = found.session().expiresAt(found.lastSeenAt());
        ObjectNode answer = Json.object();
        answer.put("success", true);
        answer.set("user", Answers.user(found.session().user()));
        answer.set("session", Answers.session(found.session(), found.lastSeenAt(), expires));
        answer.put("expiresAt", expires.toString());
        answer.put("expires_at", expires.toString());
        return answer;
    }
}
