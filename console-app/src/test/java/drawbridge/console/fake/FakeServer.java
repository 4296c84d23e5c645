package drawbridge.console.fake;

import drawbridge.console.client.AlertCalls;
import drawbridge.console.client.AuditCalls;
import drawbridge.console.client.ChecklistCalls;
import drawbridge.console.client.DrillCalls;
import drawbridge.console.client.EventFeed;
import drawbridge.console.client.FindCalls;
import drawbridge.console.client.Reply;
import drawbridge.console.client.RevocationCalls;
import drawbridge.console.client.RouteCalls;
import drawbridge.console.client.SecretCalls;
import drawbridge.console.client.TenantCalls;
import drawbridge.console.client.TokenCalls;
import drawbridge.console.client.TrustClient;
import drawbridge.console.client.UpkeepCalls;
import drawbridge.console.client.UserCalls;
import drawbridge.console.model.ServerAccess;
import drawbridge.console.model.SessionRows;
import drawbridge.console.supervise.ServerState;
import drawbridge.model.Problem;
import drawbridge.model.event.ServerEvent;
import drawbridge.model.filter.SessionFilter;
import drawbridge.model.view.ConfigEntry;
import drawbridge.model.view.Explanation;
import drawbridge.model.view.History;
import drawbridge.model.view.MetricsTick;
import drawbridge.model.view.MinuteFigures;
import drawbridge.model.view.NodeApplied;
import drawbridge.model.view.Page;
import drawbridge.model.view.Receipt;
import drawbridge.model.view.RevocationJob;
import drawbridge.model.view.ServerInfo;
import drawbridge.model.view.ServerSnapshot;
import drawbridge.model.view.SessionDetail;
import drawbridge.model.view.SessionRow;
import drawbridge.model.view.TiersView;
import drawbridge.model.view.TimelineEntry;
import drawbridge.model.view.Totals;
import drawbridge.model.view.UserRow;

import org.jspecify.annotations.Nullable;

import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.function.Predicate;

/**
 * Keeps sessions in memory, answers the client and tells events as a server does: an action is
 * answered and told, in that order. Safe for many threads.
 */
public final class FakeServer implements ServerAccess {
    /** How long it says a revocation took. */
    public static final long TOOK_MICROS = 9_000;

    private static final Duration HOLD = Duration.ofSeconds(30);

    private final Clock clock;
    private ServerInfo info;
    private final FakeRoutes routes;
    private final Map<String, SessionRow> rows = new LinkedHashMap<>();
    private final Map<String, RevocationJob> jobs = new LinkedHashMap<>();
    private final Map<String, Explanation> explanations = new HashMap<>();
    private final Map<String, List<TimelineEntry>> timelines = new HashMap<>();
    private final Map<String, String> names = new HashMap<>();
    private final List<MetricsTick> ticks = new ArrayList<>();
    private final FakeDrills drills = new FakeDrills(this);
    private final FakeUsers users;
    private final FakeTokens tokens;
    private final FakeTenants tenants;
    private final FakeUpkeep upkeep;
    private final FakeChecklist checklist = new FakeChecklist(this);
    private final FakeAlerts alerts;
    private final List<MinuteFigures> minutes = new ArrayList<>();
    private @Nullable TiersView tiers;
    private final List<ConfigEntry> settings = new ArrayList<>();
    private final FakeAudit audit = new FakeAudit();
    private EventFeed.@Nullable Listener listener;
    private EventFeed.@Nullable Listener cut;
    private @Nullable Problem refusal;
    private @Nullable String silence;
    private @Nullable Error breakdown;
    private final List<String> listed = new ArrayList<>();
    private final FakeSecrets secrets;
    private long seq = 100;
    private long number = 40;

    /** A server that holds nothing. */
    public FakeServer(Clock clock, ServerInfo info) {
        this.clock = clock;
        this.info = info;
        this.routes = new FakeRoutes(clock);
        this.secrets = new FakeSecrets(clock, this::tell);
        this.users = new FakeUsers(this, clock);
        this.tokens = new FakeTokens(this, clock);
        this.tenants = new FakeTenants(this, clock);
        this.alerts = new FakeAlerts(this, clock);
        this.upkeep = new FakeUpkeep(this, clock);
    }

    /** Nodes, condition, backups and diagnostics. */
    public FakeUpkeep upkeep() {
        return upkeep;
    }

    /** Accounts. */
    public FakeUsers users() {
        return users;
    }

    /** Trust tokens and mails. */
    public FakeTokens tokens() {
        return tokens;
    }

    /** Tenants. */
    public FakeTenants tenants() {
        return tenants;
    }

    /** How every action is refused, or null. */
    synchronized @Nullable Problem refusal() {
        return refusal;
    }

    /** Callers and secrets. */
    public FakeSecrets secrets() {
        return secrets;
    }

    /** The state a supervisor is in while this server runs. */
    public ServerState.Running running() {
        return new ServerState.Running(
                info.pid(),
                java.net.URI.create(info.publicUrl()),
                java.net.URI.create(info.adminUrl()),
                info.startedAt(),
                false);
    }

    /** What it keeps of what was done. */
    public FakeAudit audit() {
        return audit;
    }

    /** Its route policies. */
    public FakeRoutes routes() {
        return routes;
    }

    /** Holds a session, without telling. */
    public synchronized void hold(SessionRow row) {
        rows.put(row.ref(), row);
    }

    /** The session as it is held now. */
    public synchronized SessionRow row(String ref) {
        SessionRow row = rows.get(ref);
        if (row == null) {
            throw new IllegalArgumentException("no session " + ref);
        }
        return row;
    }

    /** The display name of a user. */
    public synchronized void name(String userId, String name) {
        names.put(userId, name);
    }

    /** What happened to a session, newest first. */
    public synchronized void timeline(String ref, List<TimelineEntry> entries) {
        timelines.put(ref, new ArrayList<>(entries));
    }

    /** One second of work, without telling. */
    public synchronized void worked(MetricsTick tick) {
        ticks.add(tick);
    }

    /** A minute of work, without telling. */
    public synchronized void worked(MinuteFigures minute) {
        minutes.add(minute);
    }

    /** How the tiers are doing, as the snapshot says. */
    public synchronized void tiers(TiersView view) {
        tiers = view;
    }

    /** Alerts and their rules. */
    public FakeAlerts alerts() {
        return alerts;
    }

    /** The checklist. */
    public FakeChecklist checklist() {
        return checklist;
    }

    /** Threats and drills. */
    public FakeDrills drills() {
        return drills;
    }

    /** Why nothing is answered, or null. */
    synchronized @Nullable String silence() {
        return silence;
    }

    /** The settings in effect. */
    public synchronized void settings(List<ConfigEntry> entries) {
        settings.addAll(entries);
    }

    /** From now on every action is refused so. */
    public synchronized void refuse(Problem problem) {
        refusal = problem;
    }

    /** From now on nothing is answered. */
    public synchronized void fallSilent(String why) {
        silence = why;
    }

    /** The next time that sessions are listed, that is thrown. */
    public synchronized void breakDown(Error fault) {
        breakdown = fault;
    }

    /** The filters that sessions were listed by, page by page. */
    public synchronized List<String> listed() {
        return List.copyOf(listed);
    }

    /** Tells an event, made with the next number. */
    public void tell(LongFunction<ServerEvent> event) {
        EventFeed.Listener told;
        ServerEvent made;
        synchronized (this) {
            seq++;
            made = event.apply(seq);
            told = listener;
        }
        if (told != null) {
            told.event(made);
        }
    }

    /** Another process serves from now on, which is told by who asks next. */
    public synchronized void startAnew(Instant at) {
        info = startedAnew(at, info.redis());
    }

    /** The same, and that one has a Redis. */
    public synchronized void startAnewWithRedis(Instant at) {
        info = startedAnew(at, true);
    }

    private synchronized ServerInfo startedAnew(Instant at, boolean hasRedis) {
        return new ServerInfo(
                info.version(),
                info.pid() + 1,
                at,
                info.publicUrl(),
                info.adminUrl(),
                info.node(),
                info.storage(),
                hasRedis,
                info.dataDir());
    }

    /** Skips an event, as if it had been lost. */
    public synchronized void skipEvent() {
        seq++;
    }

    /** Someone logged in. */
    public void open(SessionRow row) {
        hold(row);
        tell(seq -> new ServerEvent.SessionOpened(seq, clock.instant(), row));
    }

    /** All sessions as they are held now, by reference. */
    public synchronized Map<String, SessionRow> rows() {
        return new TreeMap<>(rows);
    }

    /** The stream breaks, and nothing is told until it is mended; calls are answered. */
    public void cutFeed(String why) {
        breakFeed(clock.instant(), why);
        synchronized (this) {
            cut = listener;
            listener = null;
        }
    }

    /** The stream is there again, too late to tell what was missed: a snapshot comes first. */
    public void mendFeed() {
        EventFeed.Listener told;
        synchronized (this) {
            listener = cut;
            told = cut;
            cut = null;
        }
        if (told != null) {
            told.snapshot(snapshot());
            told.live();
        }
    }

    /** The stream breaks. */
    public void breakFeed(Instant since, String why) {
        EventFeed.Listener told = listener;
        if (told != null) {
            told.lost(since, why);
        }
    }

    @Override
    public TrustClient client(ServerState.Running server) {
        return new Client();
    }

    @Override
    public EventFeed follow(ServerState.Running server, EventFeed.Listener follower) {
        synchronized (this) {
            listener = follower;
        }
        follower.snapshot(snapshot());
        follower.live();
        return new EventFeed() {
            @Override
            public void refresh() {
                follower.snapshot(snapshot());
                follower.live();
            }

            @Override
            public void close() {
                synchronized (FakeServer.this) {
                    listener = null;
                }
            }
        };
    }

    private synchronized ServerSnapshot snapshot() {
        long live = rows.values().stream().filter(row -> row.state().equals("live")).count();
        long users = rows.values().stream().map(SessionRow::userId).distinct().count();
        Totals totals = new Totals(0, 0, Map.of(), Map.of(), 0, 0, 0, 0, 0, 0, 0);
        return new ServerSnapshot(seq, clock.instant(), info, live, users, totals, ticks, tiers);
    }

    private synchronized SessionRow changed(
            SessionRow row, String state, @Nullable String reason, @Nullable Instant undoUntil) {
        boolean ended = reason != null;
        SessionRow fresh =
                new SessionRow(
                        row.ref(),
                        row.userId(),
                        row.email(),
                        row.tenant(),
                        row.ip(),
                        row.device(),
                        row.agent(),
                        row.createdAt(),
                        row.lastSeenAt(),
                        row.expiresAt(),
                        state,
                        row.strictestMode(),
                        ended ? clock.instant() : null,
                        reason,
                        ended ? "admin" : null,
                        undoUntil);
        rows.put(row.ref(), fresh);
        return fresh;
    }

    private synchronized void happened(String ref, String kind, String reason) {
        timelines
                .computeIfAbsent(ref, any -> new ArrayList<>())
                .addFirst(
                        new TimelineEntry(
                                clock.instant(),
                                kind,
                                "admin",
                                null,
                                null,
                                null,
                                null,
                                null,
                                reason,
                                null,
                                null));
    }

    private static UserRow user(SessionRow row) {
        return FakeUsers.well(row.userId(), row.email(), "", Instant.EPOCH);
    }

    /** What the console is given. */
    private final class Client implements TrustClient {
        private <T> Optional<Reply<T>> trouble(String tried) {
            synchronized (FakeServer.this) {
                if (silence != null) {
                    return Optional.of(new Reply.Unreachable<>(tried, silence));
                }
                return refusal == null
                        ? Optional.empty()
                        : Optional.of(new Reply.Rejected<>(503, refusal));
            }
        }

        @Override
        public UpkeepCalls upkeep() {
            return upkeep;
        }

        @Override
        public Reply<ServerSnapshot> snapshot() {
            return new Reply.Done<>(FakeServer.this.snapshot());
        }

        @Override
        public Reply<Page<SessionRow>> sessions(String filter, int limit, @Nullable String after) {
            synchronized (FakeServer.this) {
                listed.add(filter);
                Error fault = breakdown;
                breakdown = null;
                if (fault != null) {
                    throw fault;
                }
                SessionFilter wanted = SessionFilter.parse(filter).filter().orElseThrow();
                Instant now = clock.instant();
                Predicate<SessionRow> passes =
                        row -> wanted.matches(row, SessionRows.state(row, now), now);
                List<SessionRow> all =
                        rows.values().stream()
                                .sorted(Comparator.comparing(SessionRow::createdAt).reversed())
                                .toList();
                // As with the real one, a cursor is a place among all, whatever was asked for.
                int from = after == null ? 0 : all.indexOf(row(after)) + 1;
                List<SessionRow> rest =
                        all.subList(from, all.size()).stream().filter(passes).toList();
                List<SessionRow> page = rest.subList(0, Math.min(rest.size(), limit));
                return new Reply.Done<>(
                        new Page<>(
                                page,
                                page.size() < rest.size() ? page.getLast().ref() : null,
                                all.stream().filter(passes).count()));
            }
        }

        @Override
        public Reply<SessionDetail> session(String ref) {
            synchronized (FakeServer.this) {
                SessionRow row = row(ref);
                List<SessionRow> others =
                        rows.values().stream()
                                .filter(other -> other.userId().equals(row.userId()))
                                .filter(other -> !other.ref().equals(ref))
                                .filter(other -> other.state().equals("live"))
                                .toList();
                return new Reply.Done<>(
                        new SessionDetail(
                                row,
                                names.getOrDefault(row.userId(), ""),
                                "user",
                                timelines.getOrDefault(ref, List.of()),
                                others));
            }
        }

        @Override
        public Reply<Receipt> revoke(String ref, String reason) {
            Optional<Reply<Receipt>> trouble = trouble("POST /v1/sessions/…/revoke");
            if (trouble.isPresent()) {
                return trouble.get();
            }
            Instant now = clock.instant();
            Instant until = now.plus(HOLD);
            changed(row(ref), "held", reason, until);
            happened(ref, "revoked", reason);
            Receipt receipt = receipt(ref, null, 1, until);
            tell(seq ->
                    new ServerEvent.SessionRevoked(
                            seq,
                            now,
                            "session",
                            ref,
                            row(ref).userId(),
                            "default",
                            null,
                            receipt.number(),
                            reason,
                            "admin",
                            TOOK_MICROS,
                            until,
                            receipt.nodes()));
            return new Reply.Done<>(receipt);
        }

        @Override
        public Reply<Receipt> restore(String ref) {
            Optional<Reply<Receipt>> trouble = trouble("POST /v1/sessions/…/restore");
            if (trouble.isPresent()) {
                return trouble.get();
            }
            SessionRow row = changed(row(ref), "live", null, null);
            happened(ref, "restored", "");
            Receipt receipt = receipt(ref, null, 1, null);
            tell(seq ->
                    new ServerEvent.SessionRestored(
                            seq, clock.instant(), row, receipt.number(), "admin"));
            return new Reply.Done<>(receipt);
        }

        @Override
        public RevocationCalls revocations() {
            return new Revocations(this);
        }

        @Override
        public Reply<Receipt> revokeSessionsOf(String userId, String reason) {
            Optional<Reply<Receipt>> trouble = trouble("POST /v1/users/…/revoke-sessions");
            if (trouble.isPresent()) {
                return trouble.get();
            }
            List<SessionRow> of;
            synchronized (FakeServer.this) {
                of =
                        rows.values().stream()
                                .filter(row -> row.userId().equals(userId))
                                .filter(row -> row.state().equals("live"))
                                .toList();
            }
            of.forEach(row -> changed(row, "revoked", reason, null));
            Receipt receipt = receipt(null, userId, of.size(), null);
            tell(seq ->
                    new ServerEvent.SessionRevoked(
                            seq,
                            clock.instant(),
                            "user",
                            null,
                            userId,
                            "default",
                            clock.instant().plusMillis(1),
                            receipt.number(),
                            reason,
                            "admin",
                            TOOK_MICROS,
                            null,
                            receipt.nodes()));
            return new Reply.Done<>(receipt);
        }

        private Receipt receipt(
                @Nullable String ref,
                @Nullable String userId,
                long sessions,
                @Nullable Instant undoUntil) {
            Instant now = clock.instant();
            long next;
            synchronized (FakeServer.this) {
                number++;
                next = number;
            }
            return new Receipt(
                    ref,
                    userId,
                    next,
                    sessions,
                    now,
                    now,
                    List.of(new NodeApplied(info.node(), now)),
                    List.of(),
                    TOOK_MICROS,
                    null,
                    undoUntil);
        }

        @Override
        public Reply<List<ConfigEntry>> configuration() {
            synchronized (FakeServer.this) {
                return new Reply.Done<>(List.copyOf(settings));
            }
        }

        @Override
        public AuditCalls audit() {
            return audit;
        }

        @Override
        public FindCalls find() {
            return (text, limit) -> {
                synchronized (FakeServer.this) {
                    List<UserRow> found =
                            rows.values().stream()
                                    .filter(row -> row.email().contains(text))
                                    .map(FakeServer::user)
                                    .distinct()
                                    .limit(limit)
                                    .toList();
                    return new Reply.Done<>(new Page<>(found, null, found.size()));
                }
            };
        }

        @Override
        public RouteCalls routes() {
            return routes;
        }

        @Override
        public Reply<History> history(int last) {
            synchronized (FakeServer.this) {
                Instant from = clock.instant().minus(Duration.ofMinutes(last));
                return new Reply.Done<>(
                        new History(
                                clock.instant(),
                                minutes.stream().filter(m -> m.at().isAfter(from)).toList()));
            }
        }

        @Override
        public SecretCalls secrets() {
            return secrets;
        }

        @Override
        public DrillCalls drills() {
            return drills;
        }

        @Override
        public UserCalls users() {
            return users;
        }

        @Override
        public TokenCalls tokens() {
            return tokens;
        }

        @Override
        public TenantCalls tenants() {
            return tenants;
        }

        @Override
        public AlertCalls alerts() {
            return alerts;
        }

        @Override
        public ChecklistCalls checklist() {
            return checklist;
        }

        @Override
        public void close() {}
    }

    /** Why a call was decided as it was. */
    public synchronized void explain(Explanation explanation) {
        explanations.put(explanation.requestId(), explanation);
    }

    /** Ends all at once what is asked for, and tells it as a server does. */
    private final class Revocations implements RevocationCalls {
        private final Client client;

        Revocations(Client client) {
            this.client = client;
        }

        @Override
        public Reply<RevocationJob> begin(Which which, String reason, long seen) {
            Optional<Reply<RevocationJob>> trouble = client.trouble("POST /v1/revocations");
            if (trouble.isPresent()) {
                return trouble.get();
            }
            Instant now = clock.instant();
            List<String> refs = live(which, now);
            if (refs.size() != seen) {
                return new Reply.Rejected<>(
                        409,
                        new Problem(
                                false,
                                "conflict",
                                refs.size() + " live sessions match now, not " + seen,
                                "COUNT_CHANGED",
                                null,
                                "req-1"));
            }
            Instant until = now.plus(HOLD);
            refs.forEach(ref -> changed(row(ref), "held", reason, until));
            RevocationJob job = job("done", which, reason, refs.size(), 0, until);
            long next;
            synchronized (FakeServer.this) {
                next = ++number;
                jobs.put(job.id(), job);
            }
            tell(seq ->
                    new ServerEvent.SessionsRevoked(
                            seq,
                            now,
                            job.id(),
                            "default",
                            refs,
                            next,
                            reason,
                            "admin",
                            TOOK_MICROS,
                            until,
                            List.of(new NodeApplied(info.node(), now))));
            tell(seq -> new ServerEvent.RevocationProgressed(seq, now, job));
            return new Reply.Done<>(job);
        }

        private List<String> live(Which which, Instant now) {
            synchronized (FakeServer.this) {
                return switch (which) {
                    case Which.Named(List<String> refs) ->
                            refs.stream().filter(ref -> row(ref).state().equals("live")).toList();
                    case Which.Matching(String filter) -> {
                        SessionFilter wanted =
                                SessionFilter.parse(filter).filter().orElseThrow().onlyLive();
                        yield rows.values().stream()
                                .filter(row ->
                                        wanted.matches(row, SessionRows.state(row, now), now))
                                .map(SessionRow::ref)
                                .toList();
                    }
                };
            }
        }

        private RevocationJob job(
                String state,
                Which which,
                String reason,
                long ended,
                long restored,
                @Nullable Instant until) {
            Instant now = clock.instant();
            return new RevocationJob(
                    "rev-1",
                    state,
                    which instanceof Which.Matching(String filter) ? filter : "",
                    reason,
                    ended,
                    ended,
                    0,
                    restored,
                    1,
                    TOOK_MICROS,
                    now,
                    now,
                    until,
                    "");
        }

        @Override
        public Reply<RevocationJob> show(String id) {
            synchronized (FakeServer.this) {
                RevocationJob known = jobs.get(id);
                return known == null
                        ? new Reply.Unreachable<>("GET /v1/revocations/…", "it is forgotten")
                        : new Reply.Done<>(known);
            }
        }

        @Override
        public Reply<RevocationJob> cancel(String id) {
            return show(id);
        }

        @Override
        public Reply<RevocationJob> undo(String id) {
            Instant now = clock.instant();
            List<String> held;
            long next;
            synchronized (FakeServer.this) {
                next = ++number;
                held =
                        rows.values().stream()
                                .filter(row -> row.state().equals("held"))
                                .map(SessionRow::ref)
                                .toList();
            }
            held.forEach(ref -> changed(row(ref), "live", null, null));
            RevocationJob job =
                    job("restored", new Which.Matching(""), "", held.size(), held.size(), null);
            tell(seq ->
                    new ServerEvent.SessionsRestored(seq, now, id, "default", held, next, "admin"));
            tell(seq -> new ServerEvent.RevocationProgressed(seq, now, job));
            return new Reply.Done<>(job);
        }

        @Override
        public Reply<Long> export(String filter, String format, OutputStream to) {
            return new Reply.Done<>(0L);
        }

        @Override
        public Reply<Explanation> explain(String requestId) {
            synchronized (FakeServer.this) {
                Explanation known = explanations.get(requestId);
                return known == null
                        ? new Reply.Unreachable<>("GET /v1/explain/…", "it is forgotten")
                        : new Reply.Done<>(known);
            }
        }
    }
}
