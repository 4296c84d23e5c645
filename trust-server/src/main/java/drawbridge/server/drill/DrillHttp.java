package drawbridge.server.drill;

import drawbridge.model.http.WholeAnswer;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import javax.net.ssl.SSLContext;

/**
 * Sends requests to the public listener as clients and back ends do, through a "proxy" that
 * forwards the client's address. Safe for many threads.
 */
final class DrillHttp implements AutoCloseable {
    private static final int BUSY = 503;
    private static final int MOST_SHOWN = 2_000;
    private static final HttpResponse.BodyHandler<byte[]> WHOLE =
            HttpResponse.BodyHandlers.ofByteArray();

    private final URI server;
    private final String run;
    private final String pass;
    private final Masks masks;
    private final LongSupplier nanos;
    private final HttpClient client;
    private final JsonMapper json = JsonMapper.shared();
    private final AtomicLong sent = new AtomicLong();

    DrillHttp(
            URI server, String run, String pass, Masks masks, LongSupplier nanos, SSLContext tls) {
        this.server = server;
        this.run = run;
        this.pass = pass;
        this.masks = masks;
        this.nanos = nanos;
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(Patience.LONGEST)
                        .sslContext(tls)
                        .build();
    }

    /** What a request is about: built up, then {@link #send sent}. */
    final class Request {
        private final String method;
        private final String path;
        private final Map<String, String> headers = new LinkedHashMap<>();
        private String body = "";

        private Request(String method, String path, String from) {
            this.method = method;
            this.path = path;
            headers.put("X-Forwarded-For", from);
        }

        Request header(String name, String value) {
            headers.put(name, value);
            return this;
        }

        Request json(Map<String, ?> fields) {
            headers.put("Content-Type", "application/json");
            body = json.writeValueAsString(fields);
            return this;
        }

        Exchange send() {
            return DrillHttp.this.send(this);
        }
    }

    /**
     * A request to be sent.
     *
     * @param from the address it comes from
     */
    Request request(String method, String path, String from) {
        return new Request(method, path, from);
    }

    private Exchange send(Request request) {
        return Patience.whileBusy(
                nanos,
                () -> Optional.of(sendOnce(request)).filter(answer -> answer.status() != BUSY));
    }

    private Exchange sendOnce(Request request) {
        // Rows of the audit that are this run's are known by it.
        String id = run + "." + sent.incrementAndGet();
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(server.resolve(request.path))
                        .timeout(Patience.LONGEST)
                        .header(DrillPass.HEADER, pass)
                        .header("X-Request-ID", id)
                        .method(
                                request.method,
                                request.body.isEmpty()
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(request.body));
        request.headers.forEach(builder::header);
        long began = nanos.getAsLong();
        try {
            HttpResponse<byte[]> answer =
                    request.path.equals("/auth/bridge/validate")
                            ? WholeAnswer.sendRepeatable(client, builder.build(), WHOLE)
                            : WholeAnswer.send(client, builder.build(), WHOLE);
            long ended = nanos.getAsLong();
            String text = new String(answer.body(), StandardCharsets.UTF_8);
            return new Exchange(
                    masks.masked(shown(request, id)),
                    masks.masked(shown(answer, text)),
                    answer.statusCode(),
                    read(text),
                    answer.headers().allValues("Set-Cookie"),
                    began,
                    ended);
        } catch (IOException e) {
            throw new DrillException(
                    "%s %s was not answered: %s"
                            .formatted(request.method, request.path, e.getMessage()),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DrillException("the run was stopped", e);
        }
    }

    private static String shown(Request request, String id) {
        StringBuilder text = new StringBuilder();
        text.append(request.method).append(' ').append(request.path).append(" HTTP/1.1\n");
        request.headers.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append('\n'));
        text.append("X-Request-ID: ").append(id).append('\n');
        text.append('\n').append(cut(request.body));
        return text.toString();
    }

    private static String shown(HttpResponse<byte[]> answer, String body) {
        StringBuilder text = new StringBuilder("HTTP/1.1 " + answer.statusCode() + "\n");
        answer.headers()
                .map()
                .forEach((name, values) ->
                        values.forEach(value ->
                                text.append(name).append(": ").append(value).append('\n')));
        return text.append('\n').append(cut(body)).toString();
    }

    private static String cut(String text) {
        return text.length() <= MOST_SHOWN
                ? text
                : text.substring(0, MOST_SHOWN) + "… (" + text.length() + " characters)";
    }

    private JsonNode read(String body) {
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
