package drawbridge.server.http;

import drawbridge.model.ProblemCode;
import drawbridge.model.TenantId;
import drawbridge.model.UserId;
import drawbridge.server.account.Email;
import drawbridge.server.session.Sessions.By;
import drawbridge.server.token.KeyRow;
import drawbridge.server.token.KeyState;
import drawbridge.server.token.Purpose;
import drawbridge.server.token.TokenChoice;
import drawbridge.server.token.TokenKeyring;
import drawbridge.server.token.TokenMail;
import drawbridge.server.token.TokenMail.Issued;
import drawbridge.server.token.TokenMail.Recipient;
import drawbridge.server.token.TokenRow;
import drawbridge.server.token.TrustTokens;
import drawbridge.server.token.TrustTokens.LayerVerdict;

import io.javalin.http.Context;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What an administrator does with trust tokens and the keys that sign them. */
final class TokenAdminEndpoint {
    private static final int MOST_REASON = 500;
    private static final int MOST_LISTED = 1_000;
    private static final int LISTED = 100;
    static final Duration LEAST_LIFETIME = Duration.ofMinutes(1);
    private static final Set<String> STATES =
            Set.of("open", "spent", "revoked", "superseded", "expired");

    private final RequestReader reader;
    private final TrustTokens tokens;
    private final TokenMail mail;
    private final TokenKeyring keyring;
    private final HttpListeners.OwnSecrets secrets;
    private final Clock clock;

    TokenAdminEndpoint(
            RequestReader reader,
            HttpListeners.TokenServices with,
            HttpListeners.OwnSecrets secrets,
            Clock clock) {
        this.secrets = secrets;
        this.reader = reader;
        this.tokens = with.tokens();
        this.mail = with.mail();
        this.keyring = with.keyring();
        this.clock = clock;
    }

    /** Issues one; its text is answered once and kept nowhere. */
    void issue(Context ctx) {
        Body body = reader.body(ctx);
        Purpose purpose = purpose(body.needed(32, "purpose"));
        TenantId tenant = tenant(body.text(63, "tenant")).orElse(TenantId.DEFAULT);
        Optional<Email> email = body.text(320, "email").map(TokenAdminEndpoint::email);
        Optional<UserId> user = body.text(64, "userId").filter(t -> !t.isEmpty()).map(UserId::new);
        Optional<String> userType = body.text(32, "userType");
        Optional<Duration> lifetime =
                body.duration("lifetime", LEAST_LIFETIME, TrustTokens.LONGEST_LIFETIME);
        boolean send = body.flag("send", false);
        body.refuseOthers();
        if (email.isPresent() == user.isPresent()) {
            throw ProblemException.inField("email", "give either email or userId");
        }
        Issued issued =
                mail.issue(
                        tenant,
                        purpose,
                        new Recipient(user, email),
                        userType,
                        lifetime,
                        send,
                        "admin",
                        By.admin(reader.requestId(ctx)));
        switch (issued) {
            case Issued.Done(TrustTokens.Minted minted) -> {
                ObjectNode answer = token(minted.row());
                answer.put("token", minted.text());
                answer.put("link", mail.link(minted));
                answer.put("mailed", send);
                Answers.json(ctx, 201, answer);
            }
            case Issued.AddressTaken _ ->
                    throw new ProblemException(
                            ProblemCode.DUPLICATE_ACCOUNT,
                            "email: an invitation needs an address without an account",
                            "email",
                            0);
            case Issued.UnknownUser _ -> throw unknown();
        }
    }

    static Email email(String text) {
        return Email.parse(text)
                .orElseThrow(() -> ProblemException.inField("email", "is no e-mail address"));
    }

    static Purpose purpose(String text) {
        return Purpose.parse(text)
                .orElseThrow(() ->
                        ProblemException.inField(
                                "purpose",
                                "must be email_verify, password_reset, invite or magic_link"));
    }

    private static Optional<TenantId> tenant(Optional<String> text) {
        return text.map(id -> {
            try {
                return new TenantId(id);
            } catch (IllegalArgumentException e) {
                throw unknown();
            }
        });
    }

    void list(Context ctx) {
        String state = ctx.queryParam("state");
        if (state != null && !STATES.contains(state)) {
            throw ProblemException.inField(
                    "state", "must be open, spent, revoked, superseded or expired");
        }
        String user = ctx.queryParam("user");
        String after = ctx.queryParam("after");
        int limit = limit(ctx.queryParam("limit"));
        TokenChoice choice =
                new TokenChoice(
                        tenant(Optional.ofNullable(ctx.queryParam("tenant"))).orElse(null),
                        Optional.ofNullable(ctx.queryParam("purpose"))
                                .map(TokenAdminEndpoint::purpose)
                                .orElse(null),
                        user == null || user.isEmpty() ? null : new UserId(user),
                        state,
                        text(ctx.queryParam("filter")),
                        after == null
                                ? null
                                : TokenChoice.Cursor.parse(after)
                                        .orElseThrow(() ->
                                                ProblemException.inField(
                                                        "after",
                                                        "is no cursor that this server gave")));
        TrustTokens.Listed listed = tokens.list(choice, limit);
        ObjectNode answer = Json.object();
        ArrayNode items = answer.putArray("items");
        listed.rows().forEach(row -> items.add(token(row)));
        List<TokenRow> rows = listed.rows();
        String next =
                rows.size() < limit
                        ? null
                        : new TokenChoice.Cursor(rows.getLast().issuedAt(), rows.getLast().id())
                                .text();
        answer.put("next", next);
        answer.put("total", listed.total());
        Answers.json(ctx, 200, answer);
    }

    private static @Nullable String text(@Nullable String filter) {
        return filter == null || filter.isBlank()
                ? null
                : Body.checked("filter", filter.strip(), 320);
    }

    static int limit(@Nullable String text) {
        if (text == null) {
            return LISTED;
        }
        if (!text.matches("[1-9][0-9]{0,3}") || Integer.parseInt(text) > MOST_LISTED) {
            throw ProblemException.inField("limit", "must be a number from 1 to " + MOST_LISTED);
        }
        return Integer.parseInt(text);
    }

    void revokeOne(Context ctx) {
        Body body = reader.body(ctx);
        String reason = body.text(MOST_REASON, "reason").orElse("");
        body.refuseOthers();
        TokenRow row =
                tokens.revoke(ctx.pathParam("id"), reason, By.admin(reader.requestId(ctx)))
                        .orElseThrow(TokenAdminEndpoint::unknown);
        Answers.json(ctx, 200, token(row));
    }

    /** Ends the open tokens of a kind, of a user, or of a kind of a user. */
    void revoke(Context ctx) {
        Body body = reader.body(ctx);
        Optional<Purpose> purpose = body.text(32, "purpose").map(TokenAdminEndpoint::purpose);
        Optional<UserId> user = body.text(64, "userId").filter(t -> !t.isEmpty()).map(UserId::new);
        Optional<TenantId> tenant = tenant(body.text(63, "tenant"));
        String reason = body.text(MOST_REASON, "reason").orElse("");
        body.refuseOthers();
        if (purpose.isEmpty() && user.isEmpty()) {
            throw ProblemException.inField("purpose", "give purpose, userId or both");
        }
        int revoked =
                tokens.revoke(
                        tenant.orElse(null),
                        purpose.orElse(null),
                        user.orElse(null),
                        reason,
                        By.admin(reader.requestId(ctx)));
        ObjectNode answer = Json.object();
        answer.put("revoked", revoked);
        Answers.json(ctx, 200, answer);
    }

    /** Judges a token layer by layer; consumes nothing. */
    void inspect(Context ctx) {
        Body body = reader.body(ctx);
        String text = body.needed(PresentedTokens.MOST_TOKEN, "token");
        TenantId tenant = tenant(body.text(63, "tenant")).orElse(TenantId.DEFAULT);
        body.refuseOthers();
        TrustTokens.Inspection inspection = tokens.inspect(text.strip(), tenant);
        ObjectNode answer = Json.object();
        answer.put("valid", inspection.layers().stream().allMatch(LayerVerdict::passed));
        ArrayNode layers = answer.putArray("layers");
        for (LayerVerdict verdict : inspection.layers()) {
            ObjectNode layer = layers.addObject();
            layer.put("layer", verdict.layer().wireName());
            layer.put(
                    "verdict",
                    !verdict.judged() ? "not_judged" : verdict.passed() ? "passed" : "stopped");
            layer.put("reason", verdict.reason());
        }
        answer.set("item", inspection.token().map(this::token).orElse(null));
        Answers.json(ctx, 200, answer);
    }

    private ObjectNode token(TokenRow row) {
        UserId user = row.user();
        ObjectNode item = Json.object();
        item.put("id", row.id());
        item.put("tenant", row.tenant().value());
        item.put("purpose", row.purpose().wireName());
        item.put("userId", user == null ? null : user.value());
        item.put("email", row.email());
        item.put("keyId", row.keyId());
        item.put("issuedBy", row.issuedBy());
        item.put("issuedAt", row.issuedAt().toString());
        item.put("expiresAt", row.expiresAt().toString());
        item.put("state", row.stateAt(clock.instant()));
        item.put("endedAt", text(row.endedAt()));
        item.put("endReason", row.endReason());
        item.put("endedBy", row.endedBy());
        return item;
    }

    void keys(Context ctx) {
        Answers.json(ctx, 200, keys(keyring.list()));
    }

    void rotate(Context ctx) {
        Body body = reader.body(ctx);
        String reason = body.text(MOST_REASON, "reason").orElse("");
        body.refuseOthers();
        By by = By.admin(reader.requestId(ctx));
        List<KeyRow> rotated = keyring.rotate(reason, by);
        secrets.news().rotated("signing_key", by.actor());
        Answers.json(ctx, 200, keys(rotated));
    }

    private ObjectNode keys(List<KeyRow> rows) {
        ObjectNode answer = Json.object();
        ArrayNode items = answer.putArray("items");
        for (KeyRow row : rows) {
            ObjectNode item = items.addObject();
            item.put("id", row.id());
            item.put("publicKey", row.publicKey());
            item.put("origin", row.origin());
            item.put("state", row.state().wireName());
            item.put("createdAt", row.createdAt().toString());
            item.put("signingSince", text(row.signingSince()));
            item.put("stoppedAt", text(row.stoppedAt()));
            item.put("lastExpiry", text(row.lastExpiry()));
            Instant since = row.signingSince();
            item.put(
                    "dueAt",
                    row.state() == KeyState.SIGNING && since != null
                            ? text(since.plus(secrets.age()))
                            : null);
        }
        answer.putNull("next");
        answer.put("total", rows.size());
        return answer;
    }

    /** What anybody may verify our tokens with. */
    void published(Context ctx) {
        ObjectNode answer = Json.object();
        answer.put("issuer", keyring.issuer());
        answer.put("implicitAssertion", "drawbridge/v1/{purpose}/{tenant}/{issuer}");
        ArrayNode keys = answer.putArray("keys");
        for (KeyRow row : keyring.published()) {
            ObjectNode key = keys.addObject();
            key.put("kid", row.id());
            key.put("key", row.publicKey());
            key.put("state", row.state().wireName());
        }
        Answers.json(ctx, 200, answer);
    }

    private static @Nullable String text(@Nullable Instant at) {
        return at == null ? null : at.toString();
    }

    private static ProblemException unknown() {
        return ProblemException.of(ProblemCode.UNKNOWN_ID, "there is nothing with this id");
    }
}
