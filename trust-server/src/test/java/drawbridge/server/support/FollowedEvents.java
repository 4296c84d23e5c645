package drawbridge.server.support;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Somebody who follows {@code /auth/bridge/events} or {@code /v1/events}; asked by one thread. */
public final class FollowedEvents implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final BlockingQueue<JsonNode> events = new LinkedBlockingQueue<>();
    private final HttpResponse<InputStream> response;
    private final Thread reader;

    /** Begins; headers as name, value, name, value. */
    public FollowedEvents(URI server, String secret, String... headers) {
        this(
                with(
                        HttpRequest.newBuilder(server.resolve("/auth/bridge/events"))
                                .header("X-Bridge-Secret", secret),
                        headers));
    }

    /** Begins as an administrator does. */
    public static FollowedEvents ofAdmin(RunningServer server) {
        return new FollowedEvents(
                HttpRequest.newBuilder(server.server().adminUrl().resolve("/v1/events"))
                        .header("Authorization", "Bearer " + server.adminToken()));
    }

    private static HttpRequest.Builder with(HttpRequest.Builder request, String... headers) {
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request;
    }

    private FollowedEvents(HttpRequest.Builder asking) {
        HttpRequest.Builder request = asking.timeout(PATIENCE);
        try {
            response = http.send(request.build(), BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new IllegalStateException("no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        reader = Thread.ofVirtual().start(this::read);
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("data: ")) {
                    events.add(JSON.readTree(line.substring(6)));
                }
            }
        } catch (IOException e) {
            // cut
        }
    }

    /** The HTTP status. */
    public int status() {
        return response.statusCode();
    }

    /** The next event, whatever it is. */
    public JsonNode next() {
        try {
            JsonNode event = events.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (event == null) {
                throw new IllegalStateException("no event came in time");
            }
            return event;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The next event that is not only a sign of life. */
    public JsonNode nextEnded() {
        JsonNode event = next();
        while (event.get("kind").asString().equals("alive")) {
            event = next();
        }
        return event;
    }

    /** Waits for the end of the stream; false when it goes on. */
    public boolean isCutSoon() throws InterruptedException {
        return reader.join(PATIENCE);
    }

    /** Whether that session is named by anything that is waiting to be read. */
    public boolean tellsOf(String ref) {
        return events.stream().anyMatch(event -> event.path("ref").asString("").equals(ref));
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
