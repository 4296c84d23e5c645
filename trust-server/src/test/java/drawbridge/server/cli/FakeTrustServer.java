package drawbridge.server.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** As much of the wire as {@code simulate} uses, with faults that can be switched on. */
final class FakeTrustServer implements AutoCloseable {
    /** What this server does wrong. */
    enum Fault {
        IGNORES_FORWARDED_ADDRESSES,
        TRUSTS_OTHER_DEVICES,
        TRUSTS_ENDED_SESSIONS,
        MISCOUNTS,
        HAS_OTHER_PASSWORDS
    }

    static final String SECRET = "the secret of a fake back end 0123";
    static final String TOKEN = "the token of a fake administrator";

    private record Session(String email, String ip, String device, String agent) {}

    private final Set<Fault> faults;
    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, String> passwords = new ConcurrentHashMap<>();
    private final Map<String, Session> live = new ConcurrentHashMap<>();
    private final Map<String, Session> ended = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();
    private final AtomicLong trusted = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    FakeTrustServer(Fault... faults) throws IOException {
        this.faults = Set.of(faults);
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(threads);
        http.createContext("/auth/register", this::register);
        http.createContext("/auth/login", this::login);
        http.createContext("/auth/logout", this::logout);
        http.createContext("/auth/bridge/validate", this::validate);
        http.createContext("/v1/snapshot", this::snapshot);
        http.start();
    }

    /** How many validations it has trusted. */
    long trusted() {
        return trusted.get();
    }

    String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    private void register(HttpExchange exchange) {
        JsonNode body = body(exchange);
        String email = body.path("email").asString();
        boolean taken = faults.contains(Fault.HAS_OTHER_PASSWORDS);
        if (taken || passwords.putIfAbsent(email, body.path("password").asString()) != null) {
            answer(exchange, 409, Map.of("code", "DUPLICATE_ACCOUNT"));
        } else {
            answer(exchange, 201, Map.of("data", Map.of("session_id", open(exchange, email))));
        }
    }

    private void login(HttpExchange exchange) {
        JsonNode body = body(exchange);
        String email = body.path("email").asString();
        if (body.path("password").asString().equals(passwords.get(email))) {
            answer(exchange, 200, Map.of("session_id", open(exchange, email)));
        } else {
            answer(exchange, 401, Map.of("code", "INVALID_CREDENTIALS"));
        }
    }

    private String open(HttpExchange exchange, String email) {
        String id = "ses_" + ids.incrementAndGet();
        String ip =
                faults.contains(Fault.IGNORES_FORWARDED_ADDRESSES)
                        ? exchange.getRemoteAddress().getAddress().getHostAddress()
                        : header(exchange, "X-Forwarded-For");
        live.put(
                id,
                new Session(
                        email,
                        ip,
                        header(exchange, "X-Device-ID"),
                        header(exchange, "User-Agent")));
        return id;
    }

    private void logout(HttpExchange exchange) {
        String id = header(exchange, "X-Session-ID");
        Session session = live.remove(id);
        if (session != null) {
            ended.put(id, session);
        }
        answer(exchange, 200, Map.of("success", true));
    }

    private void validate(HttpExchange exchange) {
        JsonNode body = body(exchange);
        if (!header(exchange, "X-Bridge-Secret").equals(SECRET)) {
            answer(exchange, 401, Map.of("code", "INVALID_BRIDGE_SECRET"));
            return;
        }
        String id = body.path("session_id").asString();
        Session session = live.get(id);
        if (session == null && faults.contains(Fault.TRUSTS_ENDED_SESSIONS)) {
            session = ended.get(id);
        }
        if (session == null) {
            refuse(exchange, "SESSION_REVOKED", "");
            return;
        }
        String wrong = differing(session, body);
        if (wrong == null) {
            trusted.incrementAndGet();
            answer(
                    exchange,
                    200,
                    Map.of("valid", true, "session", Map.of("ip_address", session.ip())));
        } else {
            refuse(exchange, "SIGNAL_DIFFERS", wrong);
        }
    }

    private @Nullable String differing(Session session, JsonNode body) {
        String mode = body.path("validation_mode").asString();
        if (!body.path("ip").asString().equals(session.ip())) {
            return "ip";
        }
        if (!mode.equals("STANDARD")
                && !faults.contains(Fault.TRUSTS_OTHER_DEVICES)
                && !body.path("device_id").asString().equals(session.device())) {
            return "device";
        }
        return mode.equals("STRICT") && !body.path("user_agent").asString().equals(session.agent())
                ? "agent"
                : null;
    }

    private void refuse(HttpExchange exchange, String code, String signal) {
        refused.incrementAndGet();
        answer(exchange, 401, Map.of("valid", false, "code", code, "signal", signal));
    }

    private void snapshot(HttpExchange exchange) {
        if (!header(exchange, "Authorization").equals("Bearer " + TOKEN)) {
            answer(exchange, 401, Map.of("code", "INVALID_ADMIN_TOKEN"));
            return;
        }
        long extra = faults.contains(Fault.MISCOUNTS) ? ids.incrementAndGet() : 0;
        long sum = trusted.get() + refused.get() + extra;
        answer(
                exchange,
                200,
                Map.of(
                        "at",
                        "2026-01-01T00:00:00Z",
                        "totals",
                        Map.of(
                                "validations", sum,
                                "trusted", trusted.get(),
                                "refused", Map.of("signal_differs", refused.get()),
                                "bySource", Map.of("memory", 3 * sum, "database", sum)),
                        "recent",
                        List.of(
                                Map.of(
                                        "at", "2026-01-01T00:00:01Z",
                                        "validations", 10,
                                        "p50Micros", 40,
                                        "p99Micros", 900))));
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    private static JsonNode body(HttpExchange exchange) {
        return JsonMapper.shared().readTree(exchange.getRequestBody());
    }

    private static void answer(HttpExchange exchange, int status, Map<String, ?> body) {
        byte[] bytes = JsonMapper.shared().writeValueAsBytes(body);
        try (exchange) {
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
