package drawbridge.kit;

import com.github.benmanes.caffeine.cache.Ticker;

import drawbridge.model.Secret;
import drawbridge.model.http.WholeAnswer;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * A back end's way to the trust server. Whatever goes wrong, {@link #ask} never says that a session
 * can be trusted when the server did not. Safe for many threads; one for the whole back end.
 */
public final class Bridge implements AutoCloseable {
    /**
     * No answer is used again later than this after the end of its session was answered: the server
     * says each second up to where it has told everything.
     */
    public static final Duration SILENCE = Duration.ofSeconds(3);

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final BridgeSettings settings;
    private final String secret;
    private final HttpClient http;
    private final Remembered remembered;
    private final EndedStream stream;
    private final URI validate;
    private final JsonMapper json = JsonMapper.builder().build();

    /**
     * Opens the way; the server need not be there yet.
     *
     * @param secret the bridge secret of this back end; keep it out of browsers and of logs
     */
    public Bridge(BridgeSettings settings, Secret secret) {
        this.settings = settings;
        this.secret = secret.use(bytes -> new String(bytes, StandardCharsets.UTF_8));
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(settings.timeout())
                        .build();
        this.remembered = new Remembered(settings.remembered(), SILENCE, Ticker.systemTicker());
        this.validate = settings.server().resolve("/auth/bridge/validate");
        URI ended = settings.server().resolve("/auth/bridge/events");
        this.stream =
                new EndedStream(
                        http,
                        () ->
                                HttpRequest.newBuilder(ended)
                                        .header("X-Bridge-Secret", this.secret)
                                        .header("Accept", "text/event-stream")
                                        .timeout(SILENCE)
                                        .GET()
                                        .build(),
                        remembered,
                        Ticker.systemTicker());
    }

    /** Asks; waits for the answer no longer than the timeout. */
    public Answer ask(Question question) {
        Optional<Answer.Trusted> known = remembered.find(question);
        if (known.isPresent()) {
            return known.get();
        }
        long askedAt = Ticker.systemTicker().read();
        try {
            HttpResponse<byte[]> response =
                    WholeAnswer.sendRepeatable(http, request(question), BodyHandlers.ofByteArray());
            JsonNode body = json.readTree(response.body());
            Answer answer = answer(response, body);
            if (answer instanceof Answer.Trusted trusted) {
                Duration time = Duration.ofMillis(body.path("remember_for_ms").asLong(0));
                remembered.keep(question, trusted, time, body.path("as_of").asLong(-1), askedAt);
            }
            return answer;
        } catch (IOException | JacksonException | DateTimeParseException e) {
            return new Answer.Unsure("the trust server gave no answer: " + e.getMessage(), RETRY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer.Unsure("interrupted", RETRY);
        }
    }

    private HttpRequest request(Question question) {
        ObjectNode body = json.createObjectNode();
        body.put("session_id", question.session());
        body.put("method", question.method());
        body.put("path", question.path());
        putIfKnown(body, "ip", question.ip());
        putIfKnown(body, "device_id", question.device());
        putIfKnown(body, "user_agent", question.agent());
        if (question.atLeast() != null) {
            body.put("validation_mode", question.atLeast().name());
        }
        return HttpRequest.newBuilder(validate)
                .timeout(settings.timeout())
                .header("X-Bridge-Secret", secret)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(json.writeValueAsBytes(body)))
                .build();
    }

    private static void putIfKnown(ObjectNode body, String name, @Nullable String value) {
        if (value != null) {
            body.put(name, value);
        }
    }

    private static Answer answer(HttpResponse<byte[]> response, JsonNode body) {
        int status = response.statusCode();
        if (status == 200
                && body.path("success").asBoolean(false)
                && body.path("valid").asBoolean(false)) {
            JsonNode user = body.path("user");
            return new Answer.Trusted(
                    user.path("id").asString(""),
                    user.path("email").asString(""),
                    user.path("user_type").asString(""),
                    body.path("session").path("id").asString(""),
                    Instant.parse(body.path("expires_at").asString("")),
                    body);
        }
        if (status == 401 && body.path("valid").isBoolean()) {
            String signal = body.path("signal").asString("");
            return new Answer.Refused(
                    body.path("code").asString(""),
                    body.path("error").asString(""),
                    signal.isEmpty() ? null : signal);
        }
        // Also for a wrong secret: that is this back end's fault, and no reason to log a user out.
        return new Answer.Unsure(
                "status %d %s".formatted(status, body.path("code").asString("")),
                response.headers()
                        .firstValue("Retry-After")
                        .filter(text -> text.matches("[0-9]{1,6}"))
                        .map(text -> Duration.ofSeconds(Long.parseLong(text)))
                        .orElse(RETRY));
    }

    @Override
    public void close() {
        stream.close();
        http.shutdownNow();
    }
}
