package drawbridge.console.client;

import drawbridge.model.Problem;
import drawbridge.model.http.WholeAnswer;
import drawbridge.model.tls.PinnedTls;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.LongConsumer;

import javax.net.ssl.SSLException;

/**
 * Calls to the admin listener of one server, each with its answer read whole. A call waits 2 s for
 * the connection, then as long as it says for the whole answer, which may have 32 MiB. Blocks;
 * never throws for what the network or the server does. Safe for many threads.
 */
final class AdminHttp implements AutoCloseable {
    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);
    private static final long LARGEST_ANSWER = 32L << 20;
    private static final int CHUNK = 64 << 10;
    private static final int LOCKED = 423; // the status that RFC 4918 gives to what is locked

    private final WireJson json = new WireJson();
    private final String base;
    private final AdminWay way;
    private final Credentials credentials;
    private final Duration answerTimeout;
    private final HttpClient http;

    /**
     * @param way its credentials stay the caller's: closing does not wipe them
     */
    AdminHttp(AdminWay way, Duration answerTimeout) {
        this.base = withoutSlash(way.adminUrl());
        this.way = way;
        this.credentials = credentials(way);
        this.answerTimeout = answerTimeout;
        this.http = newHttpClient("trust-client-", way.trust());
    }

    /** Those of the way, which are put on no request that must not be sent. */
    static Credentials credentials(AdminWay way) {
        return request -> {
            Optional<String> refusal = way.trust().refusal(way.adminUrl());
            if (refusal.isPresent()) {
                throw new IOException(refusal.get());
            }
            return way.credentials().authorize(request);
        };
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    static String withoutSlash(URI url) {
        String text = url.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    static HttpClient newHttpClient(String threadNames, ServerTrust trust) {
        HttpClient.Builder client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT_TIMEOUT)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .proxy(HttpClient.Builder.NO_PROXY) // it must never see the admin token
                        .executor(
                                Executors.newThreadPerTaskExecutor(
                                        Thread.ofVirtual().name(threadNames, 0).factory()));
        trust.applyTo(client);
        return client.build();
    }

    /** For one segment of a path, or one value of a query. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** A query of names and values in turn; a value that is null or empty is left out. */
    static String query(@Nullable Object... namesAndValues) {
        StringBuilder query = new StringBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            Object value = namesAndValues[i + 1];
            if (value != null && !value.toString().isEmpty()) {
                query.append(query.isEmpty() ? '?' : '&')
                        .append(namesAndValues[i])
                        .append('=')
                        .append(encoded(value.toString()));
            }
        }
        return query.toString();
    }

    /**
     * @param shown the path as a person may read it, without what identifies somebody
     * @param path the path asked for, with its query
     */
    <T> Reply<T> get(String shown, String path, TypeReference<T> type) {
        return send("GET " + shown, request(path).GET(), type, answerTimeout);
    }

    /** A question that needs a body: nothing is changed by it, and no lock holds it up. */
    <T> Reply<T> ask(String shown, String path, Object body, TypeReference<T> type) {
        return send("POST " + shown, withBody("POST", path, body), type, answerTimeout);
    }

    <T> Reply<T> post(String shown, String path, Object body, TypeReference<T> type) {
        return post(shown, path, body, type, answerTimeout);
    }

    /**
     * @param atMost how long the whole answer may take
     */
    <T> Reply<T> post(
            String shown, String path, Object body, TypeReference<T> type, Duration atMost) {
        return change("POST " + shown, withBody("POST", path, body), type, atMost);
    }

    <T> Reply<T> put(String shown, String path, Object body, TypeReference<T> type) {
        return change("PUT " + shown, withBody("PUT", path, body), type, answerTimeout);
    }

    <T> Reply<T> patch(String shown, String path, Object body, TypeReference<T> type) {
        return change("PATCH " + shown, withBody("PATCH", path, body), type, answerTimeout);
    }

    <T> Reply<T> delete(String shown, String path, TypeReference<T> type) {
        return change("DELETE " + shown, request(path).DELETE(), type, answerTimeout);
    }

    /** The one place through which all goes that may change something. */
    private <T> Reply<T> change(
            String tried, HttpRequest.Builder request, TypeReference<T> type, Duration atMost) {
        return way.guard()
                .refusal()
                .<Reply<T>>map(why -> new Reply.Rejected<>(LOCKED, locked(why)))
                .orElseGet(() -> send(tried, request, type, atMost));
    }

    private static Problem locked(String why) {
        return new Problem(false, why, why, "PROFILE_LOCKED", null, null);
    }

    /**
     * What an answer that comes bit by bit is read into.
     *
     * @param <T> what it becomes
     */
    interface Reading<T> {
        /** Reads to the end; an {@link IOException} says that the answer broke off. */
        T read(InputStream answer) throws IOException;
    }

    /** An answer that may be long, and may take long; it waits only for its beginning. */
    <T> Reply<T> stream(String shown, String path, Cancellation cancellation, Reading<T> reading) {
        return stream("GET " + shown, request(path).GET(), cancellation, reading);
    }

    /** The same of what answers in lines, the last of them the result. */
    <T> Reply<T> lines(String path, Object body, Cancellation cancellation, Reading<T> reading) {
        HttpRequest.Builder request =
                withBody("POST", path, body).setHeader("Accept", "application/x-ndjson");
        return stream("POST " + path, request, cancellation, reading);
    }

    private <T> Reply<T> stream(
            String tried,
            HttpRequest.Builder request,
            Cancellation cancellation,
            Reading<T> reading) {
        HttpRequest authorized;
        try {
            authorized = credentials.authorize(request).timeout(answerTimeout).build();
        } catch (IOException e) {
            return noToken(tried, e);
        }
        try {
            HttpResponse<InputStream> answer = http.send(authorized, BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                cancellation.onCancel(() -> close(body));
                int status = answer.statusCode();
                if (status < 200 || status >= 300) {
                    return refused(tried, status, body.readNBytes(Math.toIntExact(LARGEST_ANSWER)));
                }
                return new Reply.Done<>(reading.read(body));
            }
        } catch (IOException e) {
            return new Reply.Unreachable<>(
                    tried, cancellation.isCancelled() ? "It was cancelled." : words(base, e));
        } catch (JacksonException e) {
            return unreadable(tried, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Reply.Unreachable<>(tried, "It was cancelled before the answer came.");
        }
    }

    /**
     * Hands an answer on as it comes.
     *
     * @param bytes told how many there were so far
     * @return how many there were
     */
    static long copy(InputStream answer, OutputStream to, LongConsumer bytes) throws IOException {
        byte[] chunk = new byte[CHUNK];
        long written = 0;
        for (int read = answer.read(chunk); read >= 0; read = answer.read(chunk)) {
            to.write(chunk, 0, read);
            written += read;
            bytes.accept(written);
        }
        return written;
    }

    private static void close(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            // what reads it finds out
        }
    }

    private HttpRequest.Builder withBody(String method, String path, Object body) {
        return request(path)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofByteArray(json.write(body)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).header("Accept", "application/json");
    }

    private <T> Reply<T> send(
            String tried, HttpRequest.Builder request, TypeReference<T> type, Duration atMost) {
        HttpRequest authorized;
        try {
            authorized = credentials.authorize(request).timeout(atMost).build();
        } catch (IOException e) {
            return noToken(tried, e);
        }
        try {
            BodyHandler<byte[]> whole =
                    BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_ANSWER);
            HttpResponse<byte[]> answer =
                    authorized.method().equals("GET")
                            ? WholeAnswer.sendRepeatable(http, authorized, whole)
                            : WholeAnswer.send(http, authorized, whole);
            return read(tried, answer, type);
        } catch (HttpConnectTimeoutException e) {
            return new Reply.Unreachable<>(tried, words(base, e));
        } catch (HttpTimeoutException e) {
            return new Reply.Unreachable<>(
                    tried, base + " did not answer within " + seconds(atMost) + ".");
        } catch (IOException e) {
            return new Reply.Unreachable<>(tried, words(base, e));
        } catch (InterruptedException e) {
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
            return unreadable(tried, e);
        }
        return refused(tried, status, response.body());
    }

    private static <T> Reply<T> noToken(String tried, IOException e) {
        String why = e.getMessage();
        return new Reply.Unreachable<>(tried, why == null ? "There is no admin token." : why);
    }

    private static <T> Reply<T> unreadable(String tried, JacksonException e) {
        return new Reply.Unreachable<>(
                tried,
                "The server answered in a form this console cannot read ("
                        + WireJson.words(e)
                        + ").");
    }

    private <T> Reply<T> refused(String tried, int status, byte[] body) {
        try {
            return new Reply.Rejected<>(status, json.read(body, new TypeReference<Problem>() {}));
        } catch (JacksonException e) {
            return new Reply.Unreachable<>(
                    tried,
                    base + " answered " + status + ", but not as a Drawbridge server would.");
        }
    }

    /** One sentence on why no answer came from {@code base}. */
    static String words(String base, @Nullable Throwable cause) {
        Optional<PinnedTls.ChangedException> changed = ServerTrust.change(cause);
        if (changed.isPresent()) {
            return "Nothing was sent to " + base + ": " + changed.get().getMessage() + ".";
        }
        if (cause instanceof SSLException && cause.getMessage() != null) {
            return "Nothing was sent to " + base + ": " + cause.getMessage() + ".";
        }
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
