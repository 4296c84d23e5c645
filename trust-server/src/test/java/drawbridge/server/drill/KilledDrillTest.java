package drawbridge.server.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.server.support.KillableServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A server that is killed while a drill is played leaves nothing of it behind. */
final class KilledDrillTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void theNextStartRemovesTheSandbox(@TempDir Path folder) throws Exception {
        try (KillableServer server = new KillableServer(folder)) {
            server.start();
            String run = json(server.admin("/v1/drills", Map.of()).body()).get("id").asString();
            await().pollInterval(Duration.ofMillis(5)).until(() -> sessions(server) > 0);
            assertThat(tenants(server)).hasSize(2);

            server.kill();
            server.start();

            assertThat(tenants(server)).containsExactly("default");
            assertThat(sessions(server)).isZero();
            JsonNode known = json(server.admin("GET", "/v1/drills/" + run).body());
            assertThat(known.get("state").asString()).isEqualTo("interrupted");
            assertThat(json(server.admin("GET", "/v1/callers").body()).get("items")).hasSize(1);
            assertThat(server.admin("/v1/drills", Map.of()).statusCode()).isEqualTo(202);
        }
    }

    private static List<String> tenants(KillableServer server) throws IOException {
        return json(server.admin("GET", "/v1/tenants").body())
                .get("items")
                .valueStream()
                .map(tenant -> tenant.get("id").asString())
                .toList();
    }

    private static long sessions(KillableServer server) throws IOException {
        return json(server.admin("GET", "/v1/sessions").body()).get("total").asLong();
    }

    private static JsonNode json(String text) {
        return JSON.readTree(text);
    }
}
