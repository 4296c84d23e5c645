package drawbridge.server.http;

import drawbridge.model.ProblemCode;
import drawbridge.model.event.ServerEvent;
import drawbridge.server.event.EventHub;

import io.javalin.http.Context;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * {@code GET /v1/events}: server-sent events, one thread for each follower, who can never slow down
 * what publishes them.
 */
final class EventStream {
    private static final int FOLLOWERS = 32;
    private static final int BATCH = 500;
    private static final Duration HEARTBEAT = Duration.ofSeconds(2);

    private final EventHub events;
    private final Semaphore places = new Semaphore(FOLLOWERS);

    EventStream(EventHub events) {
        this.events = events;
    }

    void follow(Context ctx) {
        long after = after(ctx);
        if (!places.tryAcquire()) {
            throw ProblemException.later(
                    ProblemCode.TOO_MANY_REQUESTS,
                    "%d followers are connected already".formatted(FOLLOWERS),
                    5);
        }
        try {
            send(ctx, after);
        } catch (IOException e) {
            // The follower went away, which is how a stream ends.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            places.release();
        }
    }

    private long after(Context ctx) {
        String header = ctx.header("Last-Event-ID");
        String text = Optional.ofNullable(header).orElse(ctx.queryParam("after"));
        if (text == null || text.isBlank()) {
            return events.last();
        }
        if (!text.matches("[0-9]{1,18}")) {
            throw ProblemException.inField(
                    header == null ? "after" : "Last-Event-ID", "must be the number of an event");
        }
        return Long.parseLong(text);
    }

    private void send(Context ctx, long start) throws IOException, InterruptedException {
        ctx.res().setStatus(200);
        ctx.res().setContentType("text/event-stream");
        ctx.res().setCharacterEncoding("utf-8");
        ctx.res().setHeader("Cache-Control", "no-store");
        ctx.res().setHeader("X-Accel-Buffering", "no");
        OutputStream out = ctx.res().getOutputStream();
        out.write(": drawbridge\n\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
        long after = start;
        while (!events.isClosed()) {
            List<ServerEvent> batch = events.after(after, BATCH, HEARTBEAT);
            if (batch.isEmpty()) {
                out.write(": \n\n".getBytes(StandardCharsets.US_ASCII));
            }
            for (ServerEvent event : batch) {
                out.write(frame(event));
                after = event.seq();
            }
            out.flush();
        }
    }

    private static byte[] frame(ServerEvent event) {
        return "id: %d\nevent: %s\ndata: %s\n\n"
                .formatted(event.seq(), event.type(), Json.text(event))
                .getBytes(StandardCharsets.UTF_8);
    }
}
