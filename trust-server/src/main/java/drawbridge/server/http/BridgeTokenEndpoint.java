package drawbridge.server.http;

import drawbridge.model.ProblemCode;
import drawbridge.model.UserId;
import drawbridge.server.account.Email;
import drawbridge.server.bridge.Caller;
import drawbridge.server.bridge.Scope;
import drawbridge.server.session.Sessions.By;
import drawbridge.server.token.Purpose;
import drawbridge.server.token.TokenMail;
import drawbridge.server.token.TokenMail.Issued;
import drawbridge.server.token.TokenMail.Recipient;
import drawbridge.server.token.TokenSettings;
import drawbridge.server.token.TrustTokens.Minted;

import io.javalin.http.Context;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.Optional;

/** Trust tokens that a back end has issued to users of its tenant. */
final class BridgeTokenEndpoint {
    private static final String ADMIN = "admin";

    private final RequestReader reader;
    private final BridgeGate gate;
    private final TokenMail mail;
    private final TokenSettings settings;

    BridgeTokenEndpoint(RequestReader reader, BridgeGate gate, HttpListeners.TokenServices with) {
        this.reader = reader;
        this.gate = gate;
        this.mail = with.mail();
        this.settings = with.settings();
    }

    /**
     * {@code POST /auth/bridge/tokens}. A token that is mailed is known to its address alone; one
     * that is not is answered, once, and the back end delivers it.
     */
    void issue(Context ctx) {
        Caller caller = gate.caller(ctx, Scope.ISSUE_TOKEN);
        Body body = reader.body(ctx);
        Purpose purpose = TokenAdminEndpoint.purpose(body.needed(32, "purpose", "token_type"));
        Optional<Email> email =
                body.text(320, "email").filter(t -> !t.isBlank()).map(TokenAdminEndpoint::email);
        Optional<UserId> user =
                body.text(64, "user_id", "userId").filter(t -> !t.isBlank()).map(UserId::new);
        if (email.isPresent() == user.isPresent()) {
            throw ProblemException.inField("email", "give either email or user_id");
        }
        Optional<Duration> lifetime =
                body.duration(
                        "lifetime", TokenAdminEndpoint.LEAST_LIFETIME, settings.lifetime(purpose));
        boolean send = body.flag("send", true);
        Issued issued =
                mail.issue(
                        caller.tenant(),
                        purpose,
                        new Recipient(user, email),
                        userType(body),
                        lifetime,
                        send,
                        "caller:" + caller.name(),
                        new By("caller:" + caller.name(), reader.requestId(ctx)));
        switch (issued) {
            case Issued.Done(Minted minted) -> answer(ctx, minted, send);
            case Issued.AddressTaken _ ->
                    throw new ProblemException(
                            ProblemCode.DUPLICATE_ACCOUNT,
                            "email: an invitation needs an address without an account",
                            "email",
                            0);
            case Issued.UnknownUser _ ->
                    throw ProblemException.of(
                            ProblemCode.UNKNOWN_ID, "there is no such user who may log in");
        }
    }

    /** A bridge secret makes nobody an administrator of its tenant. */
    private static Optional<String> userType(Body body) {
        Optional<String> type = body.text(32, "user_type", "userType");
        type.ifPresent(text -> {
            TokenEndpoint.requireUserType(text);
            if (text.equals(ADMIN)) {
                throw ProblemException.inField(
                        "user_type", "cannot be admin here: administrators invite administrators");
            }
        });
        return type;
    }

    private void answer(Context ctx, Minted minted, boolean mailed) {
        UserId user = minted.row().user();
        ObjectNode data = Json.object();
        data.put("id", minted.row().id());
        data.put("purpose", minted.row().purpose().wireName());
        data.put("user_id", user == null ? null : user.value());
        data.put("email", minted.row().email());
        data.put("expires_at", minted.row().expiresAt().toString());
        data.put("mailed", mailed);
        if (!mailed) {
            data.put("token", minted.text());
            data.put("link", mail.link(minted));
        }
        ObjectNode answer = Json.object();
        answer.put("success", true);
        answer.set("data", data);
        Answers.json(ctx, 201, answer);
    }
}
