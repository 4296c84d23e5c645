package drawbridge.server.session;

import drawbridge.model.SessionRef;
import drawbridge.model.TenantId;
import drawbridge.model.view.NodeApplied;
import drawbridge.model.view.Receipt;
import drawbridge.model.view.SessionRow;
import drawbridge.server.session.DatabaseRevocationRows.Row;
import drawbridge.server.session.SessionNews.Many;
import drawbridge.server.session.Tombstones.Mark;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.StoreUnavailableException;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Reads the revocation log of a shared database for those who watch this server: what another
 * server committed is told here, too, as soon as this one has applied it. What this server
 * committed comes by here as well; whoever is told knows a number that was told before. One thread
 * reads.
 */
public final class RevocationsElsewhere implements AutoCloseable {
    /**
     * Hears of rows that this server has applied, its own as well. Must be quick and must not
     * block.
     */
    public interface Told {
        /** As {@link SessionNews#revoked(Receipt, String, String, Instant, String, String)}. */
        void found(
                Receipt receipt,
                String scope,
                @Nullable String tenant,
                @Nullable Instant openedBefore,
                String reason,
                String actor);

        /**
         * Many sessions are refused from now on.
         *
         * @param many of no job: those are known where they were begun
         * @param numbers of each session's own row
         */
        void found(
                Many many,
                List<Long> numbers,
                String reason,
                long tookMicros,
                Instant undoUntil,
                List<NodeApplied> nodes);

        /** A held session was restored. */
        void foundRestored(SessionRow session, long number, String actor);

        /** Many held sessions were restored. */
        void foundRestored(Many many, List<Long> numbers);

        /** More happened than can be told: whoever follows must read anew what there is. */
        void missed();
    }

    /** How rows become what is told. */
    public record Works(
            DatabaseSessionStore store, Sessions sessions, Witness witness, LastTrusted trusted) {}

    private static final Logger LOG = LoggerFactory.getLogger(RevocationsElsewhere.class);
    private static final int PAGE = 1_000;

    /** Further behind, a follower has less to do when it reads everything anew. */
    private static final int MOST_BEHIND = 20_000;

    private static final Duration AGAIN = Duration.ofSeconds(1);

    private record Page(List<Row> rows, Map<Long, Session> restored) {}

    private final Database database;
    private final Tombstones tombstones;
    private final Works works;
    private final Told told;
    private final Clock clock;
    private final Semaphore woken = new Semaphore(0);
    private final Thread thread;
    private volatile boolean isClosed;
    private long last;
    private long life;

    /** Tells of what is applied after the {@link #start}. */
    public RevocationsElsewhere(
            Database database, Tombstones tombstones, Works works, Told told, Clock clock) {
        this.database = database;
        this.tombstones = tombstones;
        this.works = works;
        this.told = told;
        this.clock = clock;
        this.thread = Thread.ofPlatform().name("log-news").daemon().unstarted(this::run);
    }

    /** Begins with what has been applied by now. */
    public void start() {
        last = tombstones.applied();
        tombstones.whenApplied(woken::release);
        thread.start();
    }

    private void run() {
        try {
            while (!isClosed) {
                woken.acquire();
                int _ = woken.drainPermits();
                while (!isClosed && !follow()) {
                    boolean _ = woken.tryAcquire(AGAIN.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tells what there is; false when the database could not be asked. */
    private boolean follow() {
        try {
            Mark now = tombstones.mark();
            while (!isClosed && now.applied() != Long.MAX_VALUE && catchUp(now)) {
                now = tombstones.mark();
            }
            return true;
        } catch (StoreUnavailableException e) {
            LOG.warn("what other servers revoked is not told: {}", e.getMessage());
            return false;
        } catch (RuntimeException e) {
            LOG.error("telling of what other servers revoked", e);
            skip(tombstones.mark());
            return true;
        }
    }

    /** Whether there may be more. */
    private boolean catchUp(Mark now) {
        if (now.applied() < last || now.applied() - last > MOST_BEHIND) {
            skip(now);
            return false;
        }
        if (now.applied() > last) {
            readOn(now.applied());
            return true;
        }
        if (life != 0 && life != now.life()) {
            // It was out of touch, perhaps with a database that a stand-by has replaced since.
            told.missed();
        }
        life = now.life();
        return false;
    }

    private void skip(Mark now) {
        last = now.applied();
        life = now.life();
        told.missed();
    }

    private void readOn(long through) {
        Page page =
                database.read(
                        DataScope.server(Why.UPKEEP),
                        "reading what other servers revoked",
                        handle -> page(handle, through));
        boolean isWhole = page.rows().size() < PAGE;
        List<List<Row>> deeds = deeds(page.rows());
        if (!isWhole && deeds.size() > 1) {
            deeds.removeLast(); // the rest of it is not there; it is read again, as a whole
        }
        deeds.forEach(deed -> tell(deed, page.restored()));
        last = isWhole ? through : deeds.getLast().getLast().number();
    }

    private Page page(Handle handle, long through) {
        List<Row> rows = DatabaseRevocationRows.told(handle, last, through, PAGE);
        Map<Long, Session> restored = new LinkedHashMap<>();
        for (Row row : rows) {
            if (row.kind().equals("undo") && row.tenant() != null && row.ref() != null) {
                works.store()
                        .find(handle, row.tenant(), new SessionRef(row.ref()))
                        .ifPresent(session -> restored.put(row.number(), session));
            }
        }
        return new Page(rows, restored);
    }

    /** Rows of one deed have the same instant, and follow each other. */
    private static List<List<Row>> deeds(List<Row> rows) {
        List<List<Row>> deeds = new ArrayList<>();
        for (Row row : rows) {
            if (deeds.isEmpty() || !deeds.getLast().getLast().isOfOneDeedWith(row)) {
                deeds.add(new ArrayList<>());
            }
            deeds.getLast().add(row);
        }
        return deeds;
    }

    private void tell(List<Row> deed, Map<Long, Session> restored) {
        Row row = deed.getLast();
        switch (row.kind()) {
            case "session" -> tellEnded(newestOfEach(deed));
            case "undo" -> tellRestored(newestOfEach(deed), restored);
            case "user", "tenant", "everything" -> deed.forEach(this::tellAll);
            // Ids that were renewed, settings and secrets end no session.
            default -> {}
        }
    }

    /** A session that has had several ids has a row for each of them, and is told by the last. */
    private static List<Row> newestOfEach(List<Row> deed) {
        Map<String, Row> byRef = new LinkedHashMap<>();
        for (Row row : deed) {
            if (row.ref() != null) {
                byRef.put(row.ref(), row);
            }
        }
        return List.copyOf(byRef.values());
    }

    private void tellEnded(List<Row> ended) {
        Optional<Instant> undoUntil = heldAlike(ended);
        if (ended.size() > 1 && undoUntil.isPresent()) {
            Row row = ended.getLast();
            told.found(
                    many(ended),
                    ended.stream().map(Row::number).toList(),
                    row.reason(),
                    tookMicros(row),
                    undoUntil.get(),
                    List.of(new NodeApplied(works.witness().node(), clock.instant())));
            return;
        }
        for (Row row : ended) {
            told.found(
                    receipt(row, row.ref(), null, row.undoUntil()),
                    "session",
                    text(row.tenant()),
                    null,
                    row.reason(),
                    row.actor());
        }
    }

    private static Optional<Instant> heldAlike(List<Row> ended) {
        List<Instant> all = new ArrayList<>();
        for (Row row : ended) {
            Instant until = row.undoUntil();
            if (until == null) {
                return Optional.empty();
            }
            all.add(until);
        }
        return all.stream().distinct().count() == 1
                ? Optional.of(all.getFirst())
                : Optional.empty();
    }

    private void tellRestored(List<Row> rows, Map<Long, Session> restored) {
        if (rows.size() > 1) {
            told.foundRestored(many(rows), rows.stream().map(Row::number).toList());
            return;
        }
        for (Row row : rows) {
            Session session = restored.get(row.number());
            if (session != null) {
                told.foundRestored(
                        works.sessions().row(session, clock.instant()), row.number(), row.actor());
            }
        }
    }

    private static Many many(List<Row> rows) {
        Row row = rows.getLast();
        TenantId tenant = row.tenant();
        if (tenant == null) {
            throw new IllegalStateException("row " + row.number() + " names a session of nobody");
        }
        List<String> refs = new ArrayList<>();
        for (Row each : rows) {
            if (each.ref() != null) {
                refs.add(each.ref());
            }
        }
        return new Many("", tenant, refs, row.number(), 0, row.actor());
    }

    private void tellAll(Row row) {
        told.found(
                receipt(row, null, row.userId(), null),
                row.kind(),
                text(row.tenant()),
                row.at(),
                row.reason(),
                row.actor());
    }

    private static @Nullable String text(@Nullable TenantId tenant) {
        return tenant == null ? null : tenant.value();
    }

    private Receipt receipt(
            Row row, @Nullable String ref, @Nullable String userId, @Nullable Instant undoUntil) {
        NodeApplied here =
                new NodeApplied(
                        works.witness().node(),
                        clock.instant(),
                        works.trusted().before(row.number()));
        return new Receipt(
                ref,
                userId,
                row.number(),
                0, // how many they were is known where it was done
                row.at(),
                row.at(),
                List.of(here),
                List.of(),
                tookMicros(row),
                here.lastTrustedAt(),
                undoUntil);
    }

    /** By two machines' clocks, so that it may be a little more or less. */
    private long tookMicros(Row row) {
        return Math.max(0, Duration.between(row.at(), clock.instant()).toNanos() / 1000);
    }

    /** Tells nothing more. */
    @Override
    public void close() {
        isClosed = true;
        woken.release();
        try {
            boolean _ = thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
