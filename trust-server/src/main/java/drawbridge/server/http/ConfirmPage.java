package drawbridge.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import drawbridge.server.crypto.Base64Url;
import drawbridge.server.crypto.KeyedHash;
import drawbridge.server.crypto.Keys;
import drawbridge.server.session.Sessions.Opened;
import drawbridge.server.token.AccountTokens;
import drawbridge.server.token.AccountTokens.Newcomer;
import drawbridge.server.token.AccountTokens.Outcome;
import drawbridge.server.token.AccountTokens.Presented;
import drawbridge.server.token.Purpose;
import drawbridge.server.token.TrustTokens;
import drawbridge.server.token.TrustTokens.Verified;

import io.javalin.http.Context;

import org.jspecify.annotations.Nullable;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * The page one-time links lead to. Programs that read mail before people do open links, so opening
 * it spends nothing; its button does, and only in the browser that opened it.
 */
final class ConfirmPage {
    /** What the page is left with of the clever browser: its own look, and its own form. */
    private static final String STYLE =
            "body{font:16px/1.5 system-ui,sans-serif;max-width:26em;margin:12vh auto;padding:0 1em}"
                    + "input,button{font:inherit;display:block;width:100%;box-sizing:border-box;"
                    + "margin:.3em 0 1em;padding:.5em}.wrong{color:#a40000}";

    private static final String POLICY =
            "default-src 'none'; style-src 'sha256-%s'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
                    .formatted(sha256(STYLE));
    private static final int COOKIE_SECONDS = 3600;
    private static final int MOST_PASSWORD = 1024;
    private static final int MOST_NAME = 200;

    private final RequestReader reader;
    private final PresentedTokens presented;
    private final TrustTokens tokens;
    private final AccountTokens accounts;
    private final AccountEndpoint logins;
    private final KeyedHash nonces;
    private final SecureRandom random = new SecureRandom();

    ConfirmPage(
            RequestReader reader,
            PresentedTokens presented,
            HttpListeners.TokenServices with,
            AccountEndpoint logins,
            Keys keys) {
        this.reader = reader;
        this.presented = presented;
        this.tokens = with.tokens();
        this.accounts = with.accounts();
        this.logins = logins;
        this.nonces = keys.hashFor("confirm-page/v1");
    }

    /** Shows what the link is for, and a button. */
    void show(Context ctx) {
        Optional<Purpose> purpose =
                Optional.ofNullable(ctx.queryParam("purpose")).flatMap(Purpose::parse);
        String token = Optional.ofNullable(ctx.queryParam("token")).orElse("");
        if (purpose.isEmpty() || !isGood(ctx, purpose.get(), token)) {
            notValid(ctx);
            return;
        }
        tokens.previewed(presented.tenant(ctx), purpose.get(), true, presented.presenter(ctx));
        byte[] bits = new byte[32];
        random.nextBytes(bits);
        String cookie = Base64Url.encode(bits);
        ctx.header(
                "Set-Cookie",
                "%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Strict%s"
                        .formatted(
                                cookieName(ctx),
                                cookie,
                                COOKIE_SECONDS,
                                reader.arrivedByTls(ctx) ? "; Secure" : ""));
        page(
                ctx,
                200,
                title(purpose.get()),
                form(purpose.get(), token, nonce(cookie, token), null));
    }

    private boolean isGood(Context ctx, Purpose purpose, String token) {
        return tokens.verify(token, purpose, presented.tenant(ctx), presented.presenter(ctx))
                instanceof Verified.Good;
    }

    /** Does what the button says. */
    void confirm(Context ctx) {
        Map<String, String> form = reader.form(ctx);
        String token = form.getOrDefault("token", "");
        Optional<Purpose> purpose = Purpose.parse(form.getOrDefault("purpose", ""));
        String cookie = Optional.ofNullable(ctx.cookie(cookieName(ctx))).orElse("");
        String nonce = form.getOrDefault("nonce", "");
        boolean ours =
                MessageDigest.isEqual(nonce(cookie, token).getBytes(UTF_8), nonce.getBytes(UTF_8));
        if (purpose.isEmpty() || cookie.isEmpty() || !ours) {
            page(
                    ctx,
                    403,
                    "Open the link again",
                    "<p>This page was opened in another browser, or too long ago. Open the link in your mail again.</p>");
            return;
        }
        // The nonce is one browser's for one token: pressed twice is done once.
        Presented by =
                new Presented(
                        token, presented.tenant(ctx), Optional.of(nonce), presented.presenter(ctx));
        answer(ctx, purpose.get(), token, nonce, act(ctx, purpose.get(), by, form));
    }

    private Outcome act(Context ctx, Purpose purpose, Presented token, Map<String, String> form) {
        Body none = new Body(Json.object());
        return switch (purpose) {
            case EMAIL_VERIFY -> accounts.verifyEmail(token);
            case PASSWORD_RESET -> accounts.setPassword(token, password(form));
            case MAGIC_LINK -> accounts.logIn(token, logins.start(ctx, none, token.tenant()));
            case INVITE ->
                    accounts.accept(
                            token,
                            new Newcomer(
                                    Body.checked("name", form.getOrDefault("name", ""), MOST_NAME),
                                    ""),
                            password(form),
                            logins.start(ctx, none, token.tenant()));
        };
    }

    private static char[] password(Map<String, String> form) {
        return Body.checked("password", form.getOrDefault("password", ""), MOST_PASSWORD)
                .toCharArray();
    }

    private void answer(Context ctx, Purpose purpose, String token, String nonce, Outcome outcome) {
        switch (outcome) {
            case Outcome.Done _ ->
                    page(
                            ctx,
                            200,
                            "Done",
                            purpose == Purpose.EMAIL_VERIFY
                                    ? "<p>Your address is confirmed. You can log in now.</p>"
                                    : "<p>Your new password is set. Log in with it.</p>");
            case Outcome.LoggedIn(Opened opened, var _) -> {
                logins.putSession(ctx, Json.object(), opened);
                page(ctx, 200, "Welcome", "<p>You are logged in. You can close this page.</p>");
            }
            case Outcome.Weak(String why) ->
                    page(ctx, 422, title(purpose), form(purpose, token, nonce, why));
            case Outcome.Busy(var retryAfter) -> {
                ctx.header("Retry-After", Long.toString(Math.max(1, retryAfter.toSeconds())));
                page(
                        ctx,
                        503,
                        title(purpose),
                        form(purpose, token, nonce, "Too many at once; try again in a moment."));
            }
            case Outcome.Refused _ -> notValid(ctx);
        }
    }

    private void notValid(Context ctx) {
        page(
                ctx,
                401,
                "This link does not work",
                "<p>The link is not valid, or not any more. Ask for a new one where you got it.</p>");
    }

    private static String title(Purpose purpose) {
        return switch (purpose) {
            case EMAIL_VERIFY -> "Confirm your address";
            case PASSWORD_RESET -> "Set a new password";
            case MAGIC_LINK -> "Log in";
            case INVITE -> "Accept the invitation";
        };
    }

    private static String form(
            Purpose purpose, String token, String nonce, @Nullable String wrong) {
        StringBuilder form = new StringBuilder(1024);
        if (wrong != null) {
            form.append("<p class=\"wrong\">").append(escaped(wrong)).append("</p>");
        }
        form.append("<form method=\"post\">");
        hidden(form, "purpose", purpose.wireName());
        hidden(form, "token", token);
        hidden(form, "nonce", nonce);
        if (purpose == Purpose.INVITE) {
            form.append("<label>Name<input name=\"name\" maxlength=\"200\" autocomplete=\"name\">")
                    .append("</label>");
        }
        if (purpose == Purpose.INVITE || purpose == Purpose.PASSWORD_RESET) {
            form.append("<label>New password<input name=\"password\" type=\"password\" required")
                    .append(" maxlength=\"256\" autocomplete=\"new-password\"></label>");
        }
        return form.append("<button>").append(title(purpose)).append("</button></form>").toString();
    }

    private static void hidden(StringBuilder form, String name, String value) {
        form.append("<input type=\"hidden\" name=\"")
                .append(name)
                .append("\" value=\"")
                .append(escaped(value))
                .append("\">");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static void page(Context ctx, int status, String title, String content) {
        ctx.status(status);
        ctx.contentType("text/html; charset=utf-8");
        ctx.header("Cache-Control", "no-store");
        ctx.header("Content-Security-Policy", POLICY);
        ctx.header("Referrer-Policy", "no-referrer"); // the address holds the token
        ctx.header("X-Frame-Options", "DENY");
        ctx.result(
                """
                <!doctype html><html lang="en"><head><meta charset="utf-8">
                <meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">
                <title>%1$s</title><style>%2$s</style></head>
                <body><h1>%1$s</h1>%3$s</body></html>
                """
                        .formatted(title, STYLE, content));
    }

    private String cookieName(Context ctx) {
        return reader.arrivedByTls(ctx) ? "__Host-confirm" : "confirm";
    }

    private String nonce(String cookie, String token) {
        return Base64Url.encode(nonces.of((cookie + "\0" + token).getBytes(UTF_8)));
    }

    private static String sha256(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
