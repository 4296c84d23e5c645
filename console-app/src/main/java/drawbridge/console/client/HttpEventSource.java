package drawbridge.console.client;

import drawbridge.model.view.ServerSnapshot;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The snapshot and {@code GET /v1/events} of a server. For one thread. */
final class HttpEventSource implements EventSource {
    private final String base;
    private final Credentials credentials;
    private final HttpTrustClient client;
    private final HttpClient http;

    HttpEventSource(AdminWay way) {
        this.base = AdminHttp.withoutSlash(way.adminUrl());
        this.credentials = AdminHttp.credentials(way);
        this.client = new HttpTrustClient(way);
        this.http = AdminHttp.newHttpClient("event-feed-http-", way.trust());
    }

    @Override
    public ServerSnapshot snapshot() throws IOException {
        return switch (client.snapshot()) {
            case Reply.Done<ServerSnapshot>(ServerSnapshot snapshot) -> snapshot;
            case Reply.Rejected<ServerSnapshot>(int status, var problem) ->
                    throw new IOException(refused(status, problem.error(), problem.code()));
            case Reply.Unreachable<ServerSnapshot>(_, String why) -> throw new IOException(why);
        };
    }

    private static String refused(int status, String error, String code) {
        return "The server refused (%d %s): %s".formatted(status, code, error);
    }

    @Override
    public Stream open(long after) throws IOException, InterruptedException {
        HttpRequest request =
                credentials
                        .authorize(HttpRequest.newBuilder(URI.create(base + "/v1/events")))
                        .header("Accept", "text/event-stream")
                        .header("Cache-Control", "no-store")
                        .header("Last-Event-ID", Long.toString(after))
                        .GET()
                        .build();
        CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> answer =
                http.sendAsync(request, BodyHandlers.ofPublisher());
        try {
            HttpResponse<Flow.Publisher<List<ByteBuffer>>> response =
                    answer.get(FeedLoop.SILENCE.toMillis(), TimeUnit.MILLISECONDS);
            Chunks chunks = new Chunks(base);
            response.body().subscribe(chunks);
            if (response.statusCode() != 200) {
                chunks.close();
                throw new IOException(
                        base + "/v1/events answered " + response.statusCode() + " instead of 200.");
            }
            return chunks;
        } catch (ExecutionException e) {
            throw new IOException(AdminHttp.words(base, e.getCause()), e.getCause());
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException(
                    "The stream of events did not open within "
                            + FeedLoop.SILENCE.toSeconds()
                            + " s.",
                    e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw e;
        }
    }

    @Override
    public void close() {
        client.close();
        http.shutdownNow();
    }

    /**
     * The body as it comes; one piece is asked for at a time, so a slow reader slows the server.
     */
    private static final class Chunks implements Stream, Flow.Subscriber<List<ByteBuffer>> {
        private sealed interface Piece {
            record Bytes(List<ByteBuffer> parts) implements Piece {}

            record Wake() implements Piece {}

            record End() implements Piece {}

            record Broke(Throwable why) implements Piece {}
        }

        private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

        private final String base;
        // One piece of the body (its successor is asked for when it is taken), an end, and wakes.
        private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>(16);
        private volatile Flow.@Nullable Subscription subscription;

        Chunks(String base) {
            this.base = base;
        }

        @Override
        public Optional<ByteBuffer> next(Duration patience)
                throws IOException, InterruptedException {
            Piece piece = pieces.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            return switch (piece) {
                case null ->
                        throw new IOException(
                                "Nothing was heard from the server for %d s."
                                        .formatted(patience.toSeconds()));
                case Piece.Broke(Throwable why) ->
                        throw new IOException(AdminHttp.words(base, why), why);
                case Piece.End() -> Optional.empty();
                case Piece.Wake() -> Optional.of(NOTHING.duplicate());
                case Piece.Bytes(List<ByteBuffer> parts) -> {
                    Flow.Subscription source = subscription;
                    if (source != null) {
                        source.request(1);
                    }
                    yield Optional.of(joined(parts));
                }
            };
        }

        private static ByteBuffer joined(List<ByteBuffer> parts) {
            if (parts.size() == 1) {
                return parts.getFirst();
            }
            ByteBuffer whole =
                    ByteBuffer.allocate(parts.stream().mapToInt(ByteBuffer::remaining).sum());
            parts.forEach(whole::put);
            return whole.flip();
        }

        @Override
        public void wake() {
            boolean _ =
                    pieces.offer(new Piece.Wake()); // when it is full, the reader is awake anyway
        }

        @Override
        public void close() {
            Flow.Subscription source = subscription;
            if (source != null) {
                source.cancel();
            }
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(1);
        }

        @Override
        public void onNext(List<ByteBuffer> item) {
            add(new Piece.Bytes(List.copyOf(item)));
        }

        @Override
        public void onError(Throwable throwable) {
            add(new Piece.Broke(throwable));
        }

        @Override
        public void onComplete() {
            add(new Piece.End());
        }

        private void add(Piece piece) {
            while (!pieces.offer(piece)) {
                pieces.remove(new Piece.Wake()); // only wakes can fill it
            }
        }
    }
}
