package drawbridge.server.http;

import com.github.benmanes.caffeine.cache.Ticker;

import drawbridge.model.ProblemCode;
import drawbridge.server.bridge.Caller;
import drawbridge.server.bridge.CallerAccess;
import drawbridge.server.bridge.Scope;
import drawbridge.server.session.EndedFeed;
import drawbridge.server.session.EndedFeed.Place;
import drawbridge.server.session.EndedFeed.Told;
import drawbridge.server.session.EndedRow;

import io.javalin.http.Context;

import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * {@code GET /auth/bridge/events}: tells a caller of every session of its tenant that ended, and
 * once a second that nothing was left out. One thread for each follower, who can hold up nobody;
 * one who does not read is cut off, and so is one whose secret is not accepted any more.
 */
final class BridgeEventStream implements AutoCloseable {
    /** Whoever hears nothing for so long must forget everything. */
    static final Duration SILENCE = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger(BridgeEventStream.class);
    private static final int FOLLOWERS_EACH = 32;
    private static final int FOLLOWERS = 256;
    private static final Duration SLOWEST_WRITE = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final BridgeGate gate;
    private final CallerAccess access;
    private final PublicTenants tenants;
    private final EndedFeed feed;
    private final Ticker ticker;
    private final Set<Follower> followers = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService watch =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("stream-watch").daemon().factory());

    /** Somebody who follows. */
    private static final class Follower {
        private final BridgeGate.Admitted admitted;
        private final OutputStream out;
        private final Runnable cut;
        private final long openedAt;

        /** Since when it has not taken what was written; 0 while nothing is being written. */
        private volatile long writingSince;

        private long sent;
        private long millis;

        Follower(BridgeGate.Admitted admitted, OutputStream out, Runnable cut, long openedAt) {
            this.admitted = admitted;
            this.out = out;
            this.cut = cut;
            this.openedAt = openedAt;
        }
    }

    BridgeEventStream(
            BridgeGate gate,
            CallerAccess access,
            PublicTenants tenants,
            EndedFeed feed,
            Ticker ticker) {
        this.gate = gate;
        this.access = access;
        this.tenants = tenants;
        this.feed = feed;
        this.ticker = ticker;
        Future<?> _ = watch.scheduleAtFixedRate(this::cutSlow, 500, 500, TimeUnit.MILLISECONDS);
    }

    /** How many follow. */
    int followers() {
        return followers.size();
    }

    void follow(Context ctx) {
        long openedAt = ticker.read();
        Caller caller = gate.caller(ctx, Scope.VALIDATE);
        Optional<Long> after = after(ctx);
        feed.join();
        try {
            Place now = feed.now(PATIENCE);
            Follower follower = enter(ctx, caller, openedAt);
            try {
                send(follower, after.map(number -> EndedFeed.from(now, number)).orElse(now), now);
            } finally {
                followers.remove(follower);
            }
        } catch (IOException e) {
            LOG.debug("a follower of ended sessions went away caller={}", caller.name(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            feed.leave();
        }
    }

    private Follower enter(Context ctx, Caller caller, long openedAt) throws IOException {
        Follower follower =
                new Follower(
                        BridgeGate.admitted(ctx),
                        ctx.res().getOutputStream(),
                        () ->
                                ServletContextRequest.getServletContextRequest(ctx.req())
                                        .getConnectionMetaData()
                                        .getConnection()
                                        .getEndPoint()
                                        .close(),
                        openedAt);
        synchronized (followers) {
            long same =
                    followers.stream()
                            .filter(one -> one.admitted.caller().id().equals(caller.id()))
                            .count();
            if (same >= FOLLOWERS_EACH || followers.size() >= FOLLOWERS) {
                throw ProblemException.later(
                        ProblemCode.TOO_MANY_REQUESTS,
                        "as many streams are open already as there may be",
                        5);
            }
            followers.add(follower);
        }
        ctx.res().setStatus(200);
        ctx.res().setContentType("text/event-stream");
        ctx.res().setCharacterEncoding("utf-8");
        ctx.res().setHeader("Cache-Control", "no-store");
        ctx.res().setHeader("X-Accel-Buffering", "no");
        return follower;
    }

    private static Optional<Long> after(Context ctx) {
        String header = ctx.header("Last-Event-ID");
        String text = header == null ? ctx.queryParam("after") : header;
        if (text == null || text.isBlank()) {
            return Optional.empty();
        }
        if (!text.matches("[0-9]{1,18}")) {
            throw ProblemException.inField(
                    header == null ? "after" : "Last-Event-ID", "must be the number of an event");
        }
        return Optional.of(Long.parseLong(text));
    }

    private void send(Follower to, Place from, Place now) throws IOException, InterruptedException {
        Place place = from;
        to.sent = from.number();
        if (from.number() == now.number()) {
            write(to, List.of(alive(to, now)));
        }
        while (!feed.isClosed()) {
            Told told = feed.after(place, to.admitted.caller().tenant(), PATIENCE);
            // Looked at after the rows were taken: none that came after its end is told.
            if (!isAdmitted(to)) {
                LOG.info(
                        "a stream of ended sessions is cut caller={}", to.admitted.caller().name());
                return;
            }
            List<ObjectNode> events = events(to, told, place);
            if (!events.isEmpty()) {
                write(to, events);
            }
            place = told.reached();
        }
    }

    private boolean isAdmitted(Follower one) {
        Caller known = one.admitted.caller();
        return access.admitted(known.id(), one.admitted.version(), one.admitted.from())
                        .filter(caller -> caller.scopes().contains(Scope.VALIDATE))
                        .isPresent()
                && tenants.isActive(known.tenant());
    }

    private List<ObjectNode> events(Follower to, Told told, Place before) {
        List<ObjectNode> events = new ArrayList<>();
        if (told.isGap()) {
            events.add(event(to, told.reached().number(), "gap"));
        }
        for (EndedRow row : told.rows()) {
            kind(row, to.admitted.caller())
                    .ifPresent(kind -> {
                        ObjectNode event = event(to, row.number(), kind);
                        putIfKnown(event, "ref", row.ref());
                        putIfKnown(event, "userId", row.userId());
                        events.add(event);
                    });
        }
        long millis = millis(to, told.reached());
        boolean isDue = millis - to.millis >= EndedFeed.EVERY.toMillis() - 1;
        if (events.isEmpty() && isDue && told.reached().readAt() != before.readAt()) {
            events.add(alive(to, told.reached()));
        } else if (!events.isEmpty()) {
            // Only with the last of them nothing is missing that was there when the log was read.
            to.millis = millis;
            events.getLast().put("ms", millis);
        }
        return events;
    }

    /** What a row is to a caller; empty when it is nothing to it. */
    private static Optional<String> kind(EndedRow row, Caller caller) {
        return switch (row.kind()) {
            case "secret" ->
                    caller.id().equals(row.callerId()) ? Optional.of("caller") : Optional.empty();
            case "session", "undo", "replaced" ->
                    Optional.of(row.ref() == null ? "everything" : row.kind());
            case "user", "changed" -> Optional.of(row.userId() == null ? "everything" : row.kind());
            case "tenant" -> Optional.of("tenant");
            default -> Optional.of("everything");
        };
    }

    private ObjectNode alive(Follower to, Place reached) {
        to.millis = millis(to, reached);
        return event(to, reached.number(), "alive");
    }

    private long millis(Follower to, Place reached) {
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(reached.readAt() - to.openedAt));
    }

    private static ObjectNode event(Follower to, long number, String kind) {
        ObjectNode event = Json.object();
        event.put("number", number);
        event.put("previous", to.sent);
        event.put("kind", kind);
        event.put("ms", to.millis);
        to.sent = number;
        return event;
    }

    private static void putIfKnown(ObjectNode to, String name, @Nullable String value) {
        if (value != null) {
            to.put(name, value);
        }
    }

    private void write(Follower to, List<ObjectNode> events) throws IOException {
        to.writingSince = ticker.read() | 1; // never 0
        for (ObjectNode event : events) {
            to.out.write(
                    "id: %d\nevent: %s\ndata: %s\n\n"
                            .formatted(
                                    event.get("number").asLong(),
                                    event.get("kind").asString(),
                                    Json.text(event))
                            .getBytes(StandardCharsets.UTF_8));
        }
        to.out.flush();
        to.writingSince = 0;
    }

    private void cutSlow() {
        long now = ticker.read();
        for (Follower one : followers) {
            long since = one.writingSince;
            if (since != 0 && now - since > SLOWEST_WRITE.toNanos()) {
                LOG.warn(
                        "a stream of ended sessions is cut: its reader is too slow caller={}",
                        one.admitted.caller().name());
                one.cut.run();
            }
        }
    }

    /** Ends the watch; the streams end with the feed. */
    @Override
    public void close() {
        watch.shutdownNow();
    }
}
