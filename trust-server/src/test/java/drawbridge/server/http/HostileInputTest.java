package drawbridge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.support.DatabaseContract;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.stream.Stream;

/** Whatever is thrown at an endpoint: a 4xx JSON error with a code, at once. */
@Timeout(120)
@DatabaseContract
@TestInstance(Lifecycle.PER_CLASS)
class HostileInputTest {
    private RunningServer server;

    @BeforeAll
    void start(@TempDir Path data) {
        server = RunningServer.start(data, Clock.systemUTC());
    }

    @AfterAll
    void stop() {
        server.close();
    }

    static Stream<Arguments> bodies() {
        String deep = "[".repeat(10_000) + "]".repeat(10_000);
        return Stream.of(
                Arguments.of("not JSON", "{\"email\":", "MALFORMED_JSON"),
                Arguments.of("an array", "[1,2]", "MALFORMED_JSON"),
                Arguments.of("a number", "7", "MALFORMED_JSON"),
                Arguments.of("two objects", "{}{}", "MALFORMED_JSON"),
                Arguments.of("deep", "{\"a\":" + deep + "}", "MALFORMED_JSON"),
                Arguments.of(
                        "duplicate keys",
                        "{\"email\":\"a@b.test\",\"email\":\"c@d.test\"}",
                        "MALFORMED_JSON"),
                Arguments.of("NaN", "{\"email\":NaN}", "MALFORMED_JSON"),
                Arguments.of("a comment", "{/* */\"email\":\"a@b.test\"}", "MALFORMED_JSON"),
                Arguments.of("single quotes", "{'email':'a@b.test'}", "MALFORMED_JSON"),
                Arguments.of("raw NUL", "{\"email\":\"a\u0000@b.test\"}", "MALFORMED_JSON"),
                Arguments.of(
                        "escaped NUL",
                        "{\"email\":\"a\\u0000@b.test\",\"session_id\":\"\\u0000\"}",
                        "INVALID_FIELD"),
                Arguments.of(
                        "half a character",
                        "{\"email\":\"\\ud800@b.test\",\"session_id\":\"\\ud800\"}",
                        "INVALID_FIELD"),
                Arguments.of(
                        "wrong type", "{\"email\":{\"$ne\":1},\"session_id\":[]}", "INVALID_FIELD"),
                Arguments.of(
                        "overlong",
                        "{\"email\":\"%1$s\",\"session_id\":\"%1$s\"}".formatted("a".repeat(9000)),
                        "INVALID_FIELD"),
                Arguments.of(
                        "huge text",
                        "{\"email\":\"" + "a".repeat(30_000) + "\"}",
                        "MALFORMED_JSON"),
                Arguments.of(
                        "too large", "{\"a\":\"" + "a".repeat(70_000) + "\"}", "BODY_TOO_LARGE"));
    }

    /** A PostgreSQL can hold no NUL in a text. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/sessions?filter=%00",
                "/v1/sessions?filter=user:a%00b",
                "/v1/sessions/%00",
                "/v1/sessions/a%00b/explain",
                "/v1/users?filter=%00",
                "/v1/users/%00",
                "/v1/audit?user=a%00b",
                "/v1/audit?tenant=%00",
                "/v1/tokens?user=%00",
                "/v1/callers?tenant=%00",
                "/v1/tenants/%00",
                "/v1/policies?tenant=%00"
            })
    void refusesNulInEveryPlace(String path) {
        Answer answer = server.admin(path);

        assertThat(answer.status()).as(answer.response().body()).isEqualTo(400);
        assertThat(answer.text("code")).isNotEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bodies")
    void answersEveryBrokenBodyOnEveryPath(String what, String body, String code) {
        for (String path :
                new String[] {"/auth/login", "/auth/register", "/auth/bridge/validate"}) {
            Answer answer = server.post(path, body, "X-Bridge-Secret", RunningServer.SECRET);

            assertThat(answer.status()).as("%s on %s", what, path).isBetween(400, 499);
            assertThat(answer.text("code")).as("%s on %s", what, path).isEqualTo(code);
            assertThat(answer.text("error")).isNotEmpty();
        }
    }

    @Test
    void refusesTenMegabytesWithoutReadingThem() {
        byte[] body = new byte[10 * 1024 * 1024];

        Answer answer =
                server.send(
                        HttpRequest.newBuilder(server.publicUrl().resolve("/auth/login"))
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofByteArray(body)));

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.text("code")).isEqualTo("BODY_TOO_LARGE");
    }

    @Test
    void refusesOtherContentTypesAndEncodings() {
        for (String type :
                new String[] {
                    "text/plain",
                    "application/x-www-form-urlencoded",
                    "application/json; charset=utf-16",
                    "multipart/form-data; boundary=x"
                }) {
            Answer answer =
                    server.send(
                            HttpRequest.newBuilder(server.publicUrl().resolve("/auth/login"))
                                    .header("Content-Type", type)
                                    .POST(BodyPublishers.ofString("{\"email\":\"a@b.test\"}")));

            assertThat(answer.status()).as(type).isEqualTo(415);
            assertThat(answer.text("code")).isEqualTo("UNSUPPORTED_MEDIA_TYPE");
        }
        Answer notUtf8 =
                server.send(
                        HttpRequest.newBuilder(server.publicUrl().resolve("/auth/login"))
                                .header("Content-Type", "application/json")
                                .POST(
                                        BodyPublishers.ofByteArray(
                                                "{\"email\":\"\u00e9@b.test\"}"
                                                        .getBytes(StandardCharsets.ISO_8859_1))));
        assertThat(notUtf8.text("code")).isEqualTo("MALFORMED_JSON");
    }

    @Test
    void refusesUnknownPathsAndMethods() {
        assertThat(server.get("/auth/nothing").text("code")).isEqualTo("NOT_FOUND");
        Answer method = server.get("/auth/login");
        assertThat(method.status()).isEqualTo(405);
        assertThat(method.text("code")).isEqualTo("METHOD_NOT_ALLOWED");
        Answer strange =
                server.send(
                        HttpRequest.newBuilder(server.publicUrl().resolve("/auth/login"))
                                .method("FROBNICATE", BodyPublishers.noBody()));
        assertThat(strange.status()).isBetween(400, 499);
        assertThat(strange.text("code")).isNotEmpty();
        assertThat(server.get("/auth/%2e%2e/v1/snapshot").status()).isBetween(400, 499);
    }

    @Test
    void refusesHugeHeaders() throws IOException {
        String answer =
                raw(
                        "POST /auth/login HTTP/1.1\r\nHost: localhost\r\nX-Device-ID: %s\r\n\r\n"
                                .formatted("d".repeat(17_000)));

        assertThat(answer).startsWith("HTTP/1.1 431").contains("\"code\":\"HEADERS_TOO_LARGE\"");
        Answer device = server.post("/auth/login", "{}", "X-Device-ID", "d".repeat(600));
        assertThat(device.status()).isEqualTo(400);
    }

    @Test
    void refusesHugePaths() throws IOException {
        String answer =
                raw(
                        "GET /auth/%s HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                .formatted("x".repeat(17_000)));

        assertThat(answer).startsWith("HTTP/1.1 414").contains("\"code\":\"URI_TOO_LONG\"");
    }

    @Test
    void refusesABodyThatIsNotFramedAsItSays() throws IOException {
        String answer =
                raw(
                        """
                        POST /auth/login HTTP/1.1\r
                        Host: localhost\r
                        Content-Type: application/json\r
                        Transfer-Encoding: chunked\r
                        \r
                        no chunk at all\r
                        """);

        assertThat(answer).startsWith("HTTP/1.1 400").contains("\"code\":\"BAD_REQUEST\"");
    }

    /** Sends one write and reads until the server closes. */
    private String raw(String request) throws IOException {
        URI url = server.publicUrl();
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void answersWhatIsNotEvenHttpAsJson() throws IOException {
        String answer = raw("GET / HTTP/9.9\r\nBad Header\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 4").contains("\"code\":\"");
    }

    @Test
    void keepsTheAdminListenerForTheHolderOfItsToken() {
        URI admin = server.server().adminUrl();
        for (String path : new String[] {"/v1/snapshot", "/metrics", "/v1/nothing", "/v1/events"}) {
            Answer none = server.send(HttpRequest.newBuilder(admin.resolve(path)).GET());
            Answer wrong =
                    server.send(
                            HttpRequest.newBuilder(admin.resolve(path))
                                    .header("Authorization", "Bearer wrong")
                                    .GET());
            Answer browser =
                    server.send(
                            HttpRequest.newBuilder(admin.resolve(path))
                                    .header("Authorization", "Bearer " + server.adminToken())
                                    .header("Origin", "http://localhost:7071")
                                    .GET());

            assertThat(none.status()).as(path).isEqualTo(401);
            assertThat(wrong.response().body()).isEqualTo(none.response().body());
            assertThat(browser.status()).isEqualTo(403);
        }
    }

    @Test
    void refusesUnknownFieldsAndCursorsOnTheAdminListener() {
        Answer field =
                server.admin(
                        "/v1/sessions/ref_0123456789012345678901/revoke",
                        "{\"reason\":\"x\",\"finally\":true}");
        assertThat(field.status()).isEqualTo(400);
        assertThat(field.text("field")).isEqualTo("finally");
        assertThat(server.admin("/v1/sessions?after=nonsense").text("field")).isEqualTo("after");
        assertThat(server.admin("/v1/events?after=abc").text("field")).isEqualTo("after");
        Answer none =
                server.admin("/v1/sessions/ref_0123456789012345678901/restore", "{\"why\":\"x\"}");
        assertThat(none.text("error")).contains("no fields are");
        assertThat(server.admin("/v1/sessions?limit=0").text("field")).isEqualTo("limit");
        assertThat(server.admin("/v1/sessions?filter=state:dead").text("field"))
                .isEqualTo("filter");
        assertThat(
                        server.admin("/v1/sessions/ref_0123456789012345678901/revoke", "{}")
                                .text("code"))
                .isEqualTo("UNKNOWN_ID");
    }
}
