package drawbridge.console.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import drawbridge.console.fixture.Samples;
import drawbridge.model.view.Page;
import drawbridge.model.view.Receipt;
import drawbridge.model.view.ServerSnapshot;
import drawbridge.model.view.SessionRow;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

class HttpTrustClientTest {
    private record Request(String method, String target, String authorization, String body) {}

    private final AdminToken token =
            AdminToken.of("correct-horse".getBytes(StandardCharsets.US_ASCII));
    private HttpServer server;
    private HttpTrustClient client;
    private volatile int status = 200;
    private volatile String answer = "";
    private volatile Request seen = new Request("", "", "", "");

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
        client =
                new HttpTrustClient(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"),
                        token,
                        Duration.ofSeconds(5));
    }

    @AfterEach
    void close() {
        client.close();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        seen =
                new Request(
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().toString(),
                        exchange.getRequestHeaders().getFirst("Authorization"),
                        new String(
                                exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Test
    void readsTheSnapshotWithTheToken() {
        answer = Samples.json(Samples.snapshot(41));

        Reply<ServerSnapshot> reply = client.snapshot();

        assertThat(reply).isEqualTo(new Reply.Done<>(Samples.snapshot(41)));
        assertThat(seen).isEqualTo(new Request("GET", "/v1/snapshot", "Bearer correct-horse", ""));
    }

    @Test
    void asksForAPageWithFilterLimitAndCursor() {
        Page<SessionRow> page = new Page<>(List.of(Samples.session("ref1")), null, 1);
        answer = Samples.json(page);

        Reply<Page<SessionRow>> reply = client.sessions("user:ana ip:10.0.0.0/8&x", 100, "a+b");

        assertThat(reply).isEqualTo(new Reply.Done<>(page));
        assertThat(seen.target())
                .isEqualTo(
                        "/v1/sessions?filter=user%3Aana%20ip%3A10.0.0.0%2F8%26x&limit=100&after=a%2Bb");
    }

    @Test
    void asksForARevocationThatCanBeUndone() {
        Receipt receipt =
                new Receipt(
                        "r/1",
                        null,
                        7,
                        1,
                        Samples.NOON,
                        Samples.NOON,
                        List.of(),
                        List.of(),
                        900,
                        null,
                        null);
        answer = Samples.json(receipt);

        Reply<Receipt> reply = client.revoke("r/1", "stolen \"laptop\"");

        assertThat(reply).isEqualTo(new Reply.Done<>(receipt));
        assertThat(seen.method()).isEqualTo("POST");
        assertThat(seen.target()).isEqualTo("/v1/sessions/r%2F1/revoke");
        assertThat(seen.body())
                .contains("\"reason\":\"stolen \\\"laptop\\\"\"")
                .contains("\"final\":false");
    }

    @Test
    void passesOverWhatANewerServerAdds() {
        answer = Samples.json(Samples.snapshot(3)).replaceFirst("\\{", "{\"later\":{\"a\":[1]},");

        assertThat(client.snapshot()).isEqualTo(new Reply.Done<>(Samples.snapshot(3)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"seq\":1,\"at\":\"2026",
                "<html>",
                "{\"seq\":1,\"seq\":2}"
            })
    void neverTakesAnUnreadableAnswerForDone(String unreadable) {
        answer = unreadable;

        assertThat(client.snapshot())
                .isInstanceOfSatisfying(
                        Reply.Unreachable.class,
                        reply -> assertThat(reply.why()).contains("cannot read").endsWith(")."));
    }

    @Test
    void doesNotLetANullThroughWhereTheRecordHasNone() {
        Page<SessionRow> page = new Page<>(List.of(Samples.session("ref1")), null, 1);
        answer = Samples.json(page).replace("\"ref1\"", "null");

        assertThat(client.sessions("", 1, null))
                .isInstanceOfSatisfying(
                        Reply.Unreachable.class, reply -> assertThat(reply.why()).contains("ref"));
    }

    @Test
    void doesNotLetAMissingPropertyThrough() {
        Page<SessionRow> page = new Page<>(List.of(Samples.session("ref1")), null, 1);
        answer = Samples.json(page).replace("\"userId\"", "\"uid\"");

        assertThat(client.sessions("", 1, null))
                .isInstanceOfSatisfying(
                        Reply.Unreachable.class,
                        reply -> assertThat(reply.why()).contains("userId"));
    }

    @Test
    void tellsTheServersOwnWordsWhenItRefuses() {
        status = 409;
        answer =
                """
                {"success":false,"error":"too late","message":"too late","code":"NOT_RESTORABLE",
                 "requestId":"rq1"}
                """;

        Reply<Receipt> reply = client.restore("r1");

        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.Rejected.class,
                        rejected -> {
                            assertThat(rejected.status()).isEqualTo(409);
                            assertThat(rejected.problem().code()).isEqualTo("NOT_RESTORABLE");
                            assertThat(rejected.problem().requestId()).isEqualTo("rq1");
                        });
    }

    @Test
    void saysWhenSomethingElseAnswers() {
        status = 502;
        answer = "<html>Bad gateway</html>";

        assertThat(client.configuration())
                .isInstanceOfSatisfying(
                        Reply.Unreachable.class,
                        reply -> {
                            assertThat(reply.tried()).isEqualTo("GET /v1/config");
                            assertThat(reply.why())
                                    .contains("502")
                                    .contains("not as a Drawbridge server would");
                        });
    }

    @Test
    void saysWhenNothingListens() {
        server.stop(0);

        assertThat(client.snapshot())
                .isInstanceOfSatisfying(
                        Reply.Unreachable.class,
                        reply ->
                                assertThat(reply.why())
                                        .startsWith("Nothing listens on http://127.0.0.1:")
                                        .endsWith("."));
    }

    @Test
    void endsAnAnswerThatDoesNotCome() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                HttpTrustClient impatient =
                        new HttpTrustClient(
                                URI.create("http://127.0.0.1:" + silent.getLocalPort()),
                                token,
                                Duration.ofMillis(100))) {

            assertThat(impatient.snapshot())
                    .isInstanceOfSatisfying(
                            Reply.Unreachable.class,
                            reply -> assertThat(reply.why()).contains("within 100 ms"));
        }
    }

    @Test
    void leavesWhenInterruptedAndKeepsTheInterrupt() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                HttpTrustClient patient =
                        new HttpTrustClient(
                                URI.create("http://127.0.0.1:" + silent.getLocalPort()), token)) {
            CountDownLatch kept = new CountDownLatch(1);
            Thread thread =
                    Thread.ofVirtual()
                            .start(() -> {
                                Reply<ServerSnapshot> reply = patient.snapshot();
                                if (reply instanceof Reply.Unreachable
                                        && Thread.currentThread().isInterrupted()) {
                                    kept.countDown();
                                }
                            });

            thread.interrupt();

            assertThat(kept.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void neverPrintsTheToken() {
        assertThat(token).hasToString("AdminToken[redacted]");
    }
}
