package drawbridge.server.simulate;

import drawbridge.model.http.WholeAnswer;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The calls a client and a back end make, through a "proxy" that forwards the client's address.
 * Safe for many threads.
 */
final class TrustHttp implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String VALIDATE = "/auth/bridge/validate";
    private static final HttpResponse.BodyHandler<byte[]> WHOLE =
            HttpResponse.BodyHandlers.ofByteArray();

    private final SimulationPlan plan;
    private final String bridgeSecret;
    private final HttpClient client;
    private final JsonMapper json = JsonMapper.shared();

    /**
     * What was answered.
     *
     * @param status the HTTP status
     * @param body the JSON; missing when it was none
     */
    record Reply(int status, JsonNode body) {
        boolean isGood() {
            return status >= 200 && status < 300;
        }

        /** The stable code of a refusal; empty when there is none. */
        String code() {
            return body.path("code").asString("");
        }

        /** The signal at fault; empty when none is. */
        String signal() {
            return body.path("signal").asString("");
        }
    }

    /** What a validation says of the request it is about. */
    record Asked(String mode, String method, String path) {}

    TrustHttp(SimulationPlan plan) {
        this.plan = plan;
        this.bridgeSecret =
                plan.bridgeSecret().use(bytes -> new String(bytes, StandardCharsets.UTF_8));
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .localAddress(plan.from())
                        .connectTimeout(PATIENCE)
                        .build();
    }

    Reply register(Person person) throws IOException, InterruptedException {
        return send(
                "/auth/register",
                person.home(),
                Map.of(),
                Map.of(
                        "email", person.email(),
                        "password", person.password(),
                        "name", "Simulated"));
    }

    Reply login(Person person) throws IOException, InterruptedException {
        return send(
                "/auth/login",
                person.home(),
                Map.of(),
                Map.of("email", person.email(), "password", person.password()));
    }

    Reply logout(Person person, String session) throws IOException, InterruptedException {
        return send("/auth/logout", person.home(), Map.of("X-Session-ID", session), Map.of());
    }

    Reply validate(String session, Person.Place place, Asked asked)
            throws IOException, InterruptedException {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("session_id", session);
        body.put("ip", place.ip());
        body.put("device_id", place.device());
        body.put("user_agent", place.agent());
        body.put("method", asked.method());
        body.put("path", asked.path());
        body.put("validation_mode", asked.mode());
        return send(VALIDATE, place, Map.of("X-Bridge-Secret", bridgeSecret), body);
    }

    private Reply send(
            String path, Person.Place place, Map<String, String> headers, Map<String, String> body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(plan.target().resolve(path))
                        .timeout(PATIENCE)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body)));
        headers.forEach(request::header);
        if (!headers.containsKey("X-Bridge-Secret")) {
            request.header("X-Forwarded-For", place.ip());
            request.header("X-Device-ID", place.device());
            request.header("User-Agent", place.agent());
        }
        HttpResponse<byte[]> answer =
                path.equals(VALIDATE)
                        ? WholeAnswer.sendRepeatable(client, request.build(), WHOLE)
                        : WholeAnswer.send(client, request.build(), WHOLE);
        return new Reply(answer.statusCode(), read(answer.body()));
    }

    private JsonNode read(byte[] body) {
        try {
            JsonNode node = json.readTree(body);
            return node == null ? MissingNode.getInstance() : node;
        } catch (JacksonException e) {
            return MissingNode.getInstance();
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
