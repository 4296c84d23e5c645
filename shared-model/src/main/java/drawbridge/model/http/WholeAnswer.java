package drawbridge.model.http;

import java.io.IOException;
import java.net.ConnectException;
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
        return send(client, request, handler, timeout(request));
    }

    /**
     * The same for what may be asked twice because it changes nothing: when the connection breaks
     * before the answer, once more within the same time. Whoever keeps connections open meets the
     * other side's closing them now and then, and on Java 25 an answer that comes very soon may be
     * taken for such (JDK-8357639); {@link HttpClient} asks again by itself only for some of it,
     * and never for a POST.
     *
     * @param <T> what the handler makes of the body
     * @param request has a timeout, which counts for both attempts together
     * @param handler reads the whole body; not one that hands out a stream
     * @throws HttpTimeoutException when the answer was not complete in time
     * @throws IOException when nobody listens, or both attempts broke
     * @throws IllegalArgumentException when the request has no timeout
     */
    public static <T> HttpResponse<T> sendRepeatable(
            HttpClient client, HttpRequest request, BodyHandler<T> handler)
            throws IOException, InterruptedException {
        Duration atMost = timeout(request);
        long began = System.nanoTime();
        try {
            return send(client, request, handler, atMost);
        } catch (HttpTimeoutException | ConnectException e) {
            throw e;
        } catch (IOException e) {
            Duration left = atMost.minusNanos(System.nanoTime() - began);
            if (!left.isPositive()) {
                throw e;
            }
            return again(client, request, handler, left, e);
        }
    }

    private static <T> HttpResponse<T> again(
            HttpClient client,
            HttpRequest request,
            BodyHandler<T> handler,
            Duration left,
            IOException first)
            throws IOException, InterruptedException {
        try {
            return send(client, request, handler, left);
        } catch (IOException e) {
            e.addSuppressed(first);
            throw e;
        }
    }

    private static Duration timeout(HttpRequest request) {
        return request.timeout()
                .orElseThrow(() -> new IllegalArgumentException("no timeout: " + request));
    }

    private static <T> HttpResponse<T> send(
            HttpClient client, HttpRequest request, BodyHandler<T> handler, Duration atMost)
            throws IOException, InterruptedException {
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
