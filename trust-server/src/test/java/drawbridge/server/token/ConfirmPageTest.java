package drawbridge.server.token;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.support.Mailbox;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One-time links as people and as mail scanners open them. */
@TestInstance(Lifecycle.PER_CLASS)
class ConfirmPageTest {
    private static final Pattern NONCE = Pattern.compile("name=\"nonce\" value=\"([^\"]+)\"");
    private static final String NEW_PASSWORD = "copper meadow whistle 77";

    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));
    private RunningServer server;

    @BeforeAll
    void start(@TempDir Path data) {
        server = RunningServer.start(data, clock);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /** The link of a mailed token, as it leads to this server. */
    private String path(String purpose, String email) {
        Answer issued =
                server.admin(
                        "/v1/tokens",
                        "{\"purpose\":\"%s\",\"email\":\"%s\"}".formatted(purpose, email));
        URI link = URI.create(issued.text("link"));
        return link.getRawPath() + "?" + link.getRawQuery();
    }

    private static String nonceIn(Answer page) {
        Matcher nonce = NONCE.matcher(page.response().body());
        assertThat(nonce.find()).as(page.response().body()).isTrue();
        return nonce.group(1);
    }

    private static String cookieOf(Answer page) {
        String cookie = page.response().headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(cookie).contains("HttpOnly", "SameSite=Strict");
        return cookie.substring(0, cookie.indexOf(';'));
    }

    private Answer press(String path, String nonce, String cookie, String... more) {
        String query = path.substring(path.indexOf('?') + 1);
        StringBuilder form = new StringBuilder(query).append("&nonce=").append(nonce);
        for (int i = 0; i < more.length; i += 2) {
            form.append('&')
                    .append(more[i])
                    .append('=')
                    .append(URLEncoder.encode(more[i + 1], StandardCharsets.UTF_8));
        }
        return server.send(
                HttpRequest.newBuilder(server.publicUrl().resolve("/auth/confirm"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Cookie", cookie)
                        .POST(BodyPublishers.ofString(form.toString())));
    }

    @Test
    void openingALinkSpendsNothingAndTheButtonDoes() {
        server.register("page@example.test");
        String path = path("magic_link", "page@example.test");

        for (int scan = 0; scan < 3; scan++) {
            assertThat(server.get(path).status()).isEqualTo(200);
        }
        Answer page = server.get(path);
        Answer done = press(path, nonceIn(page), cookieOf(page));

        assertThat(done.status()).isEqualTo(200);
        assertThat(done.response().headers().allValues("Set-Cookie"))
                .anyMatch(cookie -> cookie.startsWith("session_id=ses_"));
        assertThat(server.get(path).status()).as("spent").isEqualTo(401);
    }

    @Test
    void thePageRunsNoScriptAndIsFramedByNobody() {
        server.register("headers@example.test");

        Answer page = server.get(path("email_verify", "headers@example.test"));

        assertThat(page.response().body()).doesNotContain("<script", "javascript:", " on");
        assertThat(page.response().headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "frame-ancestors 'none'", "form-action 'self'")
                .doesNotContain("unsafe");
        assertThat(page.response().headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
        assertThat(page.response().headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(page.response().headers().firstValue("X-Content-Type-Options"))
                .hasValue("nosniff");
    }

    @Test
    void theButtonWorksOnlyInTheBrowserThatOpenedTheLink() {
        server.register("browser@example.test");
        String path = path("email_verify", "browser@example.test");
        Answer mine = server.get(path);
        Answer scanner = server.get(path);

        assertThat(press(path, nonceIn(mine), cookieOf(scanner)).status()).isEqualTo(403);
        assertThat(press(path, nonceIn(mine), "other=1").status()).isEqualTo(403);
        assertThat(press(path, "", cookieOf(mine)).status()).isEqualTo(403);
        assertThat(press(path, nonceIn(mine), cookieOf(mine)).status()).isEqualTo(200);
    }

    @Test
    void aPasswordIsSetOnThePageAndAWeakOneMayBeMended() {
        server.register("page-reset@example.test");
        String path = path("password_reset", "page-reset@example.test");
        Answer page = server.get(path);
        String nonce = nonceIn(page);
        String cookie = cookieOf(page);

        Answer weak = press(path, nonce, cookie, "password", "short");
        Answer set = press(path, nonceIn(weak), cookie, "password", NEW_PASSWORD);
        Answer twice = press(path, nonce, cookie, "password", NEW_PASSWORD);

        assertThat(weak.status()).isEqualTo(422);
        assertThat(set.status()).isEqualTo(200);
        assertThat(twice.status()).as("pressed twice is done once").isEqualTo(200);
        assertThat(
                        server.post(
                                        "/auth/login",
                                        "{\"email\":\"page-reset@example.test\",\"password\":\"%s\"}"
                                                .formatted(NEW_PASSWORD))
                                .status())
                .isEqualTo(200);
    }

    @Test
    void anInvitationIsAcceptedOnThePage() {
        String path = path("invite", "page-invited@example.test");
        Answer page = server.get(path);

        Answer accepted =
                press(
                        path,
                        nonceIn(page),
                        cookieOf(page),
                        "name",
                        "Ida <b>",
                        "password",
                        NEW_PASSWORD);

        assertThat(accepted.status()).isEqualTo(200);
        assertThat(
                        server.post(
                                        "/auth/login",
                                        "{\"email\":\"page-invited@example.test\",\"password\":\"%s\"}"
                                                .formatted(NEW_PASSWORD))
                                .json()
                                .get("user")
                                .get("name")
                                .asString())
                .isEqualTo("Ida <b>");
    }

    @Test
    void whatIsNoTokenGetsOnePageWithoutItsText() {
        for (String query :
                new String[] {
                    "",
                    "?purpose=magic_link",
                    "?purpose=odd&token=v4.public.AAAA",
                    "?purpose=magic_link&token=%3Cscript%3E",
                }) {
            Answer page = server.get("/auth/confirm" + query);

            assertThat(page.status()).isEqualTo(401);
            assertThat(page.response().body()).contains("does not work").doesNotContain("script");
            assertThat(page.response().headers().firstValue("Set-Cookie")).isEmpty();
        }
    }

    @Test
    void takesNoOtherKindOfBody() {
        assertThat(server.post("/auth/confirm", "{}").status()).isEqualTo(415);
        assertThat(Mailbox.linkIn("see http://x.test/y now")).isEqualTo("http://x.test/y");
    }
}
