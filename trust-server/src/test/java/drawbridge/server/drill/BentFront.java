package drawbridge.server.drill;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Stands before a server and makes it do what it must never do. Drills, which speak HTTP and know
 * nothing else of it, take both for one.
 */
final class BentFront implements AutoCloseable {
    private static final Set<String> OF_THE_CONNECTION =
            Set.of(
                    "host",
                    "content-length",
                    "connection",
                    "transfer-encoding",
                    "upgrade",
                    "http2-settings",
                    "keep-alive");

    /** What is asked. */
    record Question(String method, String path, Map<String, List<String>> headers, String text) {
        ObjectNode json() {
            return (ObjectNode) JsonMapper.shared().readTree(text);
        }

        Question with(ObjectNode body) {
            return new Question(method, path, headers, body.toString());
        }

        Question with(String header, List<String> values) {
            Map<String, List<String>> more = new HashMap<>(headers);
            more.put(header, values);
            return new Question(method, path, more, text);
        }
    }

    /** What is answered. */
    record Answer(int status, Map<String, List<String>> headers, String text) {
        static Answer of(int status, String json) {
            return new Answer(status, Map.of("Content-Type", List.of("application/json")), json);
        }

        Answer withCookies(UnaryOperator<String> changed) {
            return new Answer(
                    status,
                    headers.entrySet().stream()
                            .collect(
                                    Collectors.toMap(
                                            Map.Entry::getKey,
                                            entry ->
                                                    entry.getKey().equalsIgnoreCase("set-cookie")
                                                            ? entry.getValue().stream()
                                                                    .map(changed)
                                                                    .toList()
                                                            : entry.getValue())),
                    text);
        }
    }

    private final HttpServer listener;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();
    private volatile URI server = URI.create("");
    private volatile Bend bend = Bend.NONE;

    private BentFront(HttpServer listener) {
        this.listener = listener;
        listener.setExecutor(threads);
        listener.createContext("/", this::handle);
        listener.start();
    }

    static BentFront open() {
        try {
            return new BentFront(
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stands before that server from now on, and tells where. */
    URI before(URI behind) {
        server = behind;
        return URI.create("http://127.0.0.1:" + listener.getAddress().getPort());
    }

    /** It is bent so from now on. */
    void bend(Bend wanted) {
        bend = wanted;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, List<String>> headers = new HashMap<>();
            exchange.getRequestHeaders()
                    .forEach((name, values) -> headers.put(name, List.copyOf(values)));
            Question question =
                    new Question(
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().toString(),
                            headers,
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8));
            Answer answer = bend.answer(question, this::ask);
            answer.headers()
                    .forEach((name, values) -> {
                        if (isKept(name)) {
                            exchange.getResponseHeaders().put(name, values);
                        }
                    });
            byte[] body = answer.text().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }

    private Answer ask(Question question) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(server + question.path()))
                        .method(question.method(), BodyPublishers.ofString(question.text()));
        question.headers()
                .forEach((name, values) -> {
                    if (isKept(name)) {
                        values.forEach(value -> request.header(name, value));
                    }
                });
        try {
            HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
            return new Answer(answer.statusCode(), answer.headers().map(), answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static boolean isKept(String header) {
        return !header.startsWith(":")
                && !OF_THE_CONNECTION.contains(header.toLowerCase(Locale.ROOT));
    }

    @Override
    public void close() {
        listener.stop(0);
        threads.shutdownNow();
        client.close();
    }
}
