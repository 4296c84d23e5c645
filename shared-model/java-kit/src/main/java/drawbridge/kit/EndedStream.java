package drawbridge.kit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Follows the server's stream of ended sessions on a thread of its own, and forgets what they were
 * remembered for. Its numbers are those of the revocation log and have no holes: one that is
 * missing means that everything is forgotten.
 */
final class EndedStream implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EndedStream.class);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final HttpClient http;
    private final Supplier<HttpRequest> request;
    private final Remembered remembered;
    private final JsonMapper json = JsonMapper.builder().build();
    private final Thread thread;
    private volatile boolean closing;

    // What follows belongs to the thread.
    private long last = -1;

    EndedStream(HttpClient http, Supplier<HttpRequest> request, Remembered remembered) {
        this.http = http;
        this.request = request;
        this.remembered = remembered;
        this.thread = Thread.ofVirtual().name("drawbridge-ended").start(this::run);
    }

    private void run() {
        while (!closing) {
            try {
                follow();
            } catch (IOException | JacksonException e) {
                LOG.debug("the stream of ended sessions is cut", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } finally {
                remembered.lost();
                last = -1;
            }
            if (!closing) {
                try {
                    Thread.sleep(PAUSE);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    private void follow() throws IOException, InterruptedException {
        HttpResponse<java.io.InputStream> response =
                http.send(request.get(), BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            response.body().close();
            throw new IOException("status " + response.statusCode());
        }
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            StringBuilder data = new StringBuilder();
            for (String line = lines.readLine();
                    line != null && !closing;
                    line = lines.readLine()) {
                if (line.startsWith("data:")) {
                    data.append(line, 5, line.length());
                } else if (line.isEmpty() && !data.isEmpty()) {
                    take(json.readTree(data.toString()));
                    data.setLength(0);
                }
            }
        }
    }

    private void take(JsonNode event) {
        long number = event.path("number").asLong(-1);
        String kind = event.path("kind").asString("");
        boolean isFirst = last < 0;
        if (!isFirst && number != (kind.equals("alive") ? last : last + 1)) {
            remembered.lost(); // something passed unseen
        }
        last = number;
        switch (kind) {
            case "alive" -> {
                // the number alone says that nothing was missed
            }
            case "session" -> remembered.endedSession(event.path("ref").asString(""));
            case "user" -> remembered.endedUser(event.path("userId").asString(""));
            default -> remembered.endedMany();
        }
        remembered.heard();
    }

    @Override
    public void close() {
        closing = true;
        thread.interrupt();
    }
}
