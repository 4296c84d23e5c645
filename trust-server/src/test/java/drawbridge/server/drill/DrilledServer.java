package drawbridge.server.drill;

import static org.awaitility.Awaitility.await;

import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** A server with the limits that it has by default, and drills played against it. */
final class DrilledServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final RunningServer server;

    private DrilledServer(RunningServer server) {
        this.server = server;
    }

    /** Starts one with these settings besides. */
    static DrilledServer start(Path folder, Map<String, String> settings) {
        return start(folder, settings, UnaryOperator.identity());
    }

    /** The same, with something before it that its drills meet. */
    static DrilledServer start(
            Path folder, Map<String, String> settings, UnaryOperator<URI> drilled) {
        Map<String, String> all = new HashMap<>();
        all.put("DRAWBRIDGE_LIMIT_REQUESTS", "600");
        all.put("DRAWBRIDGE_LIMIT_AUTHENTICATION", "10");
        all.put("DRAWBRIDGE_LIMIT_HASHING", "5");
        all.put("DRAWBRIDGE_LIMIT_SECRETS", "60");
        all.putAll(settings);
        return new DrilledServer(RunningServer.start(folder, Clock.systemUTC(), all, drilled));
    }

    RunningServer server() {
        return server;
    }

    /** Plays drills for a tenant and waits for their end. */
    JsonNode play(String body) {
        Answer begun = server.admin("/v1/drills", body);
        if (begun.status() != 202) {
            throw new IllegalStateException(begun.response().body());
        }
        return ended(begun.text("id"));
    }

    /** Waits for the end of a run. */
    JsonNode ended(String run) {
        return await().pollInterval(
                        Duration.ofMillis(250)) // as often as its limits let anybody ask
                .atMost(PATIENCE)
                .until(
                        () -> server.admin("/v1/drills/" + run).json(),
                        json -> !json.get("state").asString().equals("running"));
    }

    /** The outcome of each drill of a run. */
    static Map<String, String> outcomes(JsonNode run) {
        Map<String, String> outcomes = new TreeMap<>();
        run.get("drills")
                .forEach(drill ->
                        outcomes.put(
                                drill.get("id").asString(),
                                drill.get("outcome").isNull()
                                        ? drill.get("state").asString()
                                        : drill.get("outcome").asString()));
        return outcomes;
    }

    /** The state of each row of a tenant's matrix. */
    Map<String, String> matrix(String tenant) {
        Map<String, String> states = new TreeMap<>();
        server.admin("/v1/threats?tenant=" + tenant)
                .json()
                .get("rows")
                .forEach(row -> states.put(row.get("id").asString(), row.get("state").asString()));
        return states;
    }

    @Override
    public void close() {
        server.close();
    }
}
