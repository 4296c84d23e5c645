package drawbridge.server.simulate;

import drawbridge.model.Secret;
import drawbridge.model.http.WholeAnswer;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the server's own counts over the admin API. */
public final class ServerCounts {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final URI adminUrl;
    private final String bearer;

    /**
     * @param adminUrl the admin listener
     * @param token the admin token
     */
    public ServerCounts(URI adminUrl, Secret token) {
        this.adminUrl = adminUrl;
        this.bearer = "Bearer " + token.use(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    /** Where they are asked for. */
    public URI adminUrl() {
        return adminUrl;
    }

    /** One reading; see {@link #between}. */
    record Reading(JsonNode snapshot) {
        long total(String name) {
            return snapshot.path("totals").path(name).asLong(0);
        }

        long refused() {
            return sum(snapshot.path("totals").path("refused"));
        }

        Instant at() {
            return Instant.parse(snapshot.path("at").asString("1970-01-01T00:00:00Z"));
        }
    }

    /** Reads the counts; empty when the admin API does not answer. */
    Optional<Reading> read() throws InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(adminUrl.resolve("/v1/snapshot"))
                        .timeout(PATIENCE)
                        .header("Authorization", bearer)
                        .build();
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            HttpResponse<byte[]> answer =
                    WholeAnswer.send(client, request, HttpResponse.BodyHandlers.ofByteArray());
            return answer.statusCode() == 200
                    ? Optional.of(new Reading(JsonMapper.shared().readTree(answer.body())))
                    : Optional.empty();
        } catch (IOException | JacksonException e) {
            return Optional.empty();
        }
    }

    /** What happened in the server between two readings. */
    static SimulationReport.ServerView between(Reading before, Reading after) {
        long memory = source(after, "memory") - source(before, "memory");
        long found =
                sum(after.snapshot().path("totals").path("bySource"))
                        - sum(before.snapshot().path("totals").path("bySource"));
        List<JsonNode> seconds = new ArrayList<>();
        for (JsonNode tick : after.snapshot().path("recent").values()) {
            Instant at = Instant.parse(tick.path("at").asString("1970-01-01T00:00:00Z"));
            if (at.isAfter(before.at()) && tick.path("validations").asLong(0) > 0) {
                seconds.add(tick);
            }
        }
        return new SimulationReport.ServerView(
                after.total("validations") - before.total("validations"),
                after.total("trusted") - before.total("trusted"),
                after.refused() - before.refused(),
                found == 0 ? 0 : (double) memory / found,
                typicalMedian(seconds),
                seconds.stream()
                        .mapToLong(tick -> tick.path("p99Micros").asLong(0))
                        .max()
                        .orElse(0));
    }

    /** The median of half of the validations: of the seconds' medians, weighted by their number. */
    private static long typicalMedian(List<JsonNode> seconds) {
        long half =
                seconds.stream().mapToLong(tick -> tick.path("validations").asLong(0)).sum() / 2;
        List<JsonNode> ascending =
                seconds.stream()
                        .sorted(Comparator.comparingLong(tick -> tick.path("p50Micros").asLong(0)))
                        .toList();
        long passed = 0;
        for (JsonNode tick : ascending) {
            passed += tick.path("validations").asLong(0);
            if (passed >= half) {
                return tick.path("p50Micros").asLong(0);
            }
        }
        return 0;
    }

    private static long source(Reading reading, String name) {
        return reading.snapshot().path("totals").path("bySource").path(name).asLong(0);
    }

    private static long sum(JsonNode counts) {
        long sum = 0;
        for (Map.Entry<String, JsonNode> count : counts.properties()) {
            sum += count.getValue().asLong(0);
        }
        return sum;
    }
}
