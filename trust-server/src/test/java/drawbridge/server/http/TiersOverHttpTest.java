package drawbridge.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.server.support.FollowedEvents;
import drawbridge.server.support.Given;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.util.Map;

/** What the server says of the tiers that it serves sessions from. */
@Timeout(120)
final class TiersOverHttpTest {
    private static final int IN_MEMORY = 100;
    private static final int MORE = 20;

    @TempDir private Path data = Path.of("");

    @SuppressWarnings("NullAway.Init") // before each test
    private RunningServer server;

    @BeforeEach
    void start() {
        server =
                RunningServer.start(
                        data,
                        new MutableClock(Given.OPENED),
                        Map.of("DRAWBRIDGE_MEMORY_SESSIONS", String.valueOf(IN_MEMORY)));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static JsonNode of(JsonNode tiers, String tenant) {
        for (JsonNode one : tiers.get("tenants")) {
            if (one.get("tenant").asString().equals(tenant)) {
                return one;
            }
        }
        throw new AssertionError("no figures of " + tenant + " in " + tiers);
    }

    private static void says(JsonNode tenant, long hits, long misses) {
        assertThat(tenant.get("hits").get("memory").asLong()).as("%s", tenant).isEqualTo(hits);
        assertThat(tenant.get("misses").get("memory").asLong()).as("%s", tenant).isEqualTo(misses);
        long p50 = tenant.get("p50Nanos").get("memory").asLong();
        assertThat(p50).as("%s", tenant).isPositive();
        assertThat(tenant.get("p99Nanos").get("memory").asLong()).isGreaterThanOrEqualTo(p50);
    }

    private int validate(String secret, String session) {
        return server.post(
                        "/auth/bridge/validate",
                        "{\"session_id\":\"%s\",\"ip\":\"127.0.0.1\"}".formatted(session),
                        "X-Bridge-Secret",
                        secret)
                .status();
    }

    @Test
    void tellsEachTenantsFiguresApart() {
        server.admin("/v1/tenants", "{\"id\":\"acme\",\"name\":\"Acme\"}");
        String secret =
                server.admin("/v1/callers", "{\"name\":\"shop\",\"tenant\":\"acme\"}")
                        .text("secret");
        Answer carla =
                server.post(
                        "/t/acme/auth/register",
                        "{\"email\":\"carla@example.test\",\"password\":\"%s\"}"
                                .formatted(RunningServer.PASSWORD));
        String hers = carla.json().get("data").get("session_id").asString();
        String ours = server.register("ana@example.test");
        for (int i = 0; i < 3; i++) {
            assertThat(validate(secret, hers)).isEqualTo(200);
        }
        for (int i = 0; i < 5; i++) {
            assertThat(validate(RunningServer.SECRET, ours)).isEqualTo(200);
        }
        // What nobody has is asked for once in the database, and known not to be there after that.
        assertThat(validate(secret, "ses_" + "A".repeat(43))).isEqualTo(401);

        JsonNode tiers = server.admin("/v1/tiers").json();

        says(of(tiers, "acme"), 3, 1);
        says(of(tiers, "default"), 5, 0);
        assertThat(of(tiers, "acme").get("misses").get("database").asLong()).isEqualTo(1);
        assertThat(of(tiers, "default").get("misses").get("database").asLong()).isZero();
        try (FollowedEvents events = FollowedEvents.ofAdmin(server)) {
            JsonNode told = events.next();
            while (!told.path("tiers").has("tenants")) {
                told = events.next();
            }
            says(of(told.get("tiers"), "acme"), 3, 1);
            says(of(told.get("tiers"), "default"), 5, 0);
        }
    }

    /** More sessions than memory holds. */
    @Test
    void countsWhatWasPushedOutOfMemory() {
        assertThat(metric("drawbridge_memory_evictions_total")).isZero();
        for (int i = 0; i < IN_MEMORY + MORE; i++) {
            String _ = server.register("user-%d@example.test".formatted(i));
        }

        await().untilAsserted(() -> {
            JsonNode memory = server.admin("/v1/tiers").json().get("tiers").get(0);
            assertThat(memory.get("capacity").asInt()).isEqualTo(IN_MEMORY);
            assertThat(memory.get("size").asInt()).isLessThanOrEqualTo(IN_MEMORY);
            assertThat(memory.get("evictions").asInt()).isGreaterThanOrEqualTo(MORE);
            assertThat(metric("drawbridge_memory_evictions_total")).isGreaterThanOrEqualTo(MORE);
        });
    }

    private double metric(String name) {
        return server.admin("/metrics")
                .response()
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.split(" ")[1]))
                .findFirst()
                .orElseThrow();
    }
}
