package drawbridge.kit;

import com.github.benmanes.caffeine.cache.Ticker;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Follows the server's stream of ended sessions, and forgets what they were remembered for. Each
 * event names the one before it; one that is missing means that everything is forgotten. One thread
 * reads, another cuts a stream that is silent, or so old that the two clocks may have drifted
 * apart.
 */
final class EndedStream implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EndedStream.class);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration WATCH = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** Clocks that differ by 50 parts in a million drift apart by 180 ms in that time. */
    private static final Duration RENEWED = Duration.ofHours(1);

    private final HttpClient http;
    private final Supplier<HttpRequest> request;
    private final Remembered remembered;
    private final Ticker ticker;
    private final JsonMapper json = JsonMapper.builder().build();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread reader;
    private final Thread watcher;

    /** A stream that is being read. */
    private record Open(InputStream body, long since) {}

    private final AtomicReference<@Nullable Open> open = new AtomicReference<>();

    EndedStream(
            HttpClient http, Supplier<HttpRequest> request, Remembered remembered, Ticker ticker) {
        this.http = http;
        this.request = request;
        this.remembered = remembered;
        this.ticker = ticker;
        this.reader = Thread.ofVirtual().name("drawbridge-ended").start(this::run);
        this.watcher = Thread.ofVirtual().name("drawbridge-ended-watch").start(this::watch);
    }

    private void run() {
        try {
            do {
                try {
                    follow();
                } catch (IOException | JacksonException e) {
                    LOG.debug("the stream of ended sessions is cut", e);
                } finally {
                    open.set(null);
                    remembered.lost();
                }
            } while (!closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch() {
        try {
            while (!closing.await(WATCH.toMillis(), TimeUnit.MILLISECONDS)) {
                Open now = open.get();
                if (now != null && isWorthless(now)) {
                    now.body().close();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.warn("a silent stream of ended sessions could not be cut", e);
        }
    }

    private boolean isWorthless(Open stream) {
        long age = ticker.read() - stream.since();
        return age > RENEWED.toNanos() || (age > PATIENCE.toNanos() && !remembered.isHeard());
    }

    private void follow() throws IOException, InterruptedException {
        long askedAt = ticker.read();
        HttpResponse<InputStream> response = http.send(request.get(), BodyHandlers.ofInputStream());
        try (InputStream body = response.body();
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            if (response.statusCode() != 200) {
                throw new IOException("status " + response.statusCode());
            }
            open.set(new Open(body, askedAt));
            EndedEvents events = new EndedEvents(remembered, askedAt);
            StringBuilder data = new StringBuilder();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("data:")) {
                    data.append(line, 5, line.length());
                } else if (line.isEmpty() && !data.isEmpty()) {
                    JsonNode event = json.readTree(data.toString());
                    events.take(event);
                    data.setLength(0);
                }
            }
        }
    }

    @Override
    public void close() {
        closing.countDown();
        reader.interrupt();
        watcher.interrupt();
    }
}
