package drawbridge.console.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;

import drawbridge.model.Problem;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.core.type.TypeReference;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** What is sent, and what is not. */
class AdminWayTest {
    private static final TypeReference<Map<String, Object>> ANY = new TypeReference<>() {};
    private static final String WHY = "The profile is locked.";

    private final AdminToken token =
            AdminToken.of("correct-horse".getBytes(StandardCharsets.US_ASCII));
    private final List<String> arrived = new CopyOnWriteArrayList<>();
    private Optional<String> refusal = Optional.of(WHY);
    private HttpServer server;
    private URI url;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    arrived.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
                    byte[] answer = "{}".getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        server.start();
        url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private AdminHttp http(URI to) {
        return new AdminHttp(
                new AdminWay(to, token, ServerTrust.ofThisMachine(), () -> refusal),
                Duration.ofSeconds(5));
    }

    @Test
    void whileLockedEveryChangeIsRefusedHereAndNothingIsSent() {
        try (AdminHttp http = http(url)) {
            List<Reply<Map<String, Object>>> replies =
                    List.of(
                            http.post("/a", "/a", Map.of(), ANY),
                            http.post("/a", "/a", Map.of(), ANY, Duration.ofMinutes(1)),
                            http.put("/a", "/a", Map.of(), ANY),
                            http.patch("/a", "/a", Map.of(), ANY),
                            http.delete("/a", "/a", ANY));

            assertThat(replies)
                    .allSatisfy(reply ->
                            assertThat(reply)
                                    .isEqualTo(
                                            new Reply.Rejected<>(
                                                    423,
                                                    new Problem(
                                                            false,
                                                            WHY,
                                                            WHY,
                                                            "PROFILE_LOCKED",
                                                            null,
                                                            null))));
            assertThat(arrived).isEmpty();
        }
    }

    @Test
    void readingAndAskingGoThroughALock() {
        try (AdminHttp http = http(url)) {
            assertThat(http.get("/v1/config", "/v1/config", ANY)).isInstanceOf(Reply.Done.class);
            assertThat(http.ask("/v1/whatif", "/v1/whatif", Map.of(), ANY))
                    .isInstanceOf(Reply.Done.class);

            assertThat(arrived).containsExactly("GET /v1/config", "POST /v1/whatif");
        }
    }

    @Test
    void anUnlockedProfileChanges() {
        refusal = Optional.empty();
        try (AdminHttp http = http(url)) {
            assertThat(http.post("/a", "/a", Map.of(), ANY)).isInstanceOf(Reply.Done.class);
            assertThat(arrived).containsExactly("POST /a");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://192.0.2.1:7071",
                "http://trust.example.com",
                "http://127.0.0.1.example.com:7071",
                "http://localhost.example.com"
            })
    void theTokenNeverLeavesThisMachineInClearText(String elsewhere) {
        try (AdminHttp http = http(URI.create(elsewhere))) {
            assertThat(http.get("/v1/config", "/v1/config", ANY))
                    .isEqualTo(
                            new Reply.Unreachable<>(
                                    "GET /v1/config",
                                    elsewhere
                                            + " would be reached in clear text; only https leaves"
                                            + " this machine."));
        }
    }

    @Test
    void printsNoToken() {
        assertThat(AdminWay.plain(url, token).toString()).doesNotContain("horse");
    }
}
