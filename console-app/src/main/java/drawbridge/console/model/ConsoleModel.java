package drawbridge.console.model;

import drawbridge.console.client.EventFeed;
import drawbridge.console.client.Faults;
import drawbridge.console.client.Reply;
import drawbridge.console.client.TrustClient;
import drawbridge.console.supervise.ServerState;
import drawbridge.console.ui.Background;
import drawbridge.model.SessionState;
import drawbridge.model.event.ServerEvent;
import drawbridge.model.event.ServerEvent.DrillProgressed;
import drawbridge.model.event.ServerEvent.Metrics;
import drawbridge.model.event.ServerEvent.NodesChanged;
import drawbridge.model.event.ServerEvent.Reset;
import drawbridge.model.event.ServerEvent.RevocationProgressed;
import drawbridge.model.event.ServerEvent.SecretsUsed;
import drawbridge.model.event.ServerEvent.SessionRefused;
import drawbridge.model.event.ServerEvent.SessionRestored;
import drawbridge.model.event.ServerEvent.SessionRevoked;
import drawbridge.model.event.ServerEvent.SessionsRestored;
import drawbridge.model.event.ServerEvent.SessionsRevoked;
import drawbridge.model.event.ServerEvent.SessionsSeen;
import drawbridge.model.event.ServerEvent.TiersMeasured;
import drawbridge.model.view.ConfigEntry;
import drawbridge.model.view.History;
import drawbridge.model.view.MetricsTick;
import drawbridge.model.view.Page;
import drawbridge.model.view.RevocationJob;
import drawbridge.model.view.ServerSnapshot;
import drawbridge.model.view.SessionRow;
import drawbridge.model.view.TiersView;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A snapshot and the events behind it, as observable state. It alone writes that state: a reply
 * tells a person whether an action worked, an event tells the model what changed.
 */
public final class ConsoleModel implements AutoCloseable {
    /** Rows read at once. */
    public static final int PAGE = 5_000;

    /** Seconds by which the server has summed a minute up. */
    private static final long MINUTE_IS_OVER_AFTER = 3;

    /** So much traffic is worth keeping for when the server cannot be reached. */
    private static final Duration KEPT = Duration.ofMinutes(10);

    private static final Duration TIDY_EVERY = Duration.ofSeconds(30);

    private static final Duration READ_AGAIN_EVERY = Duration.ofMinutes(10);

    /** After a fault of ours what happened is read anew, but not in a loop. */
    private static final Duration ANEW_AFTER = Duration.ofSeconds(5);

    private static final String LIVE_ONLY = "state:live";

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleModel.class);

    private final Clock clock;
    private final Executor paced;
    private final Background background;
    private final ServerAccess access;
    private final Protection protection;
    private final ServerModel server;
    private final SessionsModel sessions;
    private final Traffic traffic = new Traffic();
    private final PastMinutes minutes = new PastMinutes();
    private final Happenings happenings = new Happenings();
    private final List<Consumer<Predicate<String>>> touchListeners = new ArrayList<>();
    private final List<Consumer<List<ServerEvent>>> eventListeners = new ArrayList<>();

    private final ReadOnlyObjectWrapper<FeedStatus> feedStatus =
            new ReadOnlyObjectWrapper<>(this, "feedStatus", new FeedStatus.Off());
    private final ReadOnlyObjectWrapper<Optional<ServerSnapshot>> snapshot =
            new ReadOnlyObjectWrapper<>(this, "snapshot", Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<RevocationJob>> revocation =
            new ReadOnlyObjectWrapper<>(this, "revocation", Optional.empty());
    private final ReadOnlyObjectWrapper<Loading> loading =
            new ReadOnlyObjectWrapper<>(this, "loading", Loading.NONE);
    private final ReadOnlyObjectWrapper<Instant> seconds;
    private final ReadOnlyObjectWrapper<Instant> now;
    private final ReadOnlyBooleanWrapper stale = new ReadOnlyBooleanWrapper(this, "stale", true);
    private final ReadOnlyBooleanWrapper readOnly =
            new ReadOnlyBooleanWrapper(this, "readOnly", true);
    private final ReadOnlyObjectWrapper<Optional<TiersView>> tiers =
            new ReadOnlyObjectWrapper<>(this, "tiers", Optional.empty());
    private final ObservableList<ConfigEntry> settings = FXCollections.observableArrayList();
    private final ObservableList<ConfigEntry> settingsReadOnly =
            FXCollections.unmodifiableObservableList(settings);

    private @Nullable Link link;
    private long lastSeq;
    private @Nullable Reading reading;
    private Instant tidiedAt;
    private Instant readAgainAt = Instant.EPOCH;
    private boolean tidying;
    private @Nullable Instant anewAt;

    /** The ways to one run of the server. */
    private static final class Link {
        final ServerState.Running to;
        final TrustClient client;
        final EventInbox inbox;
        private @Nullable EventFeed feed;

        Link(ServerState.Running to, TrustClient client, EventInbox inbox) {
            this.to = to;
            this.client = client;
            this.inbox = inbox;
        }

        void follow(ServerAccess access) {
            feed = access.follow(to, inbox);
        }

        /** Has the feed read the snapshot again, as often as it takes, and say so meanwhile. */
        void beginAnew() {
            if (feed != null) {
                feed.refresh();
            }
        }

        void close() {
            inbox.close();
            if (feed != null) {
                feed.close();
            }
            client.close();
        }
    }

    /** A model of a server that is not protected. It follows nothing before {@link #open}. */
    public ConsoleModel(
            ServerModel server,
            ServerAccess access,
            Background background,
            Executor paced,
            Clock clock) {
        this(server, access, Protection.none(), SessionsModel.Most.USUAL, background, paced, clock);
    }

    /**
     * A model that follows nothing before {@link #open}.
     *
     * @param protection the same that guards what {@code access} opens
     * @param most how many sessions are kept
     */
    public ConsoleModel(
            ServerModel server,
            ServerAccess access,
            Protection protection,
            SessionsModel.Most most,
            Background background,
            Executor paced,
            Clock clock) {
        this.server = server;
        this.access = access;
        this.protection = protection;
        this.sessions = new SessionsModel(most);
        readOnly.bind(stale.or(protection.lockedProperty()));
        this.background = background;
        this.paced = paced;
        this.clock = clock;
        this.tidiedAt = clock.instant();
        this.now = new ReadOnlyObjectWrapper<>(this, "now", tidiedAt);
        this.seconds =
                new ReadOnlyObjectWrapper<>(
                        this, "seconds", tidiedAt.truncatedTo(ChronoUnit.SECONDS));
    }

    /** Begins to hear the supervisor, and to follow the server whenever one runs. */
    public void open() {
        server.stateProperty().addListener((property, before, after) -> entered(after));
        server.open();
        entered(server.stateProperty().get());
    }

    /** The process. */
    public ServerModel server() {
        return server;
    }

    /** The sessions. */
    public SessionsModel sessions() {
        return sessions;
    }

    /** The last hour. */
    public Traffic traffic() {
        return traffic;
    }

    /** The last day. */
    public PastMinutes minutes() {
        return minutes;
    }

    /** How the tiers are doing; empty before the server told. */
    public ReadOnlyObjectProperty<Optional<TiersView>> tiersProperty() {
        return tiers.getReadOnlyProperty();
    }

    /** What is worth reading. */
    public Happenings happenings() {
        return happenings;
    }

    /** What the server last told of a revocation of many; empty when it told of none. */
    public ReadOnlyObjectProperty<Optional<RevocationJob>> revocationProperty() {
        return revocation.getReadOnlyProperty();
    }

    /** The settings in effect; empty until they were read. */
    public ObservableList<ConfigEntry> settings() {
        return settingsReadOnly;
    }

    /** How true what is shown is. */
    public ReadOnlyObjectProperty<FeedStatus> feedStatusProperty() {
        return feedStatus.getReadOnlyProperty();
    }

    /** Whether what is shown may be old: views dim and actions are off. */
    public ReadOnlyBooleanProperty staleProperty() {
        return stale.getReadOnlyProperty();
    }

    /**
     * Whether nothing can be changed now: what is shown may be old, or the profile is locked. What
     * changes something is disabled then.
     */
    public ReadOnlyBooleanProperty readOnlyProperty() {
        return readOnly.getReadOnlyProperty();
    }

    /** The profile's lock. */
    public Protection protection() {
        return protection;
    }

    /** The snapshot last read; it stays after the server ended. */
    public ReadOnlyObjectProperty<Optional<ServerSnapshot>> snapshotProperty() {
        return snapshot.getReadOnlyProperty();
    }

    /** How far the sessions have been read. */
    public ReadOnlyObjectProperty<Loading> loadingProperty() {
        return loading.getReadOnlyProperty();
    }

    /** The time, a few times a second. */
    public ReadOnlyObjectProperty<Instant> nowProperty() {
        return now.getReadOnlyProperty();
    }

    /** The time in whole seconds: changes once a second. */
    public ReadOnlyObjectProperty<Instant> secondsProperty() {
        return seconds.getReadOnlyProperty();
    }

    /** When the server was last heard of; empty while there is none. */
    public Optional<Instant> lastHeard() {
        return link == null ? Optional.empty() : Optional.ofNullable(link.inbox.lastHeard());
    }

    /** The client of the running server; empty while none runs. */
    public Optional<TrustClient> client() {
        return link == null ? Optional.empty() : Optional.of(link.client);
    }

    /**
     * Hears, once for a batch of events, which sessions they were about: to be asked by reference,
     * and not afterwards. A batch may be about thousands while a listener cares for one.
     */
    public void onTouched(Consumer<Predicate<String>> listener) {
        touchListeners.add(listener);
    }

    /** Hears every batch of events, in order, once the model has taken it in. */
    public void onEvents(Consumer<List<ServerEvent>> listener) {
        eventListeners.add(listener);
    }

    /** Lets time pass; called a few times a second. */
    public void tick() {
        Instant at = clock.instant();
        protection.tick();
        now.set(at);
        Instant second = at.truncatedTo(ChronoUnit.SECONDS);
        if (!second.equals(seconds.get())) {
            Instant before = seconds.get();
            seconds.set(second);
            if (!summedUp(before).equals(summedUp(second))) {
                readMinutes(5); // one is over; the others in case a reading failed
            }
        }
        if (Duration.between(tidiedAt, at).compareTo(TIDY_EVERY) >= 0) {
            tidiedAt = at;
            tidy(at);
            readAgainIfItHelps(at);
        } else if (sessions.isCrowded()) {
            tidy(at);
        }
        sessions.forgetSome(at);
        Instant due = anewAt;
        if (due != null && !at.isBefore(due)) {
            anewAt = null;
            if (link != null) {
                link.beginAnew();
            }
        }
    }

    /** Much that could be held is not: what is held has ended, or the server has fewer by now. */
    private void readAgainIfItHelps(Instant at) {
        Loading last = loading.get();
        boolean isCut =
                last.done()
                        && last.problem().isEmpty()
                        && last.loaded() > 0
                        && !sessions.wholeProperty().get();
        long most = sessions.most().live();
        long there = liveOnServer().orElse(0);
        boolean helps =
                there < most / 10 * 9 || Math.min(there, most) - sessions.liveHeld() > most / 4;
        boolean isSoon = at.isBefore(readAgainAt.plus(READ_AGAIN_EVERY));
        if (isCut && helps && !isSoon && !stale.get()) {
            readAgainAt = at;
            refetch();
        }
    }

    /**
     * How many sessions the server would accept now, by its own count of a second ago; empty before
     * it told.
     */
    public OptionalLong liveOnServer() {
        return traffic.latest()
                .map(latest -> OptionalLong.of(latest.liveSessions()))
                .or(() -> snapshot.get().map(told -> OptionalLong.of(told.liveSessions())))
                .orElse(OptionalLong.empty());
    }

    /** The end of the minute that the server has summed up by then. */
    private static Instant summedUp(Instant at) {
        return at.minusSeconds(MINUTE_IS_OVER_AFTER).truncatedTo(ChronoUnit.MINUTES);
    }

    /**
     * Shows what was kept of this server from another time, until it answers: it is stale. Nothing
     * happens when it has answered already.
     */
    public void restore(ServerSnapshot kept) {
        if (snapshot.get().isEmpty()) {
            snapshot.set(Optional.of(kept));
            traffic.replace(kept.recent());
            tiers.set(Optional.ofNullable(kept.tiers()));
        }
    }

    /**
     * What is worth keeping of the server for when it cannot be reached: its figures, and nothing
     * about anybody. Empty before it has answered.
     */
    public Optional<ServerSnapshot> figures() {
        return snapshot.get()
                .map(last -> {
                    Instant until = traffic.latest().map(MetricsTick::at).orElse(last.at());
                    return new ServerSnapshot(
                            lastSeq,
                            until,
                            last.server(),
                            traffic.latest()
                                    .map(MetricsTick::liveSessions)
                                    .orElse(last.liveSessions()),
                            last.users(),
                            last.totals(),
                            traffic.within(KEPT, until),
                            tiers.get().orElse(null));
                });
    }

    /** What moment is shown, as the server's clock told; empty when nothing is. */
    public Optional<Instant> asOf() {
        return traffic.latest()
                .map(MetricsTick::at)
                .or(() -> snapshot.get().map(ServerSnapshot::at));
    }

    private void readMinutes(int last) {
        Link current = link;
        if (current != null) {
            background
                    .run(() -> current.client.history(last))
                    .onDone(reply -> {
                        if (link == current && reply instanceof Reply.Done(History told)) {
                            minutes.take(told.minutes());
                        }
                    });
        }
    }

    /** Looking at every session is not work for the FX thread. */
    private void tidy(Instant at) {
        if (tidying) {
            return;
        }
        tidying = true;
        List<SessionEntry> copy = sessions.copy();
        background
                .run(() -> sessions.surplus(copy, at))
                .onDone(found -> {
                    tidying = false;
                    sessions.forgetSoon(found);
                })
                .onFailed(_ -> tidying = false);
    }

    /** Reads everything again. */
    public void refetch() {
        Link current = link;
        if (current != null) {
            background
                    .run(() -> current.client.snapshot())
                    .onDone(reply -> {
                        if (link == current && reply instanceof Reply.Done(var fresh)) {
                            begin(fresh);
                        } else if (link == current) {
                            current.beginAnew();
                        }
                    })
                    .onFailed(this::ranIntoFault);
        }
    }

    private void entered(ServerState state) {
        if (state instanceof ServerState.Running running) {
            if (link == null || !link.to.equals(running)) {
                unlink();
                link(running);
            }
        } else {
            unlink();
            show(new FeedStatus.Off());
        }
    }

    private void link(ServerState.Running running) {
        show(new FeedStatus.Connecting());
        lastSeq = 0;
        TrustClient client = access.client(running);
        EventInbox inbox = new EventInbox(paced, clock, this::applyOrBeginAnew);
        link = new Link(running, client, inbox);
        link.follow(access); // last: what it tells is told of this link
    }

    private void unlink() {
        if (link != null) {
            Link old = link;
            link = null;
            sessions.abandonLoad();
            background.run(() -> {
                old.close();
                return "closed";
            });
        }
    }

    private void show(FeedStatus status) {
        feedStatus.set(status);
        stale.set(!(status instanceof FeedStatus.Live));
    }

    /**
     * What cannot be taken in is not passed over: everything is read anew, and until then the
     * screens say that they are old, and why.
     */
    private void applyOrBeginAnew(List<FeedMessage> batch) {
        try {
            apply(batch);
        } catch (Throwable e) { // of any kind: what was in the batch is lost
            ranIntoFault(e);
        }
    }

    private void ranIntoFault(Throwable e) {
        Instant at = clock.instant();
        anewAt = at.plus(ANEW_AFTER);
        show(new FeedStatus.Lost(lastHeard().orElse(at), Faults.words(e)));
        LOG.error("what the server told could not be taken in; it is read anew", e);
    }

    /** Takes in what the feed read, in order. */
    void apply(List<FeedMessage> batch) {
        List<ServerEvent> events = new ArrayList<>();
        boolean missed = false;
        for (FeedMessage message : batch) {
            switch (message) {
                case FeedMessage.Began(ServerSnapshot fresh) -> {
                    missed = false;
                    begin(fresh);
                }
                case FeedMessage.Opened() -> {
                    if (snapshot.get().isPresent()) {
                        show(new FeedStatus.Live());
                    }
                }
                case FeedMessage.Broke(Instant since, String why) ->
                        show(new FeedStatus.Lost(since, why));
                case FeedMessage.Happened(ServerEvent event) -> {
                    if (event.seq() > lastSeq) {
                        missed |= event.seq() != lastSeq + 1 || event instanceof Reset;
                        lastSeq = event.seq();
                        events.add(event);
                        take(event);
                    }
                }
            }
        }
        if (!events.isEmpty()) {
            happenings.apply(events, ref -> sessions.find(ref).orElse(null));
            if (events.stream().anyMatch(ConsoleModel::isAboutSessions)) {
                sessions.changed();
            }
            Predicate<String> touched =
                    ref -> events.stream().anyMatch(event -> isAbout(event, ref));
            touchListeners.forEach(listener -> listener.accept(touched));
            List<ServerEvent> told = List.copyOf(events);
            eventListeners.forEach(listener -> listener.accept(told));
        }
        sessions.forgetSome(clock.instant());
        if (missed) {
            refetch();
        }
    }

    private static boolean isAboutSessions(ServerEvent event) {
        return !(event instanceof Metrics
                || event instanceof TiersMeasured
                || event instanceof NodesChanged
                || event instanceof SecretsUsed
                || event instanceof DrillProgressed);
    }

    private void take(ServerEvent event) {
        if (event instanceof Metrics metrics) {
            traffic.add(metrics.tick());
        } else if (event instanceof RevocationProgressed progressed) {
            revocation.set(Optional.of(progressed.job()));
        } else if (event instanceof TiersMeasured measured) {
            tiers.set(Optional.of(measured.tiers()));
        } else {
            sessions.apply(event);
        }
    }

    private static boolean isAbout(ServerEvent event, String ref) {
        return switch (event) {
            case SessionRefused e -> ref.equals(e.ref());
            case SessionRevoked e -> ref.equals(e.ref());
            case SessionRestored e -> ref.equals(e.session().ref());
            case SessionsRevoked e -> e.refs().contains(ref);
            case SessionsRestored e -> e.refs().contains(ref);
            case SessionsSeen e -> e.lastSeen().containsKey(ref);
            default -> false;
        };
    }

    private void begin(ServerSnapshot fresh) {
        lastSeq = Math.max(lastSeq, fresh.seq()); // events may have overtaken a snapshot asked for
        boolean another =
                snapshot.get()
                        .map(old -> !old.server().dataDir().equals(fresh.server().dataDir()))
                        .orElse(true);
        if (another) {
            happenings.clear();
            traffic.clear();
            minutes.clear();
        }
        snapshot.set(Optional.of(fresh));
        traffic.replace(fresh.recent());
        tiers.set(Optional.ofNullable(fresh.tiers()));
        show(new FeedStatus.Live());
        Link current = link;
        if (current != null) {
            readSettings(current);
            readMinutes((int) PastMinutes.MOST.toMinutes());
            sessions.beginLoad();
            loading.set(new Loading(0, fresh.liveSessions(), false, ""));
            reading = new Reading(current);
            readPage(reading);
        }
    }

    /**
     * The newest come first, whatever has become of them. Once as many ended ones were read as are
     * kept, only live ones are asked for, and once as many of those were, no more is.
     */
    private static final class Reading {
        final Link of;
        long read;
        long live;
        boolean isLiveOnly;
        @Nullable String after;

        Reading(Link of) {
            this.of = of;
        }

        String filter() {
            return isLiveOnly ? LIVE_ONLY : "";
        }
    }

    private void readSettings(Link current) {
        background
                .run(() -> current.client.configuration())
                .onDone(reply -> {
                    if (link == current && reply instanceof Reply.Done(var told)) {
                        settings.setAll(told);
                        sessions.setLifetimes(Lifetimes.among(told));
                    }
                });
    }

    private void readPage(Reading asked) {
        String filter = asked.filter();
        String after = asked.after;
        background
                .run(() -> asked.of.client.sessions(filter, PAGE, after))
                .onDone(reply -> {
                    if (link == asked.of && reading == asked) {
                        took(asked, reply);
                    }
                })
                .onFailed(e -> {
                    if (link == asked.of && reading == asked) {
                        endEarly(asked.read, Faults.words(e));
                    }
                });
    }

    private void took(Reading asked, Reply<Page<SessionRow>> reply) {
        switch (reply) {
            case Reply.Done(Page<SessionRow> page) -> took(asked, page);
            case Reply.Rejected<?> rejected -> endEarly(asked.read, rejected.problem().message());
            case Reply.Unreachable<?> unreachable -> endEarly(asked.read, unreachable.why());
        }
    }

    private void took(Reading asked, Page<SessionRow> page) {
        sessions.addPage(page.items());
        Instant at = clock.instant();
        long live =
                page.items().stream()
                        .filter(row -> SessionRows.state(row, at) == SessionState.LIVE)
                        .count();
        boolean wasLiveOnly = asked.isLiveOnly;
        long before = asked.read - asked.live;
        asked.read += page.items().size();
        asked.live += live;
        asked.after = page.next();
        SessionsModel.Most most = sessions.most();
        asked.isLiveOnly |= asked.read - asked.live >= most.ended();
        boolean isAll = page.next() == null;
        boolean isLast = isAll || asked.live >= most.live();
        long expected =
                wasLiveOnly
                        ? before + Math.min(page.total(), most.live())
                        : Math.min(page.total(), (long) most.live() + most.ended());
        if (isLast) {
            sessions.endLoad(isAll);
            tidy(at);
        }
        loading.set(new Loading(asked.read, Math.max(asked.read, expected), isLast, ""));
        if (!isLast) {
            readPage(asked);
        }
    }

    private void endEarly(long loaded, String why) {
        sessions.abandonLoad();
        loading.set(new Loading(loaded, loading.get().total(), true, why));
    }

    /** A row that was read again on its own, such as for the drawer. */
    public void read(SessionRow row) {
        read(List.of(row));
    }

    /** Rows that were read because somebody asked for them: they are kept for a while. */
    public void read(List<SessionRow> rows) {
        sessions.read(rows, clock.instant());
    }

    /** Lets go of the server. */
    @Override
    public void close() {
        server.close();
        if (link != null) {
            Link old = link;
            link = null;
            old.close();
        }
    }
}
