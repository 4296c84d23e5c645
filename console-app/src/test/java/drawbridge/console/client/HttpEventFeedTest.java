package drawbridge.console.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import drawbridge.console.fixture.Samples;
import drawbridge.model.event.ServerEvent;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/** The feed against real HTTP: only what the scripted loop cannot show. */
class HttpEventFeedTest {
    private static final String BREAK = "break";

    private final RecordingListener listener = new RecordingListener();
    private final BlockingQueue<String> toSend = new LinkedBlockingQueue<>();
    private final List<String> resumedFrom = new CopyOnWriteArrayList<>();
    private volatile long snapshotSeq = 10;
    private volatile int eventsStatus = 200;
    private HttpServer server;
    private HttpEventFeed feed;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/snapshot", this::snapshot);
        server.createContext("/v1/events", this::events);
        server.start();
        feed =
                HttpEventFeed.follow(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                        AdminToken.of("t".getBytes(StandardCharsets.US_ASCII)),
                        listener,
                        Clock.systemUTC());
    }

    @AfterEach
    void close() {
        feed.close();
        toSend.add(BREAK);
        server.stop(0);
    }

    private void snapshot(HttpExchange exchange) throws IOException {
        byte[] body = Samples.json(Samples.snapshot(snapshotSeq)).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private void events(HttpExchange exchange) throws IOException {
        resumedFrom.add(exchange.getRequestHeaders().getFirst("Last-Event-ID"));
        exchange.sendResponseHeaders(eventsStatus, 0);
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(": hello\n\n".getBytes(StandardCharsets.UTF_8));
            body.flush();
            while (true) {
                String next = toSend.take();
                if (next.equals(BREAK)) {
                    return;
                }
                body.write(next.getBytes(StandardCharsets.UTF_8));
                body.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(ServerEvent event) {
        toSend.add(
                "id: %d\nevent: %s\ndata: %s\n\n"
                        .formatted(event.seq(), event.type(), Samples.json(event)));
    }

    @Test
    void followsBreaksAndResumes() {
        send(Samples.metrics(11));
        await().until(() -> listener.heard.contains("metrics 11"));
        toSend.add(BREAK);
        await().until(() -> resumedFrom.size() == 2);
        send(Samples.metrics(12));
        await().until(() -> listener.heard.contains("metrics 12"));

        assertThat(resumedFrom).containsExactly("10", "11");
        assertThat(listener.heard)
                .filteredOn(line -> line.startsWith("lost"))
                .singleElement()
                .asString()
                .contains("closed the stream");
    }

    @Test
    void carriesAFloodWithoutLosingOne() {
        int flood = 20_000;
        for (int i = 1; i <= flood; i++) {
            send(Samples.notice(10 + i, "text with ü"));
        }

        await().until(() -> listener.heard.contains("notice " + (10 + flood)));

        assertThat(listener.heard).filteredOn(line -> line.startsWith("notice")).hasSize(flood);
        assertThat(listener.heard).noneMatch(line -> line.startsWith("lost"));
    }

    @Test
    void readsTheSnapshotAgainAtOnceWhenAsked() {
        await().until(() -> listener.heard.contains("live"));
        snapshotSeq = 50;

        feed.refresh();

        await().until(() -> listener.heard.contains("snapshot 50"));
        await().until(() -> resumedFrom.contains("50")); // the stream follows the snapshot
    }

    @Test
    void saysWhenTheStreamIsRefused() {
        await().until(() -> listener.heard.contains("live"));
        eventsStatus = 503;
        toSend.add(BREAK);

        await().until(() ->
                listener.heard.stream().anyMatch(line -> line.contains("answered 503")));
    }

    @Test
    void isSilentOnceClosed() {
        await().until(() -> listener.heard.contains("live"));

        feed.close();
        List<String> before = List.copyOf(listener.heard);
        send(Samples.metrics(11));
        toSend.add(BREAK);
        server.stop(0);

        assertThat(listener.heard).isEqualTo(before);
    }
}
