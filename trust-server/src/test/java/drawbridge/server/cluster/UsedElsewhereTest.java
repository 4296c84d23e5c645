package drawbridge.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.server.RouteTables;
import drawbridge.server.support.Given;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RunningServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A session's calls come to either of two nodes. */
@Timeout(180)
class UsedElsewhereTest {
    private final MutableClock clock = new MutableClock(Given.OPENED);

    @TempDir private Path folder;

    private RunningServer start(String node) {
        return SharedNodes.start(folder, node, Map.of("DRAWBRIDGE_SESSION_IDLE", "5m"), clock);
    }

    private static int validate(RunningServer server, String session) {
        return server.validate(Map.of("session_id", session, "ip", "127.0.0.1")).status();
    }

    /** A clock that jumps costs a node its lease, without which it asks the database anyway. */
    private void advance(Duration time, RunningServer... servers) {
        clock.advance(time);
        for (RunningServer server : servers) {
            await().until(() -> isHeld(server));
        }
    }

    private static boolean isHeld(RunningServer server) {
        for (JsonNode node : server.admin("/v1/nodes").json().get("items")) {
            if (node.get("self").asBoolean()) {
                return node.get("lease").asString().equals("held");
            }
        }
        return false;
    }

    @Test
    void whatOneNodeSawUsedIsNotIdleForTheOther() {
        try (RunningServer a = start("a");
                RunningServer b = start("b")) {
            String session = a.register("both@example.test");
            await().until(() -> validate(a, session) == 200 && validate(b, session) == 200);

            advance(Duration.ofMinutes(4), a, b);
            assertThat(validate(a, session)).isEqualTo(200);
            RouteTables.upkeep(a.server());
            advance(Duration.ofMinutes(2), a, b);

            assertThat(validate(b, session)).isEqualTo(200); // it holds it as of six minutes ago

            advance(Duration.ofMinutes(6), a, b);

            assertThat(validate(b, session)).isEqualTo(401);
            assertThat(validate(a, session)).isEqualTo(401);
        }
    }
}
