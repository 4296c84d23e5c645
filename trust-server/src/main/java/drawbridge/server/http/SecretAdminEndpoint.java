package drawbridge.server.http;

import drawbridge.model.ProblemCode;
import drawbridge.server.config.Units;
import drawbridge.server.secret.AdminTokens;
import drawbridge.server.secret.MasterKeyTurns;
import drawbridge.server.secret.OwnSecret;
import drawbridge.server.secret.OwnSecret.Rotated;
import drawbridge.server.session.Sessions.By;

import io.javalin.http.Context;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** {@code /v1/secrets}: the secrets of the server itself. */
final class SecretAdminEndpoint {
    private static final Duration LONGEST_OVERLAP = Duration.ofDays(7);
    private static final Duration OVERLAP = Duration.ofMinutes(5);

    private final RequestReader reader;
    private final HttpListeners.OwnSecrets with;
    private final Clock clock;

    SecretAdminEndpoint(RequestReader reader, HttpListeners.OwnSecrets with, Clock clock) {
        this.reader = reader;
        this.with = with;
        this.clock = clock;
    }

    void show(Context ctx) {
        ObjectNode answer = Json.object();
        answer.set("adminToken", json(with.adminTokens().view()));
        answer.set("masterKey", json(with.masterKey().view()));
        answer.put("quiet", Units.text(with.quiet()));
        answer.put("age", Units.text(with.age()));
        Answers.json(ctx, 200, answer);
    }

    void rotateAdminToken(Context ctx) {
        Body body = reader.body(ctx);
        Duration overlap = body.duration("overlap", Duration.ZERO, LONGEST_OVERLAP).orElse(OVERLAP);
        body.refuseOthers();
        By by = By.admin(reader.requestId(ctx));
        AdminTokens tokens = with.adminTokens();
        answer(ctx, tokens.rotate(overlap, by), by);
    }

    void rotateMasterKey(Context ctx) {
        reader.body(ctx).refuseOthers();
        By by = By.admin(reader.requestId(ctx));
        MasterKeyTurns key = with.masterKey();
        answer(ctx, key.rotate(by), by);
    }

    private void answer(Context ctx, Rotated rotated, By by) {
        ObjectNode answer = Json.object();
        OwnSecret now =
                switch (rotated) {
                    case Rotated.Done done -> done.now();
                    case Rotated.NewSecret fresh -> {
                        try (var secret = fresh.secret()) {
                            String text =
                                    secret.use(
                                            bytes -> new String(bytes, StandardCharsets.US_ASCII));
                            answer.put("secret", text);
                        }
                        yield fresh.now();
                    }
                    case Rotated.Not(String why) ->
                            throw ProblemException.of(ProblemCode.NOT_ROTATABLE, why);
                };
        answer.set("now", json(now));
        with.news().rotated(now.kind(), by.actor());
        Answers.json(ctx, 200, answer);
    }

    private ObjectNode json(OwnSecret secret) {
        ObjectNode json = Json.object();
        json.put("kind", secret.kind());
        json.put("origin", secret.origin());
        json.put("since", secret.since().toString());
        json.put("dueAt", secret.dueAt().toString());
        json.put("due", !clock.instant().isBefore(secret.dueAt()));
        at(json, "lastUsedAt", secret.lastUsedAt());
        at(json, "previousUntil", secret.previousUntil());
        at(json, "previousUsedAt", secret.previousUsedAt());
        json.put("rotatable", secret.whyNot().isEmpty());
        json.put("whyNot", secret.whyNot());
        return json;
    }

    private static void at(ObjectNode json, String name, @Nullable Instant at) {
        json.put(name, at == null ? null : at.toString());
    }
}
