package drawbridge.console.screen.sessions;

import drawbridge.console.client.Reply;
import drawbridge.console.client.TrustClient;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.model.Ending;
import drawbridge.console.model.Loading;
import drawbridge.console.model.SessionEntry;
import drawbridge.console.screen.ReplyWords;
import drawbridge.console.ui.AgentNames;
import drawbridge.console.ui.Background;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Later;
import drawbridge.console.ui.Toasts;
import drawbridge.console.ui.Words;
import drawbridge.model.SessionState;
import drawbridge.model.filter.FilterProblem;
import drawbridge.model.filter.SessionFilter;
import drawbridge.model.view.Page;
import drawbridge.model.view.Receipt;
import drawbridge.model.view.SessionRow;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyLongProperty;
import javafx.beans.property.ReadOnlyLongWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Predicate;

/**
 * The list of sessions: which are shown, in which order, and what can be done to them. Filtering
 * and sorting run off the FX thread over a copy; the result is swapped in.
 */
public final class SessionsViewModel {
    /** So many of those that the server finds are taken in, the newest. */
    private static final int MOST_LOOKED_UP = 1_000;

    private static final Duration TYPING = Duration.ofMillis(120);
    private static final Duration COMPLETING = Duration.ofMillis(80);
    private static final Duration SETTLING = Duration.ofSeconds(3);
    private static final Duration LEAST_PAUSE = Duration.ofMillis(400);

    /** Longer pauses for longer lists: live changes must not keep a processor busy with sorting. */
    private static final Duration A_SESSION = Duration.ofNanos(12_000);

    private final ConsoleModel model;
    private final Background background;
    private final Later later;
    private final Words words;
    private final Formats formats;
    private final AgentNames agents;
    private final Toasts toasts;
    private final ReplyWords replies;

    private final ReadOnlyObjectWrapper<Looked> looked =
            new ReadOnlyObjectWrapper<>(this, "looked", Looked.NOT);
    private final StringProperty filterText = new SimpleStringProperty(this, "filterText", "");
    private final ObjectProperty<SessionQuery.Scope> scope =
            new SimpleObjectProperty<>(this, "scope", SessionQuery.Scope.LIVE);
    private final ObjectProperty<SessionColumn> sort =
            new SimpleObjectProperty<>(this, "sort", SessionColumn.CREATED);
    private final ObjectProperty<Boolean> descending =
            new SimpleObjectProperty<>(this, "descending", true);
    private final ReadOnlyObjectWrapper<Optional<FilterProblem>> problem =
            new ReadOnlyObjectWrapper<>(this, "problem", Optional.empty());
    private final ReadOnlyObjectWrapper<SessionQuery.Found> found =
            new ReadOnlyObjectWrapper<>(this, "found", new SessionQuery.Found(List.of(), 0, 0));
    private final ReadOnlyLongWrapper notesRevision =
            new ReadOnlyLongWrapper(this, "notesRevision", 0);
    private final Map<String, Note> notes = new HashMap<>();

    private final Set<String> settling = new HashSet<>();

    private final BooleanProperty paused = new SimpleBooleanProperty(this, "paused", false);
    private final ReadOnlyLongWrapper waiting = new ReadOnlyLongWrapper(this, "waiting", 0);

    private SessionFilter filter = SessionFilter.ALL;
    private long shownChanges;
    private Later.@Nullable Pending completing;
    private Later.@Nullable Pending typing;
    private boolean running;
    private boolean again;
    private boolean resting;
    private boolean pointed;

    /**
     * What is going on with a row beside its state.
     *
     * @param working whether an answer is awaited
     * @param text what to say
     * @param retry what the button offers meanwhile
     */
    private record Note(boolean working, String text, RowStatus.Action retry) {}

    /**
     * What became of asking the server for what a filter finds, as far as this console does not
     * hold it.
     *
     * @param working whether the answer is awaited
     * @param text what to say; empty when nobody asked
     */
    record Looked(boolean working, String text) {
        static final Looked NOT = new Looked(false, "");
    }

    /** A list that follows the model. */
    public SessionsViewModel(
            ConsoleModel model,
            Background background,
            Later later,
            Words words,
            Formats formats,
            AgentNames agents,
            Toasts toasts) {
        this.model = model;
        this.background = background;
        this.later = later;
        this.words = words;
        this.formats = formats;
        this.agents = agents;
        this.toasts = toasts;
        this.replies = new ReplyWords(words);
        filterText.addListener((property, before, after) -> typed());
        scope.addListener((property, before, after) -> query());
        sort.addListener((property, before, after) -> query());
        descending.addListener((property, before, after) -> query());
        model.sessions().revisionProperty().addListener((property, before, after) -> queryLater());
        paused.addListener((property, before, after) -> query());
        model.onTouched(this::settled);
        model.secondsProperty().addListener((property, before, after) -> queryLater());
    }

    /** The filter line; read 120 ms after the last key. */
    public StringProperty filterTextProperty() {
        return filterText;
    }

    /**
     * What is wrong with the filter line. The list keeps to the last line that could be read, and
     * to the words before one that is only begun.
     */
    public ReadOnlyObjectProperty<Optional<FilterProblem>> problemProperty() {
        return problem.getReadOnlyProperty();
    }

    /** Live, ended or all. */
    ObjectProperty<SessionQuery.Scope> scopeProperty() {
        return scope;
    }

    /**
     * Whether the list stands still: what comes and goes meanwhile waits. A row that is shown still
     * tells the truth about its own session.
     */
    BooleanProperty pausedProperty() {
        return paused;
    }

    /** How many sessions were opened, ended or restored since the list stands still. */
    ReadOnlyLongProperty waitingProperty() {
        return waiting.getReadOnlyProperty();
    }

    /**
     * Finds how the word that is being written may go on; an earlier question is forgotten.
     *
     * @param caret where the caret is by then
     */
    void complete(String line, IntSupplier caret, Consumer<FilterCompletion> found) {
        if (completing != null) {
            completing.cancel();
        }
        completing =
                later.after(
                        COMPLETING,
                        () -> {
                            List<SessionEntry> copy = model.sessions().copy();
                            int at = caret.getAsInt();
                            background.run(() -> FilterCompletion.at(line, at, copy)).onDone(found);
                        });
    }

    /** The column sorted by. */
    ObjectProperty<SessionColumn> sortProperty() {
        return sort;
    }

    /** Whether its order is turned round. */
    ObjectProperty<Boolean> descendingProperty() {
        return descending;
    }

    /** What the last query found. */
    ReadOnlyObjectProperty<SessionQuery.Found> foundProperty() {
        return found.getReadOnlyProperty();
    }

    /** Grows when an action on some row began or ended. */
    ReadOnlyLongProperty notesRevisionProperty() {
        return notesRevision.getReadOnlyProperty();
    }

    /** Whether all live sessions of the server are in the list. */
    ReadOnlyBooleanProperty wholeProperty() {
        return model.sessions().wholeProperty();
    }

    /**
     * How much of what the server has is held, in words; empty when that is all of it, or not known
     * as yet.
     */
    Optional<String> partText() {
        Loading loading = model.loadingProperty().get();
        boolean isPart =
                loading.done()
                        && loading.problem().isEmpty()
                        && loading.loaded() > 0
                        && !wholeProperty().get();
        OptionalLong there = model.liveOnServer();
        if (!isPart || there.isEmpty()) {
            return Optional.empty();
        }
        long held = Math.min(model.sessions().liveHeld(), there.getAsLong());
        return Optional.of(
                words.get(
                        "sessions.part.text",
                        formats.number(roughly(held)),
                        formats.number(roughly(there.getAsLong()))));
    }

    /** To three digits: what changes every second is not read. */
    static long roughly(long count) {
        long step = 1;
        while (count / step >= 1_000) {
            step *= 10;
        }
        return (count + step / 2) / step * step;
    }

    /** What became of {@link #look}. */
    ReadOnlyObjectProperty<Looked> lookedProperty() {
        return looked.getReadOnlyProperty();
    }

    /** Whether there is something to ask the server for: a filter, and more there than here. */
    boolean canLook() {
        return !filter.terms().isEmpty()
                && problem.get().isEmpty()
                && !wholeProperty().get()
                && model.client().isPresent();
    }

    /** Asks the server for the newest that pass the filter, and takes them into the list. */
    void look() {
        Optional<TrustClient> client = model.client();
        if (!canLook() || client.isEmpty() || looked.get().working()) {
            return;
        }
        SessionFilter asked = filter;
        String line = filterText.get().strip();
        looked.set(new Looked(true, words.get("sessions.part.asking")));
        background
                .run(() -> client.get().sessions(line, MOST_LOOKED_UP, null))
                .onDone(reply -> {
                    if (reply instanceof Reply.Done(Page<SessionRow> page)) {
                        model.read(page.items());
                        tell(asked, found(page.items().size(), page.total()));
                    } else {
                        tell(asked, words.get("sessions.part.failed", replies.whyUnread(reply)));
                    }
                })
                .onFailed(e ->
                        tell(asked, words.get("sessions.part.failed", words.get("reply.fault"))));
    }

    private String found(int rows, long total) {
        return rows == total
                ? words.get("sessions.part.found", total)
                : words.get("sessions.part.foundMore", formats.number(total), rows);
    }

    private void tell(SessionFilter asked, String text) {
        looked.set(filter.equals(asked) ? new Looked(false, text) : Looked.NOT);
    }

    /** How far the list was read. */
    ReadOnlyObjectProperty<Loading> loadingProperty() {
        return model.loadingProperty();
    }

    /** Shows what that filter finds, live and ended, at once. */
    public void find(String line) {
        scope.set(SessionQuery.Scope.ALL);
        filterText.set(line);
        readFilter();
        look(); // who comes from elsewhere means sessions that are there, whether held or not
    }

    private void typed() {
        if (typing != null) {
            typing.cancel();
        }
        typing = later.after(TYPING, this::readFilter);
    }

    private void readFilter() {
        if (typing != null) {
            typing.cancel();
            typing = null;
        }
        String line = filterText.get();
        SessionFilter.Parsed parsed = SessionFilter.parse(line);
        problem.set(parsed.problem());
        boolean isBegun = parsed.problem().filter(FilterProblem::isBegun).isPresent();
        (isBegun ? SessionFilter.parse(withoutLastWord(line)) : parsed)
                .filter()
                .ifPresent(read -> {
                    if (!read.equals(filter) && !looked.get().working()) {
                        looked.set(Looked.NOT);
                    }
                    filter = read;
                    query();
                });
    }

    private static String withoutLastWord(String line) {
        int end = line.length();
        while (end > 0 && !Character.isWhitespace(line.charAt(end - 1))) {
            end--;
        }
        return line.substring(0, end);
    }

    /** Queries soon: at most twice a second, and less often the more there are. */
    private void queryLater() {
        if (paused.get()) {
            waiting.set(model.sessions().changes() - shownChanges);
            return;
        }
        if (!running && !resting && !isHeld()) {
            query();
        } else {
            again = true;
        }
    }

    /** A row must not move away under the pointer that is about to revoke it. */
    private boolean isHeld() {
        return pointed && sort.get().isMoving();
    }

    /**
     * Whether the pointer is over the rows; while it is, an order that moves by itself stands
     * still.
     */
    void pointed(boolean over) {
        pointed = over;
        if (!over && again) {
            queryLater();
        }
    }

    private void query() {
        if (running) {
            again = true;
            return;
        }
        running = true;
        again = false;
        shownChanges = model.sessions().changes();
        waiting.set(0);
        SessionQuery query = new SessionQuery(filter, scope.get(), sort.get(), descending.get());
        List<SessionEntry> copy = model.sessions().copy();
        Instant now = model.nowProperty().get();
        background
                .run(() -> query.run(copy, agents, now))
                .onDone(result -> {
                    running = false;
                    found.set(result);
                    boolean changed =
                            !filter.equals(query.filter())
                                    || scope.get() != query.scope()
                                    || sort.get() != query.sort()
                                    || descending.get() != query.descending();
                    if (changed) {
                        query();
                    } else {
                        rest();
                    }
                })
                .onFailed(_ -> running = false);
    }

    private void rest() {
        if (!resting) {
            resting = true;
            later.after(
                    LEAST_PAUSE.plus(A_SESSION.multipliedBy(model.sessions().size())),
                    () -> {
                        resting = false;
                        if (again) {
                            queryLater();
                        }
                    });
        }
    }

    /** What the row says and offers now. */
    RowStatus statusOf(SessionEntry entry, Instant now) {
        Note note = notes.get(entry.ref());
        if (note != null) {
            return new RowStatus(
                    note.working() ? RowStatus.Look.WORKING : RowStatus.Look.PROBLEM,
                    note.text(),
                    note.working() ? RowStatus.Action.NONE : note.retry());
        }
        return statusWithoutNote(entry, now);
    }

    private RowStatus statusWithoutNote(SessionEntry entry, Instant now) {
        if (entry.isForgotten()) {
            return new RowStatus(
                    RowStatus.Look.FORGOTTEN,
                    words.get("sessions.state.forgotten"),
                    RowStatus.Action.NONE);
        }
        SessionRow row = entry.row();
        return switch (entry.state(now)) {
            case LIVE ->
                    new RowStatus(
                            RowStatus.Look.LIVE,
                            words.oneOf("state", "live"),
                            RowStatus.Action.REVOKE);
            case HELD ->
                    new RowStatus(RowStatus.Look.HELD, proof(entry, now), RowStatus.Action.UNDO);
            case REVOKED ->
                    new RowStatus(RowStatus.Look.REVOKED, ended(row, now), RowStatus.Action.NONE);
            case EXPIRED ->
                    new RowStatus(
                            RowStatus.Look.EXPIRED,
                            words.get("sessions.state.expired", formats.ago(row.expiresAt(), now)),
                            RowStatus.Action.NONE);
        };
    }

    private String proof(SessionEntry entry, Instant now) {
        Optional<Ending> ending = entry.ending();
        Instant since = entry.row().endedAt();
        if (ending.isPresent()) {
            return proof(ending.get().nodes(), ending.get().tookMicros());
        }
        return since == null
                ? words.oneOf("state", "held")
                : words.get("sessions.state.heldSince", formats.when(since, now));
    }

    private String proof(int nodes, long tookMicros) {
        return words.get("sessions.state.proof", nodes, nodes, formats.took(tookMicros));
    }

    private String ended(SessionRow row, Instant now) {
        Instant at = row.endedAt();
        String who = row.endedBy() == null ? "" : words.oneOf("actor", row.endedBy());
        String when = at == null ? "" : formats.ago(at, now);
        return who.isEmpty()
                ? words.oneOf("state", "revoked")
                : words.get("sessions.state.revoked", who, when);
    }

    /** How much longer the row's revocation can be undone. */
    String undoText(SessionEntry entry, Instant now) {
        Instant until = entry.row().undoUntil();
        long seconds =
                until == null ? 0 : Math.max(0, Duration.between(now, until).toSeconds() + 1);
        return words.get("sessions.row.undo", seconds);
    }

    /** Whether actions are possible at all; not while what is shown may be old. */
    boolean canAct() {
        return model.client().isPresent() && !model.readOnlyProperty().get();
    }

    /**
     * Revokes one session: refused at once, Undo for a while. Nothing happens unless it is live.
     */
    public void revoke(SessionEntry entry) {
        if (entry.state(model.nowProperty().get()) == SessionState.LIVE) {
            act(
                    entry,
                    words.get("sessions.row.revoking"),
                    "sessions.row.notRevoked",
                    RowStatus.Action.REVOKE,
                    client -> client.revoke(entry.ref(), words.get("sessions.reason.console")));
        }
    }

    /** Undoes a revocation that is still held. */
    public void undo(SessionEntry entry) {
        if (entry.state(model.nowProperty().get()) == SessionState.HELD) {
            act(
                    entry,
                    words.get("sessions.row.restoring"),
                    "sessions.row.notRestored",
                    RowStatus.Action.UNDO,
                    client -> client.restore(entry.ref()));
        }
    }

    private void act(
            SessionEntry entry,
            String doing,
            String notDone,
            RowStatus.Action retry,
            Function<TrustClient, Reply<Receipt>> call) {
        Note running = notes.get(entry.ref());
        if (!canAct() || (running != null && running.working())) {
            return;
        }
        TrustClient client = model.client().orElseThrow();
        note(entry.ref(), new Note(true, doing, RowStatus.Action.NONE));
        background
                .run(() -> call.apply(client))
                .onDone(reply -> acted(entry, notDone, retry, reply))
                .onFailed(e ->
                        note(
                                entry.ref(),
                                new Note(false, words.get(notDone, String.valueOf(e)), retry)));
    }

    private void acted(
            SessionEntry entry, String notDone, RowStatus.Action retry, Reply<Receipt> reply) {
        if (reply instanceof Reply.Done(Receipt receipt)) {
            RowStatus.Action done = offeredAfter(retry);
            if (statusWithoutNote(entry, model.nowProperty().get()).action() == done) {
                note(entry.ref(), null);
            } else {
                // The event that changes the row itself is on its way; until then the receipt says
                // it.
                String proof = proof(receipt.nodes().size(), receipt.tookMicros());
                note(entry.ref(), new Note(true, proof, RowStatus.Action.NONE));
                settling.add(entry.ref());
                later.after(SETTLING, () -> settled(entry.ref()::equals));
            }
            return;
        }
        String why = replies.why(reply);
        note(entry.ref(), new Note(false, words.get(notDone, why), retry));
        toasts.tell(Toasts.Tone.PROBLEM, entry.row().email(), words.get(notDone, why));
    }

    private static RowStatus.Action offeredAfter(RowStatus.Action done) {
        return done == RowStatus.Action.REVOKE ? RowStatus.Action.UNDO : RowStatus.Action.REVOKE;
    }

    private void settled(Predicate<String> refs) {
        for (String ref : settling.stream().filter(refs).toList()) {
            settling.remove(ref);
            note(ref, null);
        }
    }

    private void note(String ref, @Nullable Note note) {
        if (note == null) {
            notes.remove(ref);
        } else {
            notes.put(ref, note);
        }
        notesRevision.set(notesRevision.get() + 1);
    }

    /** How many sessions "revoke all of this user" would end now, as far as the console knows. */
    long liveOf(String userId) {
        return model.sessions().liveOf(userId, model.nowProperty().get());
    }

    /**
     * Revokes every session the user has now; it cannot be undone.
     *
     * @param reason may be empty
     */
    void revokeAllOf(SessionRow ofUser, String reason) {
        Optional<TrustClient> client = model.client();
        if (client.isEmpty()) {
            return;
        }
        background
                .run(() -> client.get().revokeSessionsOf(ofUser.userId(), reason))
                .onDone(reply -> revokedAll(ofUser, reply))
                .onFailed(e -> toasts.tell(Toasts.Tone.PROBLEM, ofUser.email(), String.valueOf(e)));
    }

    private void revokedAll(SessionRow ofUser, Reply<Receipt> reply) {
        if (reply instanceof Reply.Done(Receipt receipt)) {
            toasts.tell(
                    Toasts.Tone.DONE,
                    words.count("sessions.revokeAll.done", receipt.sessions()),
                    words.get(
                            "sessions.revokeAll.proof",
                            ofUser.email(),
                            proof(receipt.nodes().size(), receipt.tookMicros())));
        } else {
            toasts.tell(
                    Toasts.Tone.PROBLEM,
                    ofUser.email(),
                    words.get("sessions.revokeAll.notDone", replies.why(reply)));
        }
    }
}
