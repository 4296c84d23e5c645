package drawbridge.server.drill;

import drawbridge.model.Threat;
import drawbridge.model.view.ThreatReason;
import drawbridge.server.crypto.Base64Url;
import drawbridge.server.crypto.Paserk;
import drawbridge.server.crypto.PasetoV4Public;
import drawbridge.server.crypto.SigningKey;
import drawbridge.server.drill.Sandbox.Reference;
import drawbridge.server.drill.Sandbox.Seen;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What checks that look right let through: a token that names no algorithm, is unsigned, or is
 * signed by somebody else; no bridge secret, a forged one, one in a page; a laxer mode, and a path
 * that is bent.
 */
final class AuthBypass implements Attack {
    private static final int SIGNATURE = 64;

    private final SecureRandom random = new SecureRandom();

    @Override
    public Threat threat() {
        return Threat.AUTH_BYPASS;
    }

    @Override
    public String holds() {
        return "no token but the genuine one logged in, no call without the bridge secret was answered, and nothing lowered a mode";
    }

    @Override
    public void play(Stage stage) {
        Target target = Target.logIn(stage, "other");
        tokens(stage);
        ids(stage, target);
        secrets(stage, target);
        modes(stage, target);
        guesses(stage, target);
    }

    private static List<ThreatReason> passed(String code, String what) {
        return List.of(Reasons.ofServer(code, what));
    }

    private void tokens(Stage stage) {
        String genuine = issue(stage, "magic_link");
        String other = issue(stage, "password_reset");
        SigningKey own = SigningKey.ofSeed(random.generateSeed(SigningKey.SEED_BYTES));
        byte[] footer = footer(genuine);
        byte[] payload = payload(genuine);
        String pid = Paserk.idOf(own.verifying());
        token(stage, "a JWT with alg none", jwt("none", "linked@drill.invalid", ""));
        token(
                stage,
                "a JWT with HS256 and a made-up signature",
                jwt("HS256", "linked@drill.invalid", "c2lnbmF0dXJl"));
        token(stage, "the genuine token with its signature zeroed", unsigned(genuine));
        token(
                stage,
                "the genuine payload, signed with a swapped key under the server's key id",
                PasetoV4Public.sign(own, payload, footer, new byte[0]));
        token(
                stage,
                "the genuine payload, signed with a swapped key under its own key id",
                PasetoV4Public.sign(
                        own,
                        payload,
                        new String(footer, StandardCharsets.UTF_8)
                                .replaceAll("k4\\.pid\\.[A-Za-z0-9_-]{44}", pid)
                                .getBytes(StandardCharsets.UTF_8),
                        new byte[0]));
        token(stage, "the genuine token with another header", "v4.local" + genuine.substring(9));
        token(stage, "a token for setting a password", other);
        Exchange good = present(stage.sandbox(), genuine);
        stage.judge(
                "the genuine token",
                "logged in: what was refused before was refused for what it was",
                good,
                good.isGood(),
                passed("genuine_refused", "the genuine token was refused: " + good.brief()));
    }

    private static String issue(Stage stage, String purpose) {
        Sandbox sandbox = stage.sandbox();
        Exchange issued =
                sandbox.bridge("/bridge/tokens", sandbox.own())
                        .json(
                                Map.of(
                                        "purpose",
                                        purpose,
                                        "email",
                                        "linked@drill.invalid",
                                        "send",
                                        false))
                        .send();
        stage.prepared("a genuine token of purpose " + purpose + " is issued", issued);
        return sandbox.hide(
                issued.body().path("data").path("token").asString(""),
                "genuine token of purpose " + purpose);
    }

    private static Exchange present(Sandbox sandbox, String token) {
        return sandbox.client("POST", "/token/login", sandbox.newAddress())
                .json(Map.of("token", token))
                .send();
    }

    private static void token(Stage stage, String what, String token) {
        Exchange answer = present(stage.sandbox(), token);
        stage.judge(
                what,
                "refused",
                answer,
                !answer.isGood(),
                passed("forged_token_taken", what + " logged in"));
    }

    private static String jwt(String algorithm, String subject, String signature) {
        String header = "{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\"}";
        String claims =
                "{\"sub\":\""
                        + subject
                        + "\",\"purpose\":\"magic_link\",\"admin\":true,\"exp\":4102444800}";
        return text(header) + "." + text(claims) + "." + signature;
    }

    private static String text(String json) {
        return Base64Url.encode(json.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] body(String token) {
        String[] parts = token.split("\\.", -1);
        return Base64Url.decode(parts[2])
                .orElseThrow(() -> new DrillException("the issued token is no PASETO"));
    }

    private static byte[] payload(String token) {
        byte[] body = body(token);
        return Arrays.copyOf(body, body.length - SIGNATURE);
    }

    private static byte[] footer(String token) {
        return Base64Url.decode(token.split("\\.", -1)[3])
                .orElseThrow(() -> new DrillException("the issued token has no footer"));
    }

    private static String unsigned(String token) {
        String[] parts = token.split("\\.", -1);
        byte[] body = body(token);
        Arrays.fill(body, body.length - SIGNATURE, body.length, (byte) 0);
        return parts[0] + "." + parts[1] + "." + Base64Url.encode(body) + "." + parts[3];
    }

    private static void ids(Stage stage, Target target) {
        Sandbox sandbox = stage.sandbox();
        for (String forged :
                List.of(
                        jwt("none", target.owner().email(), ""),
                        "00000000-0000-4000-8000-000000000001",
                        "1 OR 1=1")) {
            Exchange answer =
                    sandbox.validate(
                            sandbox.own(),
                            forged,
                            Seen.of(target.owner()),
                            "GET",
                            Reference.STANDARD.path(),
                            null);
            stage.judge(
                    "a session id that is none: " + forged.substring(0, 8) + "…",
                    "refused",
                    answer,
                    !answer.isGood(),
                    passed("forged_id_taken", "a session id that nobody drew was trusted"));
        }
        Exchange none =
                sandbox.client("GET", "/sessions", sandbox.newAddress())
                        .header(
                                "Authorization",
                                "Bearer " + jwt("none", target.owner().email(), ""))
                        .send();
        stage.judge(
                "the owner's own list of sessions with an unsigned bearer token and no session id",
                "refused",
                none,
                !none.isGood(),
                passed("forged_token_taken", "an unsigned bearer token was believed"));
    }

    private static DrillHttp.Request question(Stage stage, Target target) {
        Person owner = target.owner();
        return stage.sandbox()
                .any("POST", "/bridge/validate", stage.sandbox().newAddress())
                .json(
                        Map.of(
                                "session_id", owner.session(),
                                "ip", owner.ip(),
                                "device_id", owner.device(),
                                "user_agent", owner.agent()));
    }

    private void secrets(Stage stage, Target target) {
        Exchange missing = question(stage, target).send();
        stage.judge(
                "a bridge call without its secret",
                "refused with 401",
                missing,
                missing.status() == 401,
                passed("secret_not_needed", "a bridge call without a secret was answered"));
        Exchange forged = question(stage, target).header("X-Bridge-Secret", forgedSecret()).send();
        stage.judge(
                "a bridge call with a forged secret",
                "refused with 401, and not told from a missing one",
                forged,
                forged.status() == 401 && forged.code().equals(missing.code()),
                passed(
                        "secret_not_needed",
                        "a forged bridge secret was told from a missing one, or taken"));
        String own = stage.sandbox().own().secret();
        String near = own.substring(0, own.length() - 1) + (own.endsWith("A") ? "B" : "A");
        Exchange almost =
                question(stage, target)
                        .header("X-Bridge-Secret", stage.sandbox().hide(near, "nearly the secret"))
                        .send();
        stage.judge(
                "a bridge call with a secret of which one character is wrong",
                "refused with 401",
                almost,
                almost.status() == 401,
                passed("secret_not_needed", "a wrong bridge secret was taken"));
        Exchange page =
                question(stage, target)
                        .header("X-Bridge-Secret", own)
                        .header("Origin", "https://shop.drill.invalid")
                        .send();
        stage.judge(
                "a bridge call with the good secret, from a page",
                "refused with 403: that secret is in a browser",
                page,
                page.status() == 403,
                passed("page_answered", "a bridge call from a page was answered"));
    }

    private String forgedSecret() {
        byte[] bits = new byte[32];
        random.nextBytes(bits);
        return "brs_" + Base64Url.encode(bits);
    }

    private static void modes(Stage stage, Target target) {
        Seen elsewhere = Seen.of(target.owner()).withAgent("curl/8.0");
        CopiedCaller own = stage.sandbox().own();
        target.requireTrusted(own, "GET", Reference.STRICT.path(), null);
        Exchange laxer = target.ask(own, elsewhere, "GET", Reference.STRICT.path(), "STANDARD");
        stage.judge(
                "STANDARD is asked for on a STRICT route, with another user agent",
                "refused: a mode is a floor",
                laxer,
                !laxer.isGood(),
                passed("mode_lowered", "a call lowered its mode"));
        Exchange misspelled =
                target.ask(own, Seen.of(target.owner()), "GET", Reference.STRICT.path(), "NONE");
        stage.judge(
                "a mode there is none of",
                "refused with 400, never read as another",
                misspelled,
                misspelled.status() == 400,
                passed("mode_lowered", "a misspelled mode was read as one"));
        Exchange bent =
                target.ask(
                        own,
                        elsewhere,
                        "GET",
                        Reference.STANDARD.path() + "/..%2f" + "strict",
                        null);
        stage.judge(
                "a path that could mean two routes, with another user agent",
                "refused: it is judged as strictly as any",
                bent,
                !bent.isGood(),
                passed("mode_lowered", "a bent path reached a laxer mode"));
    }

    private void guesses(Stage stage, Target target) {
        Sandbox sandbox = stage.sandbox();
        String place = sandbox.newAddress();
        int answered = 0;
        Exchange answer = Exchange.none(0);
        for (int i = 0; i <= Controls.MOST_SECRETS; i++) {
            answer =
                    sandbox.any("POST", "/bridge/validate", place)
                            .header("X-Bridge-Secret", forgedSecret())
                            .json(Map.of("session_id", target.owner().session()))
                            .send();
            if (answer.status() == 429) {
                break;
            }
            answered++;
            stage.requireGoingOn();
        }
        stage.figure(
                "forged secrets from one place until it was turned away",
                Integer.toString(answered));
        stage.judge(
                "forged bridge secrets from one address, one after the other",
                "turned away after %d in a minute at most".formatted(Controls.MOST_SECRETS),
                answer,
                answered + 1,
                answer.status() == 429,
                answered + " were answered, then " + answer.brief(),
                List.of(Controls.secretsNotLimited(sandbox.settings())));
    }
}
