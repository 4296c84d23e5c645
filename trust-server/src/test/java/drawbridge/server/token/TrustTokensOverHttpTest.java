package drawbridge.server.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.server.support.DatabaseContract;
import drawbridge.server.support.Mailbox;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RawDatabase;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

@DatabaseContract
@TestInstance(Lifecycle.PER_CLASS)
class TrustTokensOverHttpTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String NEW_PASSWORD = "copper meadow whistle 77";
    private static final int CONSUMERS = 64;

    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));
    private RunningServer server;
    private Mailbox mail;
    private RawDatabase raw;

    @BeforeAll
    void start(@TempDir Path data) {
        server =
                RunningServer.start(
                        data,
                        clock,
                        Map.of(
                                "DRAWBRIDGE_SESSION_IDLE", "7d",
                                "DRAWBRIDGE_LINK_ORIGINS", "https://app.example.com"));
        mail = new Mailbox(server);
        raw = new RawDatabase(data);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static String json(String... fields) {
        Map<String, String> all = new java.util.HashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            all.put(fields[i], fields[i + 1]);
        }
        return JSON.writeValueAsString(all);
    }

    /** A good token for somebody who has just registered. */
    private String issued(String purpose, String email) {
        return server.admin("/v1/tokens", json("purpose", purpose, "email", email)).text("token");
    }

    private String registeredWith(String purpose, String email) {
        server.register(email);
        return issued(purpose, email);
    }

    private Answer verifyEmail(String token, String... headers) {
        return server.post("/auth/verify-email", json("token", token), headers);
    }

    private Answer logIn(String token, String... headers) {
        return server.post("/auth/token/login", json("token", token), headers);
    }

    private String stateOf(String email) {
        return server.admin("/v1/tokens?limit=1000")
                .json()
                .get("items")
                .valueStream()
                .filter(item -> item.get("email").asString().equals(email))
                .findFirst()
                .orElseThrow()
                .get("state")
                .asString();
    }

    @Test
    void tokensAreForgottenLongAfterTheyExpired() {
        registeredWith("password_reset", "long-ago@example.test");
        String known = "SELECT state FROM trust_token WHERE email = 'long-ago@example.test'";

        clock.advance(Duration.ofDays(60));
        registeredWith("password_reset", "lately@example.test");
        assertThat(raw.texts(known)).hasSize(1);
        clock.advance(Duration.ofDays(2));

        await().until(() -> raw.texts(known).isEmpty());
        assertThat(stateOf("lately@example.test")).isEqualTo("expired");
    }

    @Test
    void oneOf64ParallelConsumersWins() throws Exception {
        String verify = registeredWith("email_verify", "many-verify@example.test");
        String login = registeredWith("magic_link", "many-login@example.test");
        String reset = registeredWith("password_reset", "many-reset@example.test");

        List<Answer> verified = atOnce(i -> verifyEmail(verify));
        List<Answer> loggedIn = atOnce(i -> logIn(login));
        List<Answer> set =
                atOnce(i ->
                        server.post(
                                "/auth/password-reset/complete",
                                json("token", reset, "password", NEW_PASSWORD + i)));

        for (List<Answer> answers : List.of(verified, loggedIn)) {
            assertThat(answers).filteredOn(a -> a.status() == 200).hasSize(1);
            assertThat(answers).filteredOn(a -> a.status() == 401).hasSize(CONSUMERS - 1);
        }
        assertThat(set).filteredOn(a -> a.status() == 200).hasSize(1);
        assertThat(set).allMatch(a -> List.of(200, 401, 503).contains(a.status()));
        assertThat(
                        raw.texts(
                                "SELECT count(*) FROM audit WHERE kind = 'session.opened' AND user_id ="
                                        + " (SELECT id FROM user_account WHERE email = 'many-login@example.test')"))
                .as("the registration, and one login")
                .containsExactly("2");
        assertThat(stateOf("many-reset@example.test")).isEqualTo("spent");
    }

    private interface Consumer {
        Answer consume(int number);
    }

    private static List<Answer> atOnce(Consumer consumer) throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> futures = new ArrayList<>();
            for (int i = 0; i < CONSUMERS; i++) {
                int number = i;
                Callable<Answer> call =
                        () -> {
                            go.await();
                            return consumer.consume(number);
                        };
                futures.add(threads.submit(call));
            }
            go.countDown();
            List<Answer> answers = new ArrayList<>();
            for (Future<Answer> future : futures) {
                answers.add(future.get());
            }
            return answers;
        }
    }

    @Test
    void stopsSixTamperedTokensEachAtItsOwnLayerWithOneAnswer() {
        String forged = registeredWith("magic_link", "layer-signature@example.test");
        char tenth = forged.charAt(30);
        String flipped =
                forged.substring(0, 30) + (tenth == 'A' ? 'B' : 'A') + forged.substring(31);
        String otherPurpose = registeredWith("email_verify", "layer-purpose@example.test");
        String late = registeredWith("magic_link", "layer-expiry@example.test");
        clock.advance(Duration.ofMinutes(15));
        String spent = registeredWith("magic_link", "layer-cached@example.test");
        String revoked = registeredWith("magic_link", "layer-database@example.test");
        String disowned = registeredWith("magic_link", "layer-owner@example.test");
        String moved = registeredWith("magic_link", "layer-resource@example.test");
        assertThat(logIn(spent).status()).isEqualTo(200);
        assertThat(logIn(spent).status()).isEqualTo(401); // from here on memory knows
        server.admin("/v1/tokens/revoke", json("userId", userId("layer-database@example.test")));
        raw.change(
                "UPDATE user_account SET state = 'disabled' WHERE email = 'layer-owner@example.test'");
        raw.change(
                "UPDATE user_account SET email = 'elsewhere@example.test'"
                        + " WHERE email = 'layer-resource@example.test'");

        Map<String, String> tampered = new java.util.LinkedHashMap<>();
        tampered.put(flipped, "signature");
        tampered.put(otherPurpose, "signature");
        tampered.put(late, "expiry");
        tampered.put(spent, "cached_status");
        tampered.put(revoked, "database_status");
        tampered.put(disowned, "owner");
        tampered.put(moved, "resource");
        Answer first = logIn(flipped);
        assertThat(first.status()).isEqualTo(401);
        assertThat(first.text("code")).isEqualTo("INVALID_TOKEN");
        int number = 0;
        for (Map.Entry<String, String> token : tampered.entrySet()) {
            String request = "layer-test-%03d".formatted(number++);
            assertThat(stoppedAt(token.getKey())).isEqualTo(token.getValue());
            Answer answer = logIn(token.getKey(), "X-Request-ID", request);

            assertThat(answer.status()).isEqualTo(first.status());
            assertThat(answer.json()).as(token.getValue()).isEqualTo(first.json());
            assertThat(auditedReason(request)).isEqualTo(token.getValue());
        }
    }

    private String userId(String email) {
        return raw.texts("SELECT id FROM user_account WHERE email = ?", email).getFirst();
    }

    private String auditedReason(String request) {
        return await().until(
                        () ->
                                raw.texts(
                                        "SELECT reason FROM audit WHERE kind = 'token.refused'"
                                                + " AND request_id = ?",
                                        request),
                        rows -> !rows.isEmpty())
                .getFirst();
    }

    /**
     * The first layer an inspection calls stopped; a token for another purpose is inspected as it
     * is.
     */
    private String stoppedAt(String token) {
        JsonNode layers =
                server.admin("/v1/tokens/inspect", json("token", token)).json().get("layers");
        assertThat(layers).hasSize(6);
        return layers.valueStream()
                .filter(layer -> layer.get("verdict").asString().equals("stopped"))
                .findFirst()
                .map(layer -> layer.get("layer").asString())
                .orElse("signature"); // good for its own purpose
    }

    @Test
    void inspectionSpendsNothing() {
        String token = registeredWith("magic_link", "inspected@example.test");

        Answer inspected = server.admin("/v1/tokens/inspect", json("token", token));

        assertThat(inspected.status()).isEqualTo(200);
        assertThat(inspected.json().get("valid").asBoolean()).isTrue();
        assertThat(inspected.json().get("layers").valueStream())
                .allMatch(layer -> layer.get("verdict").asString().equals("passed"));
        assertThat(inspected.json().get("item").get("state").asString()).isEqualTo("open");
        assertThat(logIn(token).status()).isEqualTo(200);
    }

    @Test
    void lookingAtATokenSpendsNothing() {
        String reset = registeredWith("password_reset", "looked@example.test");
        String login = issued("magic_link", "looked@example.test");
        String verify = issued("email_verify", "looked@example.test");

        for (int i = 0; i < 3; i++) {
            assertThat(server.get("/auth/password-reset/validate/" + reset).status())
                    .isEqualTo(200);
            assertThat(server.get("/auth/password-reset/validate?token=" + reset).status())
                    .isEqualTo(200);
            assertThat(server.post("/auth/password-reset/validate", json("token", reset)).status())
                    .isEqualTo(200);
            assertThat(server.get("/auth/token/validate?token=" + login).status()).isEqualTo(200);
            assertThat(server.post("/auth/token/validate", json("token", login)).status())
                    .isEqualTo(200);
            assertThat(server.get("/auth/verify-email?token=" + verify).status()).isEqualTo(200);
            assertThat(server.get("/auth/confirm?purpose=magic_link&token=" + login).status())
                    .isEqualTo(200);
        }

        assertThat(logIn(login).status()).isEqualTo(200);
        assertThat(verifyEmail(verify).status()).isEqualTo(200);
        assertThat(
                        server.post(
                                        "/auth/password-reset/reset",
                                        json("token", reset, "password", NEW_PASSWORD))
                                .status())
                .isEqualTo(200);
    }

    @Test
    void aNewPasswordEndsEverySessionAndEveryOpenToken() {
        String email = "reset-all@example.test";
        String session = server.register(email);
        String magic = issued("magic_link", email);
        String verify = issued("email_verify", email);
        server.post("/auth/password-reset/request", json("email", email));
        String reset = mail.token("password-reset", email);

        Answer done =
                server.post(
                        "/auth/password-reset/complete",
                        json("token", reset, "password", NEW_PASSWORD));

        assertThat(done.status()).isEqualTo(200);
        assertThat(done.json().get("success").asBoolean()).isTrue();
        assertThat(server.get("/auth/validation", "X-Session-ID", session).status()).isEqualTo(401);
        assertThat(logIn(magic).status()).isEqualTo(401);
        assertThat(verifyEmail(verify).status()).isEqualTo(401);
        assertThat(
                        server.post(
                                        "/auth/login",
                                        json("email", email, "password", RunningServer.PASSWORD))
                                .status())
                .isEqualTo(401);
        Answer login = server.post("/auth/login", json("email", email, "password", NEW_PASSWORD));
        assertThat(login.status()).isEqualTo(200);
        assertThat(login.json().get("user").get("is_verified").asBoolean()).isTrue();
    }

    @Test
    void aWeakPasswordDoesNotSpendTheToken() {
        String token = registeredWith("password_reset", "weak@example.test");

        Answer weak =
                server.post(
                        "/auth/password-reset/complete", json("token", token, "password", "short"));

        assertThat(weak.status()).isEqualTo(422);
        assertThat(weak.text("code")).isEqualTo("WEAK_PASSWORD");
        assertThat(
                        server.post(
                                        "/auth/password-reset/complete",
                                        json("token", token, "password", NEW_PASSWORD))
                                .status())
                .isEqualTo(200);
    }

    @Test
    void aNewerTokenTakesThePlaceOfAnOlderOne() {
        String older = registeredWith("magic_link", "newer@example.test");
        String otherPurpose = issued("email_verify", "newer@example.test");

        String newer = issued("magic_link", "newer@example.test");

        assertThat(logIn(older).status()).isEqualTo(401);
        assertThat(logIn(newer).status()).isEqualTo(200);
        assertThat(verifyEmail(otherPurpose).status()).isEqualTo(200);
    }

    @Test
    void recognisesTheWinnersRepeatedCallAndNobodyElses() {
        String token = registeredWith("magic_link", "repeat@example.test");
        String[] key = {"Idempotency-Key", "key-of-the-winner-1"};

        Answer first = logIn(token, key);
        Answer repeated = logIn(token, key);
        Answer other = logIn(token, "Idempotency-Key", "key-of-another-one-2");
        Answer none = logIn(token);
        Answer again = logIn(token, key);

        assertThat(first.status()).isEqualTo(200);
        assertThat(repeated.status()).isEqualTo(200);
        assertThat(repeated.text("session_id")).isEqualTo(first.text("session_id"));
        assertThat(other.status()).isEqualTo(401);
        assertThat(none.status()).isEqualTo(401);
        assertThat(again.text("session_id")).isEqualTo(first.text("session_id"));

        clock.advance(Duration.ofMinutes(10));
        assertThat(logIn(token, key).status()).isEqualTo(401);
    }

    @Test
    void aRepeatedResetSetsNoSecondPassword() {
        String email = "repeat-reset@example.test";
        String token = registeredWith("password_reset", email);
        String[] key = {"Idempotency-Key", "reset-key-0001"};

        Answer first =
                server.post(
                        "/auth/password-reset/complete",
                        json("token", token, "password", NEW_PASSWORD),
                        key);
        Answer repeated =
                server.post(
                        "/auth/password-reset/complete",
                        json("token", token, "password", "another " + NEW_PASSWORD),
                        key);

        assertThat(first.status()).isEqualTo(200);
        assertThat(repeated.status()).isEqualTo(200);
        assertThat(
                        server.post("/auth/login", json("email", email, "password", NEW_PASSWORD))
                                .status())
                .isEqualTo(200);
    }

    @Test
    void aTokenIsForOnePurposeAndOneServer(@TempDir Path elsewhere) {
        String verify = registeredWith("email_verify", "bound@example.test");
        String reset = issued("password_reset", "bound@example.test");

        assertThat(logIn(verify).status()).isEqualTo(401);
        assertThat(verifyEmail(reset).status()).isEqualTo(401);
        assertThat(server.get("/auth/token/validate?token=" + reset).status()).isEqualTo(401);
        try (RunningServer other = RunningServer.start(elsewhere, clock)) {
            assertThat(other.post("/auth/verify-email", json("token", verify)).status())
                    .isEqualTo(401);
        }
        assertThat(verifyEmail(verify).status()).isEqualTo(200);
    }

    @Test
    void answersAlikeForKnownAndUnknownAddressesAndWritesToTheKnownOne() {
        String known = "forgot-known@example.test";
        String unknown = "forgot-unknown@example.test";
        server.register(known);

        for (String path :
                List.of(
                        "/auth/password-reset/request",
                        "/auth/resend-verification",
                        "/auth/token/create")) {
            Answer one = server.post(path, json("email", known));
            Answer two = server.post(path, json("email", unknown));

            assertThat(one.status()).isEqualTo(200);
            assertThat(two.status()).isEqualTo(200);
            assertThat(withoutTokenId(one)).isEqualTo(withoutTokenId(two));
        }
        mail.next("password-reset", known);
        mail.next("email-verify", known);
        mail.next("magic-link", known);
        assertThat(mail.count(unknown)).isZero();
        assertThat(raw.texts("SELECT email FROM mail_request WHERE email = ?", known)).isEmpty();
    }

    private static JsonNode withoutTokenId(Answer answer) {
        return ((tools.jackson.databind.node.ObjectNode) answer.json()).without("token_id");
    }

    @Test
    void linksLeadOnlyToPagesThatAreAllowed() {
        String email = "landing@example.test";
        server.register(email);

        server.post(
                "/auth/password-reset/request",
                json("email", email, "resetUrl", "https://app.example.com/reset?lang=en"));
        String allowed = mail.next("password-reset", email);
        server.post(
                "/auth/password-reset/request",
                json("email", email, "reset_url", "https://app.example.com.evil.test/reset"),
                "X-Forwarded-Host",
                "evil.test");
        String refused = mail.next("password-reset", email);

        assertThat(Mailbox.linkIn(allowed))
                .startsWith("https://app.example.com/reset?lang=en&token=v4.public.");
        assertThat(Mailbox.linkIn(refused))
                .startsWith(
                        server.publicUrl()
                                + "/auth/confirm?purpose=password_reset&token=v4.public.");
        assertThat(refused).doesNotContain("evil");
    }

    @Test
    void claimsAreReadableInBothNamingsAndVerifiableWithThePublishedKey() {
        String token = registeredWith("email_verify", "claims@example.test");

        JsonNode published = server.get("/.well-known/drawbridge-keys").json();
        String body = token.substring("v4.public.".length(), token.lastIndexOf('.'));
        byte[] bytes = java.util.Base64.getUrlDecoder().decode(body);
        JsonNode claims = JSON.readTree(java.util.Arrays.copyOf(bytes, bytes.length - 64));
        JsonNode footer =
                JSON.readTree(
                        java.util.Base64.getUrlDecoder()
                                .decode(token.substring(token.lastIndexOf('.') + 1)));

        assertThat(claims.get("type").asString()).isEqualTo("email_verify");
        assertThat(claims.get("token_type")).isEqualTo(claims.get("type"));
        assertThat(claims.get("userId").asString()).isEqualTo(userId("claims@example.test"));
        assertThat(claims.get("user_id")).isEqualTo(claims.get("userId"));
        assertThat(claims.get("email").asString()).isEqualTo("claims@example.test");
        assertThat(claims.get("jti").asString()).startsWith("tok_");
        assertThat(Instant.parse(claims.get("iat").asString())).isEqualTo(clock.instant());
        assertThat(Instant.parse(claims.get("exp").asString()))
                .isEqualTo(clock.instant().plus(Duration.ofHours(24)));
        assertThat(claims.get("iss")).isEqualTo(published.get("issuer"));
        assertThat(published.get("keys").valueStream().map(key -> key.get("kid")))
                .contains(footer.get("kid"));
        assertThat(published.get("keys").valueStream().map(key -> key.get("state").asString()))
                .contains("next", "signing");
    }

    @Test
    void keysRotateWithoutRefusingAnyToken() {
        String before = registeredWith("magic_link", "rotate@example.test");
        JsonNode published = server.get("/.well-known/drawbridge-keys").json().get("keys");
        String next = kidIn(published, "next");
        String signing = kidIn(published, "signing");

        Answer rotated = server.admin("/v1/keys/rotate", json("reason", "drill"));
        String after = registeredWith("magic_link", "rotate-after@example.test");

        assertThat(rotated.status()).isEqualTo(200);
        JsonNode now = server.get("/.well-known/drawbridge-keys").json().get("keys");
        assertThat(kidIn(now, "signing")).isEqualTo(next);
        assertThat(kidIn(now, "next")).isNotEqualTo(next);
        assertThat(now.valueStream().map(key -> key.get("kid").asString())).contains(signing);
        assertThat(logIn(before).status()).isEqualTo(200);
        assertThat(logIn(after).status()).isEqualTo(200);

        clock.advance(Duration.ofDays(31));
        assertThat(
                        server.admin("/v1/keys")
                                .json()
                                .get("items")
                                .valueStream()
                                .filter(key -> key.get("id").asString().equals(signing))
                                .map(key -> key.get("state").asString()))
                .containsExactly("gone");
        assertThat(
                        server.get("/.well-known/drawbridge-keys")
                                .json()
                                .get("keys")
                                .valueStream()
                                .map(key -> key.get("kid").asString()))
                .doesNotContain(signing);
    }

    private static String kidIn(JsonNode keys, String state) {
        return keys.valueStream()
                .filter(key -> key.get("state").asString().equals(state))
                .findFirst()
                .orElseThrow()
                .get("kid")
                .asString();
    }

    @Test
    void anAdministratorListsAndRevokes() {
        String email = "listed@example.test";
        String token = registeredWith("magic_link", email);
        String verify = issued("email_verify", email);
        String id = userId(email);

        JsonNode page = server.admin("/v1/tokens?purpose=magic_link&state=open&user=" + id).json();
        assertThat(page.get("total").asLong()).isEqualTo(1);
        assertThat(page.get("items")).hasSize(1);
        JsonNode item = page.get("items").get(0);
        assertThat(item.get("userId").asString()).isEqualTo(id);

        Answer revoked =
                server.admin(
                        "/v1/tokens/%s/revoke".formatted(item.get("id").asString()),
                        json("reason", "drill"));
        assertThat(revoked.text("state")).isEqualTo("revoked");
        assertThat(revoked.text("endReason")).isEqualTo("drill");
        assertThat(logIn(token).status()).isEqualTo(401);
        assertThat(
                        server.admin(
                                        "/v1/tokens/revoke",
                                        json("userId", id, "purpose", "email_verification"))
                                .json()
                                .get("revoked")
                                .asInt())
                .isEqualTo(1);
        assertThat(verifyEmail(verify).status()).isEqualTo(401);
        assertThat(server.admin("/v1/tokens/tok_nothing/revoke", "{}").status()).isEqualTo(404);
        assertThat(server.admin("/v1/tokens/revoke", "{}").status()).isEqualTo(400);
        assertThat(server.admin("/v1/tokens?state=odd").status()).isEqualTo(400);
        assertThat(server.admin("/v1/tokens", json("purpose", "magic_link", "mail", "x")).status())
                .isEqualTo(400);
    }

    @Test
    void pagesThroughTokens() {
        for (int i = 0; i < 5; i++) {
            registeredWith("magic_link", "page-%d@example.test".formatted(i));
        }
        List<String> all = new ArrayList<>();
        String path = "/v1/tokens?limit=2";
        for (String next = path; next != null; ) {
            JsonNode page = server.admin(next).json();
            page.get("items").forEach(item -> all.add(item.get("id").asString()));
            JsonNode cursor = page.get("next");
            next = cursor.isNull() ? null : path + "&after=" + cursor.asString();
        }

        assertThat(all).doesNotHaveDuplicates();
        assertThat(all)
                .hasSize(
                        Integer.parseInt(raw.texts("SELECT count(*) FROM trust_token").getFirst()));
    }
}
