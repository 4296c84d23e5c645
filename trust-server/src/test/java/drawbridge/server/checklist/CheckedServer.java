package drawbridge.server.checklist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** A server with the limits it has by default and nothing lax, and what its checklist says. */
final class CheckedServer implements AutoCloseable {
    private final RunningServer server;
    private final Path folder;

    private CheckedServer(RunningServer server, Path folder) {
        this.server = server;
        this.folder = folder;
    }

    /** Starts one with these settings besides. */
    static CheckedServer start(Path folder, Clock clock, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>();
        all.put("DRAWBRIDGE_LIMIT_REQUESTS", "600");
        all.put("DRAWBRIDGE_LIMIT_AUTHENTICATION", "10");
        all.put("DRAWBRIDGE_LIMIT_HASHING", "5");
        all.put("DRAWBRIDGE_LIMIT_EXPORT", "6");
        all.put("DRAWBRIDGE_LIMIT_SECRETS", "60");
        all.put("DRAWBRIDGE_EMAIL_VERIFICATION", "on");
        all.putAll(settings);
        return new CheckedServer(RunningServer.start(folder, clock, all), folder);
    }

    RunningServer server() {
        return server;
    }

    Path folder() {
        return folder;
    }

    /** Tries it, and gives the whole checklist of a tenant. */
    JsonNode tried(String tenant) {
        Answer answer = server.admin("/v1/checklist/try", "{\"tenant\":\"%s\"}".formatted(tenant));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer.json();
    }

    /** The checklist as it is, tried or not. */
    JsonNode now(String tenant) {
        return server.admin("/v1/checklist?tenant=" + tenant).json();
    }

    /** The verdict of each item and the codes of what was found against it. */
    static Map<String, String> rows(JsonNode checklist) {
        Map<String, String> rows = new TreeMap<>();
        for (JsonNode item : checklist.get("items")) {
            TreeSet<String> against = new TreeSet<>();
            for (JsonNode evidence : item.get("evidence")) {
                String verdict = evidence.get("verdict").asString();
                if (verdict.equals("warn") || verdict.equals("fail")) {
                    against.add(evidence.get("code").asString());
                }
            }
            rows.put(item.get("id").asString(), item.get("verdict").asString() + " " + against);
        }
        return rows;
    }

    /** Gives the rows as they are after it. */
    static Map<String, String> assertWeak(
            Map<String, String> before, JsonNode now, String item, String verdict, String code) {
        Map<String, String> after = rows(now);
        assertThat(after.get(item)).startsWith(verdict + " ").contains(code);
        assertThat(String.valueOf(before.get(item))).doesNotContain(code);
        Map<String, String> others = new HashMap<>(after);
        others.put(item, String.valueOf(before.get(item)));
        if (!now.get("tenant").asString().equals("default")) {
            // Other tests make tenants meanwhile, and that is no weakness.
            others.put("row_security", String.valueOf(before.get("row_security")));
        }
        assertThat(others).as(now.toPrettyString()).isEqualTo(before);
        return after;
    }

    /** What is set by default, for judges that are asked alone. */
    static ChecklistSettings settings(Path folder) {
        return new ChecklistSettings(
                "/auth",
                folder,
                List.of(),
                List.of(),
                Duration.ofDays(90),
                new ChecklistSettings.Edge(
                        10, 1024, Duration.ofSeconds(10), List.of(), false, false, false),
                "INFO");
    }

    /** Searches, and gives what became of it. */
    JsonNode searched(String body) {
        Answer begun = server.admin("/v1/checklist/scan", body);
        assertThat(begun.status()).as(begun.response().body()).isEqualTo(202);
        return await().pollInterval(Duration.ofMillis(20))
                .until(
                        () -> server.admin("/v1/checklist/scan").json(),
                        scan -> !scan.get("state").asString().equals("running"));
    }

    @Override
    public void close() {
        server.close();
    }
}
