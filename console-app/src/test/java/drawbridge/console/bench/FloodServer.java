package drawbridge.console.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import drawbridge.model.event.ServerEvent;
import drawbridge.model.view.MetricsTick;
import drawbridge.model.view.NodeApplied;
import drawbridge.model.view.Page;
import drawbridge.model.view.ServerInfo;
import drawbridge.model.view.ServerSnapshot;
import drawbridge.model.view.SessionRow;
import drawbridge.model.view.Totals;

import tools.jackson.databind.json.JsonMapper;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A program that answers the admin API with many sessions and sends events at a steady rate:
 * logins, revocations, refusals, batches of sessions seen, metrics each second. A process of its
 * own, as the real server is, so that the console pays for reading it all, but not for making it.
 */
public final class FloodServer {
    private static final int SLICES_PER_SECOND = 100;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Random random = new Random(42);
    private final AtomicLong sequence = new AtomicLong(1_000);
    private final Instant start = Instant.now();
    private final int rate;
    private final List<SessionRow> rows;
    private int opened;
    private int ended;

    private FloodServer(int sessions, int rate) {
        this.rate = rate;
        this.rows = new ArrayList<>(IntStream.range(0, sessions).mapToObj(this::row).toList());
    }

    /** Arguments: sessions, events a second. Prints its port once it answers. */
    public static void main(String[] args) throws IOException {
        FloodServer flood = new FloodServer(Integer.parseInt(args[0]), Integer.parseInt(args[1]));
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/v1/snapshot", exchange -> answer(exchange, flood.snapshot()));
        server.createContext("/v1/config", exchange -> answer(exchange, List.of()));
        server.createContext("/v1/sessions", exchange -> answer(exchange, flood.page(exchange)));
        server.createContext("/v1/events", flood::stream);
        server.start();
        System.out.println(server.getAddress().getPort());
    }

    private SessionRow row(int number) {
        Instant created = start.minusSeconds(number % 40_000).minusMillis(number % 997);
        return new SessionRow(
                "ref_%08d".formatted(number),
                "usr_" + number % 30_000,
                "user%d@example.com".formatted(number % 30_000),
                "default",
                "10.%d.%d.%d".formatted(number >> 16 & 0xff, number >> 8 & 0xff, number & 0xff),
                number % 3 == 0 ? null : "dev-%06x".formatted(number),
                "Mozilla/5.0 (X11; Linux x86_64; rv:%d.0) Gecko/20100101 Firefox/%d.0"
                        .formatted(140 + number % 9, 140 + number % 9),
                created,
                created.plusSeconds(30),
                start.plusSeconds(1_800 + number % 1_800),
                "live",
                number % 2 == 0 ? "STRICT" : null,
                null,
                null,
                null,
                null);
    }

    private ServerSnapshot snapshot() {
        ServerInfo info =
                new ServerInfo(
                        "bench",
                        1,
                        start,
                        "http://127.0.0.1:1",
                        "http://127.0.0.1:2",
                        "n1",
                        "sqlite",
                        false,
                        "bench");
        Totals totals = new Totals(0, 0, Map.of(), Map.of(), 0, 0, 0, 0, 0, 0, 0);
        List<MetricsTick> hour =
                IntStream.range(0, 3_600)
                        .mapToObj(second -> tick(start.minusSeconds(3_600 - second)))
                        .toList();
        return new ServerSnapshot(
                sequence.get(), Instant.now(), info, rows.size(), 30_000, totals, hour);
    }

    private Page<SessionRow> page(HttpExchange exchange) {
        Map<String, String> query =
                List.of(exchange.getRequestURI().getQuery().split("&")).stream()
                        .map(pair -> pair.split("=", 2))
                        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        int from = Integer.parseInt(query.getOrDefault("after", "0"));
        int to = Math.min(rows.size(), from + Integer.parseInt(query.get("limit")));
        return new Page<>(
                rows.subList(from, to),
                to < rows.size() ? Integer.toString(to) : null,
                rows.size());
    }

    private void stream(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream body = new BufferedOutputStream(exchange.getResponseBody(), 1 << 16)) {
            long began = System.nanoTime();
            for (long slice = 1; ; slice++) {
                for (int i = 0; i < rate / SLICES_PER_SECOND; i++) {
                    write(body, event());
                }
                if (slice % SLICES_PER_SECOND == 0) {
                    write(
                            body,
                            new ServerEvent.Metrics(
                                    sequence.incrementAndGet(),
                                    Instant.now(),
                                    tick(Instant.now())));
                }
                body.flush();
                long due = began + slice * 1_000_000_000L / SLICES_PER_SECOND;
                LockSupport.parkNanos(due - System.nanoTime());
            }
        }
    }

    /**
     * Of a hundred: 30 logins, 30 revocations of the oldest, so that there are always as many, 30
     * refusals, 10 batches of 50 sessions seen.
     */
    private ServerEvent event() {
        long seq = sequence.incrementAndGet();
        Instant now = Instant.now();
        int kind = random.nextInt(100);
        if (kind < 30) {
            return new ServerEvent.SessionOpened(seq, now, row(rows.size() + opened++));
        }
        if (kind < 60) {
            return revoked(seq, now, row(ended++));
        }
        SessionRow any = any();
        if (kind < 90) {
            return new ServerEvent.SessionRefused(
                    seq,
                    now,
                    any.ref(),
                    any.userId(),
                    any.email(),
                    "default",
                    "default",
                    "signal_differs",
                    "ip",
                    "GET /orders",
                    "STANDARD",
                    "192.0.2.1",
                    "rq" + seq);
        }
        Map<String, Instant> seen =
                IntStream.range(0, 50)
                        .mapToObj(_ -> any().ref())
                        .distinct()
                        .collect(Collectors.toMap(ref -> ref, _ -> now));
        return new ServerEvent.SessionsSeen(seq, now, seen);
    }

    /** One that lives. */
    private SessionRow any() {
        return row(ended + random.nextInt(Math.max(1, rows.size() + opened - ended)));
    }

    private static ServerEvent revoked(long seq, Instant now, SessionRow row) {
        return new ServerEvent.SessionRevoked(
                seq,
                now,
                "session",
                row.ref(),
                row.userId(),
                "default",
                null,
                seq,
                "bench",
                "admin",
                900,
                now.plusSeconds(30),
                List.of(new NodeApplied("n1", now)));
    }

    private MetricsTick tick(Instant at) {
        return new MetricsTick(
                at,
                900 + random.nextInt(200),
                900,
                Map.of("signal_differs", 20L, "no_session", 5L),
                Map.of("memory", 950L, "database", 30L),
                120,
                800,
                5_000,
                20,
                1,
                4,
                rows.size(),
                0,
                100_000_000,
                500_000_000,
                300_000_000,
                40,
                0.3);
    }

    private static void write(OutputStream body, ServerEvent event) throws IOException {
        body.write(
                "id: %d\nevent: %s\ndata: %s\n\n"
                        .formatted(event.seq(), event.type(), JSON.writeValueAsString(event))
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static void answer(HttpExchange exchange, Object value) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(value);
        exchange.sendResponseHeaders(200, bytes.length);
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(bytes);
        }
    }
}
