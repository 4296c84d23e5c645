package drawbridge.console.client;

import drawbridge.model.Problem;
import drawbridge.model.view.ConfigEntry;
import drawbridge.model.view.Page;
import drawbridge.model.view.Receipt;
import drawbridge.model.view.ServerSnapshot;
import drawbridge.model.view.SessionDetail;
import drawbridge.model.view.SessionRow;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The admin API over HTTP. A call waits 2 s for the connection and 10 s for the whole answer, which
 * may have 32 MiB.
 */
public final class HttpTrustClient implements TrustClient {
    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);
    private static final long LARGEST_ANSWER = 32L << 20;

    private final WireJson json = new WireJson();
    private final String base;
    private final Credentials credentials;
    private final Duration answerTimeout;
    private final HttpClient http;

    /**
     * @param adminUrl the root of the admin listener, such as {@code http://127.0.0.1:7071}
     * @param credentials stay the caller's: closing the client does not wipe them
     */
    public HttpTrustClient(URI adminUrl, Credentials credentials) {
        this(adminUrl, credentials, ANSWER_TIMEOUT);
    }

    HttpTrustClient(URI adminUrl, Credentials credentials, Duration answerTimeout) {
        this.base = withoutSlash(adminUrl);
        this.credentials = credentials;
        this.answerTimeout = answerTimeout;
        this.http = newHttpClient("trust-client-");
    }

    static String withoutSlash(URI url) {
        String text = url.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    static HttpClient newHttpClient(String threadNames) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY) // a proxy must never see the admin token
                .executor(
                        Executors.newThreadPerTaskExecutor(
                                Thread.ofVirtual().name(threadNames, 0).factory()))
                .build();
    }

    @Override
    public Reply<ServerSnapshot> snapshot() {
        return get("/v1/snapshot", "/v1/snapshot", new TypeReference<ServerSnapshot>() {});
    }

    @Override
    public Reply<Page<SessionRow>> sessions(String filter, int limit, @Nullable String after) {
        if (limit < 1 || limit > 5_000) {
            throw new IllegalArgumentException("limit " + limit + ": give 1 to 5 000");
        }
        String query = "?filter=" + encoded(filter) + "&limit=" + limit;
        return get(
                "/v1/sessions",
                "/v1/sessions" + query + (after == null ? "" : "&after=" + encoded(after)),
                new TypeReference<Page<SessionRow>>() {});
    }

    @Override
    public Reply<SessionDetail> session(String ref) {
        return get(
                "/v1/sessions/…",
                "/v1/sessions/" + encoded(ref),
                new TypeReference<SessionDetail>() {});
    }

    @Override
    public Reply<Receipt> revoke(String ref, String reason) {
        return post(
                "/v1/sessions/…/revoke",
                "/v1/sessions/" + encoded(ref) + "/revoke",
                Map.of("reason", reason, "final", false),
                new TypeReference<Receipt>() {});
    }

    @Override
    public Reply<Receipt> restore(String ref) {
        return post(
                "/v1/sessions/…/restore",
                "/v1/sessions/" + encoded(ref) + "/restore",
                Map.of(),
                new TypeReference<Receipt>() {});
    }

    @Override
    public Reply<Receipt> revokeSessionsOf(String userId, String reason) {
        return post(
                "/v1/users/…/revoke-sessions",
                "/v1/users/" + encoded(userId) + "/revoke-sessions",
                Map.of("reason", reason),
                new TypeReference<Receipt>() {});
    }

    @Override
    public Reply<List<ConfigEntry>> configuration() {
        return get("/v1/config", "/v1/config", new TypeReference<List<ConfigEntry>>() {});
    }

    /**
     * What the server answers to a stop.
     *
     * @param stopping whether it ends now
     */
    public record Stopping(boolean stopping) {}

    /** {@code POST /v1/stop}: the server answers, then ends in good order. */
    public Reply<Stopping> stopServer() {
        return post("/v1/stop", "/v1/stop", Map.of(), new TypeReference<Stopping>() {});
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private <T> Reply<T> get(String shown, String path, TypeReference<T> type) {
        return send("GET " + shown, request(path).GET(), type);
    }

    private <T> Reply<T> post(
            String shown, String path, Map<String, ?> body, TypeReference<T> type) {
        HttpRequest.Builder request =
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(json.write(body)));
        return send("POST " + shown, request, type);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).header("Accept", "application/json");
    }

    private <T> Reply<T> send(String tried, HttpRequest.Builder request, TypeReference<T> type) {
        CompletableFuture<HttpResponse<byte[]>> answer;
        try {
            answer =
                    http.sendAsync(
                            credentials.authorize(request).build(),
                            BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_ANSWER));
        } catch (IOException e) {
            String why = e.getMessage();
            return new Reply.Unreachable<>(tried, why == null ? "There is no admin token." : why);
        }
        try {
            // Not HttpRequest.timeout: that one ends with the headers, this one with the last byte.
            return read(tried, answer.get(answerTimeout.toMillis(), TimeUnit.MILLISECONDS), type);
        } catch (ExecutionException e) {
            return new Reply.Unreachable<>(tried, words(e.getCause()));
        } catch (TimeoutException e) {
            answer.cancel(true);
            return new Reply.Unreachable<>(
                    tried, base + " did not answer within " + seconds(answerTimeout) + ".");
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            return new Reply.Unreachable<>(tried, "It was cancelled before the answer came.");
        }
    }

    private <T> Reply<T> read(String tried, HttpResponse<byte[]> response, TypeReference<T> type) {
        int status = response.statusCode();
        try {
            if (status >= 200 && status < 300) {
                return new Reply.Done<>(json.read(response.body(), type));
            }
        } catch (JacksonException e) {
            return new Reply.Unreachable<>(
                    tried,
                    "The server answered in a form this console cannot read ("
                            + WireJson.words(e)
                            + ").");
        }
        try {
            Problem problem = json.read(response.body(), new TypeReference<Problem>() {});
            return new Reply.Rejected<>(status, problem);
        } catch (JacksonException e) {
            return new Reply.Unreachable<>(
                    tried,
                    base + " answered " + status + ", but not as a Drawbridge server would.");
        }
    }

    private String words(@Nullable Throwable cause) {
        return words(base, cause);
    }

    /** One sentence on why no answer came from {@code base}. */
    static String words(String base, @Nullable Throwable cause) {
        if (cause instanceof HttpConnectTimeoutException) {
            return base + " did not accept the connection within " + seconds(CONNECT_TIMEOUT) + ".";
        }
        if (cause instanceof HttpTimeoutException) {
            return base + " did not answer in time.";
        }
        if (cause instanceof ConnectException) {
            return "Nothing listens on " + base + ".";
        }
        if (cause instanceof IOException && cause.getMessage() != null) {
            String message = cause.getMessage();
            return "The connection to " + base + " broke: " + message + ".";
        }
        return "The connection to " + base + " broke.";
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1_000 == 0
                ? duration.toSeconds() + " s"
                : duration.toMillis() + " ms";
    }
}
