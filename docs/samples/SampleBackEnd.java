import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A back end that lets the trust server decide who may call it. One file, nothing but the JDK:
 *
 * <pre>
 * DRAWBRIDGE_URL=http://127.0.0.1:7070 BRIDGE_SECRET_FILE=secret java SampleBackEnd.java 8080
 * curl -H "X-Session-ID: ses_…" http://127.0.0.1:8080/orders
 * </pre>
 */
public final class SampleBackEnd {
    private static final Pattern USER = Pattern.compile("\"user\":\\{\"id\":\"([^\"]+)\"");
    private static final Pattern SESSION = Pattern.compile("[A-Za-z0-9_-]{11,128}");

    private final HttpClient http =
            HttpClient.newBuilder()
                    .connectTimeout(Duration.ofSeconds(2))
                    .followRedirects(HttpClient.Redirect.NEVER) // the secret goes nowhere else
                    .build();
    private final URI validate;
    private final String secret;

    private SampleBackEnd(URI trustServer, String secret) {
        this.validate = trustServer.resolve("/auth/bridge/validate");
        this.secret = secret;
    }

    /** The trust server could not decide; nothing may be assumed. */
    private static final class NotDecidedException extends Exception {
        private static final long serialVersionUID = 1L;

        NotDecidedException(String why) {
            super(why);
        }
    }

    /** The user's id; empty when the session is not to be trusted for this call. */
    private Optional<String> user(
            String session, String ip, String agent, String method, String path)
            throws NotDecidedException, InterruptedException {
        String body =
                "{\"session_id\":%s,\"ip\":%s,\"user_agent\":%s,\"method\":%s,\"path\":%s}"
                        .formatted(
                                quoted(session),
                                quoted(ip),
                                quoted(agent),
                                quoted(method),
                                quoted(path));
        HttpRequest request =
                HttpRequest.newBuilder(validate)
                        .timeout(Duration.ofSeconds(5))
                        .header("Content-Type", "application/json")
                        .header("X-Bridge-Secret", secret)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return switch (answer.statusCode()) {
                case 200 -> {
                    Matcher user = USER.matcher(answer.body());
                    yield user.find() ? Optional.of(user.group(1)) : Optional.empty();
                }
                case 401 -> Optional.empty();
                default -> throw new NotDecidedException("HTTP " + answer.statusCode());
            };
        } catch (IOException e) {
            throw new NotDecidedException(e.getClass().getSimpleName());
        }
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append("\\u%04x".formatted((int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String session = exchange.getRequestHeaders().getFirst("X-Session-ID");
        String agent = exchange.getRequestHeaders().getFirst("User-Agent");
        try {
            if (session == null || !SESSION.matcher(session).matches()) {
                answer(exchange, 401, "log in first");
                return;
            }
            Optional<String> user =
                    user(
                            session,
                            exchange.getRemoteAddress().getAddress().getHostAddress(),
                            agent == null ? "" : agent,
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().getPath());
            if (user.isPresent()) {
                answer(exchange, 200, "hello " + user.get());
            } else {
                answer(exchange, 401, "log in again");
            }
        } catch (NotDecidedException e) {
            exchange.getResponseHeaders().set("Retry-After", "1");
            answer(exchange, 503, "try again: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer(exchange, 503, "ending");
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    public static void main(String[] arguments) throws IOException {
        SampleBackEnd backEnd =
                new SampleBackEnd(
                        URI.create(System.getenv("DRAWBRIDGE_URL")),
                        Files.readString(Path.of(System.getenv("BRIDGE_SECRET_FILE"))).strip());
        HttpServer server =
                HttpServer.create(
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])),
                        0);
        server.createContext("/", backEnd::handle);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        System.out.println("http://127.0.0.1:" + server.getAddress().getPort());
    }
}
