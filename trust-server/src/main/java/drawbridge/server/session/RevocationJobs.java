package drawbridge.server.session;

import drawbridge.model.SessionRef;
import drawbridge.model.TenantId;
import drawbridge.model.filter.SessionFilter;
import drawbridge.model.view.RevocationJob;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.session.DatabaseSessionStore.Place;
import drawbridge.server.session.DatabaseSessionStore.Position;
import drawbridge.server.session.ManySessions.Held;
import drawbridge.server.session.ManySessions.Part;
import drawbridge.server.session.Sessions.By;
import drawbridge.server.session.Sessions.Tiers;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.StoreUnavailableException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Revocations of many sessions, each a job on a thread of its own. It goes over the list in parts,
 * so that others write in between, and ends what is live when its turn comes. All that a job ended
 * is held, and can be restored as a whole until one instant: the hold, and a millisecond for each
 * session, after it was begun; later when the server is slower than that. Jobs are known for as
 * long as the server runs; what one has ended does not depend on it. Safe for many threads.
 */
public final class RevocationJobs implements AutoCloseable {
    /** Above so many, the administrator must have typed how many. */
    public static final int MOST_UNTYPED = 100;

    /** So many can be named one by one. */
    public static final int MOST_NAMED = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(RevocationJobs.class);

    /** The count may have moved by one in so many since it was seen. */
    private static final int MAY_MOVE_ONE_IN = 50;

    private static final int PART = 200;
    private static final int REMEMBERED = 20;
    private static final Duration TOLD_EVERY = Duration.ofMillis(200);
    private static final Duration PATIENCE_AT_END = Duration.ofSeconds(3);

    private final ManySessions many;
    private final Database database;
    private final DatabaseSessionStore store;
    private final LastSeen lastSeen;
    private final DatabaseAuditLog audit;
    private final SessionNews news;
    private final Duration hold;
    private final Clock clock;

    private final Object lock = new Object();

    /** The newest first. Guarded by {@link #lock}. */
    private final Deque<Job> jobs = new ArrayDeque<>();

    private long lastId;

    /**
     * @param hold for how long what was ended can be restored
     */
    public RevocationJobs(
            Database database,
            Tiers tiers,
            DatabaseAuditLog audit,
            SessionNews news,
            Witness witness,
            Duration hold,
            Clock clock) {
        this.many = new ManySessions(database, tiers, audit, news, witness, clock);
        this.database = database;
        this.store = tiers.store();
        this.lastSeen = tiers.lastSeen();
        this.audit = audit;
        this.news = news;
        this.hold = hold;
        this.clock = clock;
    }

    /** Which sessions are meant; only those that are live. */
    public sealed interface Which {
        /**
         * All that a filter finds.
         *
         * @param line how it was written
         */
        record Matching(String line, SessionFilter filter) implements Which {}

        /** Those named one by one, at most {@link #MOST_NAMED}. */
        record Named(Set<SessionRef> refs) implements Which {
            public Named {
                refs = Set.copyOf(refs);
            }
        }
    }

    /** How the beginning of a job went. */
    public sealed interface Begun {
        /** It is at work. */
        record Working(RevocationJob job) implements Begun {}

        /** So many match by now; nothing was done. */
        record CountChanged(long now) implements Begun {}

        /** That one is at work; nothing was done. */
        record Busy(RevocationJob other) implements Begun {}
    }

    /** How the undo of a job began. */
    public sealed interface Undoing {
        /** It is at work. */
        record Working(RevocationJob job) implements Undoing {}

        /** It is at work still, was undone before, ended nothing, or its hold is over. */
        record TooLate(RevocationJob job) implements Undoing {}

        /** No such job. */
        record Unknown() implements Undoing {}
    }

    /** One job. Its fields are guarded by itself, but for those of its one thread. */
    private static final class Job {
        final String id;
        final Which which;
        final String reason;
        final By by;
        final Instant startedAt;
        final long total;
        final List<Held> held = new ArrayList<>(); // of its thread, then of that of its undo

        String state = "running";
        long ended;
        long passedOver;
        long restored;
        int nodes;
        long slowestMicros;
        @Nullable Instant endedAt;
        Instant undoUntil;
        String problem = "";
        boolean isCancelled;
        @Nullable Thread thread;

        Job(
                String id,
                Which which,
                String reason,
                By by,
                Instant startedAt,
                long total,
                Instant undoUntil) {
            this.id = id;
            this.which = which;
            this.reason = reason;
            this.by = by;
            this.startedAt = startedAt;
            this.total = total;
            this.undoUntil = undoUntil;
        }

        synchronized RevocationJob view() {
            boolean canBeUndone = ended > 0 && !state.equals("restored");
            return new RevocationJob(
                    id,
                    state,
                    which instanceof Which.Matching(String line, SessionFilter _) ? line : "",
                    reason,
                    total,
                    ended,
                    passedOver,
                    restored,
                    nodes,
                    slowestMicros,
                    startedAt,
                    endedAt,
                    canBeUndone ? undoUntil : null,
                    problem);
        }

        synchronized boolean isCancelled() {
            return isCancelled;
        }

        synchronized Instant undoAtLeast(Instant at) {
            if (at.isAfter(undoUntil)) {
                undoUntil = at;
            }
            return undoUntil;
        }

        synchronized void did(Part part, int asked) {
            ended += part.held().size();
            passedOver += asked - part.held().size();
            nodes = Math.max(nodes, part.nodes());
            slowestMicros = Math.max(slowestMicros, part.tookMicros());
        }

        synchronized void end(String how, Instant at, String why) {
            state = how;
            endedAt = at;
            problem = why;
        }
    }

    /**
     * Begins to end sessions.
     *
     * @param seen how many the administrator saw; what matches now must not differ from it by more
     *     than one in fifty
     */
    public Begun begin(Which which, String reason, long seen, By by) {
        synchronized (lock) {
            Job working = working();
            if (working != null) {
                return new Begun.Busy(working.view());
            }
            lastSeen.writeDown(database); // so that the list and what is ended are of one mind
            Instant now = clock.instant();
            Which live = liveOf(which);
            long total = count(live, now);
            if (Math.abs(total - seen) * MAY_MOVE_ONE_IN > seen) {
                return new Begun.CountChanged(total);
            }
            Job job =
                    new Job(
                            "rev-" + ++lastId,
                            live,
                            reason,
                            by,
                            now,
                            total,
                            now.plus(hold).plusMillis(total));
            tell("sessions.revocation_begun", job, by, total + " sessions");
            jobs.addFirst(job);
            if (jobs.size() > REMEMBERED) {
                jobs.removeLast();
            }
            start(job, () -> run(job));
            return new Begun.Working(job.view());
        }
    }

    private @Nullable Job working() {
        return jobs.stream().filter(job -> job.view().isWorking()).findFirst().orElse(null);
    }

    private static Which liveOf(Which which) {
        return which instanceof Which.Matching(String line, SessionFilter filter)
                ? new Which.Matching(line, filter.onlyLive())
                : which;
    }

    private long count(Which which, Instant now) {
        return switch (which) {
            case Which.Matching(String _, SessionFilter filter) -> store.count(filter, now);
            case Which.Named(Set<SessionRef> refs) -> store.placesOf(refs, now).size();
        };
    }

    private void tell(String kind, Job job, By by, String what) {
        String which =
                switch (job.which) {
                    case Which.Matching(String line, SessionFilter _) ->
                            line.isBlank() ? "all live" : "filter " + line;
                    case Which.Named _ -> "named one by one";
                };
        database.write(
                DataScope.of(TenantId.DEFAULT),
                "auditing a revocation of many",
                handle -> {
                    audit.append(
                            handle,
                            AuditEntry.of(TenantId.DEFAULT, clock.instant(), kind, by.actor())
                                    .because(job.reason, null)
                                    .request(by.requestId())
                                    .detail("%s, %s, %s".formatted(job.id, what, which)));
                    return true;
                });
    }

    private void start(Job job, Runnable work) {
        news.progressed(job.view());
        Thread thread = Thread.ofVirtual().name("revocation-" + job.id).unstarted(work);
        synchronized (job) {
            job.thread = thread;
        }
        thread.start();
    }

    private void run(Job job) {
        Telling telling = new Telling(job);
        try {
            switch (job.which) {
                case Which.Matching(String _, SessionFilter filter) ->
                        endMatching(job, filter, telling);
                case Which.Named(Set<SessionRef> refs) ->
                        endPart(job, store.placesOf(refs, job.startedAt), telling);
            }
            if (job.held.isEmpty()) {
                many.awaitAll(); // nothing was left to end, maybe since a moment ago
            }
            job.end(job.isCancelled() ? "cancelled" : "done", clock.instant(), "");
        } catch (StoreUnavailableException e) {
            LOG.warn("revocation of many {} failed: {}", job.id, e.getMessage());
            job.end(
                    "failed",
                    clock.instant(),
                    "the database gave no sure answer; what was ended stays so, and the rest was not begun");
        } catch (RuntimeException e) {
            LOG.error("revocation of many {} failed", job.id, e);
            job.end("failed", clock.instant(), "the server failed; its log says how");
        }
        news.progressed(job.view());
    }

    private void endMatching(Job job, SessionFilter filter, Telling telling) {
        Position after = null;
        boolean isMore = true;
        while (isMore && !job.isCancelled()) {
            List<Place> page = store.places(filter, PART, after, job.startedAt);
            endPart(job, page, telling);
            isMore = page.size() == PART;
            after = isMore ? page.getLast().position() : after;
        }
    }

    private void endPart(Job job, List<Place> places, Telling telling) {
        Map<TenantId, List<SessionRef>> byTenant = new LinkedHashMap<>();
        places.forEach(place ->
                byTenant.computeIfAbsent(place.tenant(), _ -> new ArrayList<>())
                        .add(place.position().ref()));
        byTenant.forEach((tenant, refs) -> {
            for (int from = 0; from < refs.size() && !job.isCancelled(); from += PART) {
                List<SessionRef> some = refs.subList(from, Math.min(from + PART, refs.size()));
                Instant undoUntil = job.undoAtLeast(clock.instant().plus(hold));
                Part part = many.end(job.id, tenant, some, job.reason, undoUntil, job.by);
                job.held.addAll(part.held());
                job.did(part, some.size());
                telling.now();
            }
        });
    }

    /** Tells of progress, and not more often than is worth reading. */
    private final class Telling {
        private final Job job;
        private Instant told = Instant.MIN;

        Telling(Job job) {
            this.job = job;
        }

        void now() {
            Instant now = clock.instant();
            if (!now.isBefore(told.plus(TOLD_EVERY))) {
                told = now;
                news.progressed(job.view());
            }
        }
    }

    /**
     * Stops a job before its next part; what it has ended stays held. Nothing happens when it is
     * over.
     *
     * @return empty when there is no such job
     */
    public Optional<RevocationJob> cancel(String id) {
        return find(id).map(job -> {
            synchronized (job) {
                job.isCancelled = job.isCancelled || job.state.equals("running");
                return job.view();
            }
        });
    }

    /** Restores all that a job has ended and that nothing else has ended since. */
    public Undoing undo(String id, By by) {
        synchronized (lock) {
            Optional<Job> found = find(id);
            if (found.isEmpty()) {
                return new Undoing.Unknown();
            }
            Job job = found.get();
            Instant asked = clock.instant();
            RevocationJob view = job.view();
            Instant until = view.undoUntil();
            if (working() != null || until == null || !asked.isBefore(until)) {
                return new Undoing.TooLate(view);
            }
            tell("sessions.revocation_undone", job, by, view.ended() + " sessions");
            synchronized (job) {
                job.state = "restoring";
                job.problem = "";
            }
            start(job, () -> restore(job, asked, by));
            return new Undoing.Working(job.view());
        }
    }

    private void restore(Job job, Instant asked, By by) {
        Telling telling = new Telling(job);
        try {
            int from = 0;
            while (from < job.held.size()) {
                int to = from + 1;
                TenantId tenant = job.held.get(from).tenant();
                while (to < job.held.size()
                        && to - from < PART
                        && job.held.get(to).tenant().equals(tenant)) {
                    to++;
                }
                long restored = many.restore(job.id, tenant, job.held.subList(from, to), asked, by);
                synchronized (job) {
                    job.restored += restored;
                }
                telling.now();
                from = to;
            }
            job.end("restored", clock.instant(), "");
        } catch (StoreUnavailableException e) {
            LOG.warn("undo of revocation {} failed: {}", job.id, e.getMessage());
            job.end(
                    "failed",
                    clock.instant(),
                    "the database gave no sure answer; repeat the undo while there is time");
        } catch (RuntimeException e) {
            LOG.error("undo of revocation {} failed", job.id, e);
            job.end("failed", clock.instant(), "the server failed; its log says how");
        }
        news.progressed(job.view());
    }

    private Optional<Job> find(String id) {
        synchronized (lock) {
            return jobs.stream().filter(job -> job.id.equals(id)).findFirst();
        }
    }

    /** How far a job is; empty when there is no such one. */
    public Optional<RevocationJob> show(String id) {
        return find(id).map(Job::view);
    }

    /** The last jobs, newest first, at most 20. */
    public List<RevocationJob> list() {
        synchronized (lock) {
            return jobs.stream().map(Job::view).toList();
        }
    }

    /** Cancels what is at work and waits, a little while, for its part to end. */
    @Override
    public void close() {
        List<Job> all;
        synchronized (lock) {
            all = List.copyOf(jobs);
        }
        for (Job job : all) {
            Thread thread;
            synchronized (job) {
                job.isCancelled = true;
                thread = job.thread;
            }
            try {
                if (thread != null) {
                    thread.join(PATIENCE_AT_END);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
