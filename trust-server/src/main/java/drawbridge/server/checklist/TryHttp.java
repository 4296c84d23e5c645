package drawbridge.server.checklist;

import drawbridge.model.http.WholeAnswer;
import drawbridge.server.drill.DrillPass;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLContext;

/**
 * Sends the tries, each from an address of its own within 198.18.0.0/15, which RFC 2544 sets aside
 * for tests, so that no limit holds up the next. One thread.
 */
final class TryHttp implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int HOSTS = 2 * 256 * 250;

    /**
     * An answer.
     *
     * @param status its status
     * @param headers its headers, by name in lower case
     */
    record Answer(int status, Map<String, String> headers) {
        boolean isRefused() {
            return status == 401 || status == 403;
        }

        Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name));
        }
    }

    private final HttpClient client;
    private final String pass;
    private final AtomicInteger sent = new AtomicInteger();

    TryHttp(SSLContext tls, String pass) {
        this.pass = pass;
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(PATIENCE)
                        .sslContext(tls)
                        .build();
    }

    /** An address that no other try came from. */
    String address() {
        int host = sent.getAndIncrement() % HOSTS;
        int network = host / 250;
        return "198.%d.%d.%d".formatted(18 + network / 256, network % 256, 1 + host % 250);
    }

    /**
     * Sends one.
     *
     * @param body empty for none
     * @throws IOException when it is not answered in time
     */
    Answer send(String method, URI url, String from, Map<String, String> headers, byte[] body)
            throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(url)
                        .timeout(PATIENCE)
                        .header(DrillPass.HEADER, pass)
                        .header("X-Forwarded-For", from)
                        .header("X-Request-ID", "try-%08d".formatted(sent.get()))
                        .method(
                                method,
                                body.length == 0
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        try {
            HttpResponse<Void> answer =
                    WholeAnswer.send(
                            client, request.build(), HttpResponse.BodyHandlers.discarding());
            Map<String, String> told = new java.util.HashMap<>();
            answer.headers().map().forEach((name, values) -> told.put(name, values.getFirst()));
            return new Answer(answer.statusCode(), told);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
