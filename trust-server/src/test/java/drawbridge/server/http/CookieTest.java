package drawbridge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

class CookieTest {
    @TempDir private Path data;
    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));

    private static Answer logIn(RunningServer server, String... headers) {
        return server.post(
                "/auth/login",
                "{\"email\":\"ana@example.test\",\"password\":\"%s\"}"
                        .formatted(RunningServer.PASSWORD),
                headers);
    }

    private static List<String> cookies(Answer answer) {
        return answer.response().headers().allValues("Set-Cookie");
    }

    private static String cookie(Answer answer, String name) {
        return cookies(answer).stream()
                .filter(text -> text.startsWith(name + "="))
                .map(text -> text.substring(name.length() + 1, text.indexOf(';')))
                .findFirst()
                .orElse("");
    }

    @ParameterizedTest(name = "secure={0} prefix={1} samesite={2} tls={3}")
    @CsvSource({
        "auto,   on,  Lax,    false, session_id,        SameSite=Lax,    false",
        "auto,   on,  Lax,    true,  __Host-session_id, SameSite=Lax,    true",
        "auto,   off, Lax,    true,  session_id,        SameSite=Lax,    true",
        "always, on,  None,   false, __Host-session_id, SameSite=None,   true",
        "always, on,  Strict, true,  __Host-session_id, SameSite=Strict, true",
        "never,  on,  Strict, true,  session_id,        SameSite=Strict, false",
    })
    void setsCookieAsToldAndReadsItUnderThatName(
            String secure,
            String prefix,
            String sameSite,
            boolean tls,
            String name,
            String mark,
            boolean isSecure) {
        Map<String, String> settings =
                Map.of(
                        "DRAWBRIDGE_SESSION_COOKIE_SECURE", secure,
                        "DRAWBRIDGE_SESSION_COOKIE_PREFIX", prefix,
                        "DRAWBRIDGE_SESSION_COOKIE_SAMESITE", sameSite,
                        "DRAWBRIDGE_TRUSTED_PROXIES", "127.0.0.1/32");
        try (RunningServer server = RunningServer.start(data, clock, settings)) {
            server.register("ana@example.test");
            String[] from = {"X-Forwarded-Proto", tls ? "https" : "http"};
            Answer login = logIn(server, from);

            String session = cookie(login, name);
            assertThat(session).isEqualTo(login.text("session_id"));
            assertThat(cookies(login))
                    .hasSize(2)
                    .allMatch(text -> text.contains("; HttpOnly"))
                    .allMatch(text -> text.contains("; Path=/;"))
                    .allMatch(text -> !text.contains("Domain"))
                    .allMatch(text -> text.contains(mark))
                    .allMatch(text -> text.endsWith("; Secure") == isSecure)
                    .allMatch(text -> text.startsWith("__Host-") == name.startsWith("__Host-"));
            String[] again = {"Cookie", name + "=" + session, from[0], from[1]};
            assertThat(server.get("/auth/validation", again).status()).isEqualTo(200);
            if (name.startsWith("__Host-")) {
                again[1] = "session_id=" + session; // anybody on a sister host could have set it
                assertThat(server.get("/auth/validation", again).status()).isEqualTo(401);
            }
        }
    }

    @Test
    void setsAndReadsNoneWhenTheyAreOff() {
        try (RunningServer server =
                RunningServer.start(data, clock, Map.of("DRAWBRIDGE_SESSION_COOKIE", "off"))) {
            server.register("ana@example.test");
            Answer login = logIn(server);

            assertThat(cookies(login)).isEmpty();
            String session = login.text("session_id");
            assertThat(server.get("/auth/validation", "Cookie", "session_id=" + session).status())
                    .isEqualTo(401);
            assertThat(server.get("/auth/validation", "X-Session-ID", session).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void adoptsNoIdThatTheClientSends() {
        try (RunningServer server = RunningServer.start(data, clock)) {
            server.register("ana@example.test");
            String planted = "ses_" + "A".repeat(43);
            Answer first =
                    server.post(
                            "/auth/login",
                            "{\"email\":\"ana@example.test\",\"password\":\"%s\",\"session_id\":\"%s\"}"
                                    .formatted(RunningServer.PASSWORD, planted),
                            "Cookie",
                            "session_id=" + planted,
                            "X-Session-ID",
                            planted);
            Answer second = logIn(server, "Cookie", "session_id=" + first.text("session_id"));

            assertThat(first.text("session_id")).isNotEqualTo(planted);
            assertThat(second.text("session_id"))
                    .isNotEqualTo(planted)
                    .isNotEqualTo(first.text("session_id"));
            assertThat(server.get("/auth/validation", "X-Session-ID", planted).status())
                    .isEqualTo(401);
        }
    }

    private static Answer advanced(
            RunningServer server, String session, @Nullable String told, @Nullable String cookie) {
        Map<String, String> call = new HashMap<>();
        call.put("session_id", session);
        call.put("ip", "127.0.0.1");
        call.put("validation_mode", "ADVANCED");
        if (told != null) {
            call.put("device_id", told);
        }
        if (cookie != null) {
            call.put("device_cookie", cookie);
        }
        return server.validate(call);
    }

    @Test
    void knowsTheDeviceByItsCookieBetterThanByWhatItTells() {
        try (RunningServer server = RunningServer.start(data, clock)) {
            server.register("ana@example.test");
            Answer login = logIn(server, "X-Device-ID", "told");
            String session = login.text("session_id");
            String device = cookie(login, "drawbridge_device");
            String other = cookie(logIn(server), "drawbridge_device");

            assertThat(device).startsWith("dev_").isNotEqualTo(other);
            assertThat(advanced(server, session, null, device).status()).isEqualTo(200);
            assertThat(advanced(server, session, "told", device).status()).isEqualTo(200);
            assertThat(advanced(server, session, "told", null).status()).isEqualTo(200);
            assertThat(advanced(server, session, "told", other).text("code"))
                    .isEqualTo("SIGNAL_DIFFERS");
            assertThat(advanced(server, session, "else", device).text("code"))
                    .isEqualTo("SIGNAL_DIFFERS");
            assertThat(advanced(server, session, null, null).text("code"))
                    .isEqualTo("SIGNAL_MISSING");
        }
    }

    @Test
    void keepsTheDeviceCookieOverLoginsAndTakesNoneItDidNotDraw() {
        try (RunningServer server = RunningServer.start(data, clock)) {
            server.register("ana@example.test");
            String device = cookie(logIn(server), "drawbridge_device");
            String chosen = "dev_" + "A".repeat(43) + "." + "A".repeat(43);

            List<String> kept = new ArrayList<>();
            kept.add(
                    cookie(
                            logIn(server, "Cookie", "drawbridge_device=" + device),
                            "drawbridge_device"));
            kept.add(
                    cookie(
                            logIn(server, "Cookie", "drawbridge_device=" + chosen),
                            "drawbridge_device"));

            assertThat(kept.get(0)).isEqualTo(device);
            assertThat(kept.get(1)).startsWith("dev_").isNotEqualTo(chosen);
        }
    }
}
