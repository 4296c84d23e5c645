package drawbridge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.support.DatabaseContract;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.time.Instant;

/** What is said of callers in tables, whose rows do not meet: one server for all of them. */
@DatabaseContract
@TestInstance(Lifecycle.PER_CLASS)
class CallerTablesTest {
    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));

    @SuppressWarnings("NullAway.Init") // before all tests
    private RunningServer server;

    @BeforeAll
    void start(@TempDir Path data) {
        server = RunningServer.start(data, clock);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "scopes, '[\"admin\"]'",
        "networks, '[\"10.0.0.0/40\"]'",
        "floor, '\"DISABLED\"'",
        "kit, '\"other\"'",
        "signals, '\"never\"'",
        "lease, '\"60\"'",
        "lease, '\"2h\"'",
        "advancedMeans, '\"ip\"'",
        "scopes, '\"validate\"'",
    })
    void namesTheFieldAtFault(String field, String value) {
        Answer answer =
                server.admin("/v1/callers", "{\"name\":\"x\",\"%s\":%s}".formatted(field, value));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("field")).isEqualTo(field);
    }

    /** What the stock kits send, one row each. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "node body       | '' | {\"sessionId\":\"$\"}",
                "node query      | ?session_id=$ | {\"timestamp\":1767225600000,\"source\":\"bridge-payments\"}",
                "native          | ?session_id=$ | ",
                "rs and rsdk     | '' | {\"session_id\":\"$\",\"bridge_secret\":\"#\",\"ip\":null,\"user_agent\":null,\"device_id\":null}",
                "rsdk with list  | '' | {\"session_id\":\"$\",\"ip\":\"127.0.0.1, 203.0.113.9\",\"user_agent\":\"Test/1\"}",
                "ex              | '' | {\"session_id\":\"$\",\"ip\":\"127.0.0.1\",\"user_agent\":\"Test/1\"}",
                "older documents | '' | {\"session_id\":\"$\",\"ip_address\":\"::ffff:127.0.0.1\",\"user_agent\":\"Test/1\",\"device_id\":\"device-1\"}",
                "cli             | '' | {\"sessionId\":\"$\",\"validation_mode\":\"strict\",\"ip\":\"127.0.0.1:5000\",\"user_agent\":\"Test/1\",\"device_fingerprint\":\"device-1\"}",
            })
    void understandsEveryStockKit(String kit, String query, String body) {
        String name = kit.replace(' ', '-');
        String session = server.register("kit-%s@example.test".formatted(name));
        Answer made =
                server.admin(
                        "/v1/callers",
                        "{\"name\":\"%s\",\"kit\":\"flowfull\",\"signals\":\"when-sent\"}"
                                .formatted(name));
        assertThat(made.status()).as(made.response().body()).isEqualTo(201);
        String secret = made.text("secret");
        String path = "/auth/bridge/validate" + (query == null ? "" : query.replace("$", session));
        String sent = body == null ? "" : body.replace("$", session).replace("#", secret);

        Answer answer = server.post(path, sent, "X-Bridge-Secret", secret);

        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        assertThat(answer.json().get("success").asBoolean()).isTrue();
        assertThat(answer.json().get("session").isObject()).isTrue();
        assertThat(answer.json().has("data")).isFalse();
        assertThat(Instant.parse(answer.text("expires_at")))
                .isEqualTo(clock.instant().plusSeconds(60));
        assertThat(answer.response().body()).doesNotContain(session);
    }
}
