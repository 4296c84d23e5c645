package drawbridge.model.http;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls that end in time. The timeout of an {@link HttpRequest} ends with the headers of the answer
 * on Java 25 (JDK-8208693): a server that stalls after them keeps its caller for ever.
 */
public final class WholeAnswer {
    private WholeAnswer() {}

    /**
     * Sends, and waits for the last byte no longer than the request's timeout.
     *
     * @param <T> what the handler makes of the body
     * @param request has a timeout
     * @param handler reads the whole body; not one that hands out a stream
     * @throws HttpTimeoutException when the answer was not complete in time
     * @throws IOException when there is no answer
     * @throws IllegalArgumentException when the request has no timeout
     */
    public static <T> HttpResponse<T> send(
            HttpClient client, HttpRequest request, BodyHandler<T> handler)
            throws IOException, InterruptedException {
        Duration atMost =
                request.timeout()
                        .orElseThrow(() -> new IllegalArgumentException("no timeout: " + request));
        CompletableFuture<HttpResponse<T>> answer = client.sendAsync(request, handler);
        try {
            return answer.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new HttpTimeoutException("no whole answer within " + atMost.toMillis() + " ms");
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IOException(e.getCause());
        }
    }
}
