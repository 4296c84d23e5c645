package drawbridge.console.screen.audit;

import drawbridge.console.client.AuditCalls;
import drawbridge.console.client.Cancellation;
import drawbridge.console.client.Reply;
import drawbridge.console.client.TrustClient;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.screen.FileKeeper;
import drawbridge.console.screen.FileKeeper.Kept;
import drawbridge.console.screen.ReplyWords;
import drawbridge.console.ui.Background;
import drawbridge.console.ui.Later;
import drawbridge.console.ui.Words;
import drawbridge.console.witness.AuditWitness;
import drawbridge.model.filter.FilterProblem;
import drawbridge.model.view.AuditProgress;
import drawbridge.model.view.AuditReport;
import drawbridge.model.view.AuditRowView;
import drawbridge.model.view.Page;
import drawbridge.model.view.ServerInfo;
import drawbridge.model.view.ServerSnapshot;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** The audit page by page, and what was found when it was looked at as a whole. */
public final class AuditViewModel {
    private static final int PAGE = 200;
    private static final Duration TYPING = Duration.ofMillis(250);
    private static final int FOLLOW_SECONDS = 2;

    /**
     * The list as far as it was read.
     *
     * @param total how many rows match
     * @param more whether older ones can be read
     * @param reading whether an answer is awaited
     * @param problem why the last reading failed; empty when it did not
     */
    record Listing(long total, boolean more, boolean reading, String problem) {}

    /** Tells the newest of many values, and only as often as somebody can look. */
    private final class Latest<T> {
        private final AtomicReference<@Nullable T> newest = new AtomicReference<>();
        private final Consumer<T> told;

        Latest(Consumer<T> told) {
            this.told = told;
        }

        void tell(T value) {
            if (newest.getAndSet(value) == null) {
                paced.execute(() -> {
                    T taken = newest.getAndSet(null);
                    if (taken != null) {
                        told.accept(taken);
                    }
                });
            }
        }
    }

    /** What goes on with the audit as a whole. */
    sealed interface Work {
        /** Nothing, and nothing was asked. */
        record None() implements Work {}

        /** It is looked at. */
        record Verifying(long rows, long of) implements Work {}

        /** It was looked at. */
        record Verified(AuditReport report, Instant at) implements Work {}

        /** It is written to a file. */
        record Exporting(long bytes) implements Work {}

        /** It was written to a file. */
        record Exported(Path file, long bytes) implements Work {}

        /**
         * It was not done.
         *
         * @param exporting whether it was to be written, not to be looked at
         */
        record Failed(boolean exporting, String why) implements Work {}
    }

    private final ConsoleModel model;
    private final Background background;
    private final Executor paced;
    private final Later later;
    private final AuditWitness witness;
    private final FileKeeper files;
    private final Words words;
    private final ReplyWords replies;
    private final StringProperty filterText = new SimpleStringProperty(this, "filterText", "");
    private final BooleanProperty following = new SimpleBooleanProperty(this, "following", true);
    private final ObservableList<AuditRowView> rows = FXCollections.observableArrayList();
    private final ReadOnlyObjectWrapper<Optional<FilterProblem>> problem =
            new ReadOnlyObjectWrapper<>(this, "problem", Optional.empty());
    private final ReadOnlyObjectWrapper<Listing> listing =
            new ReadOnlyObjectWrapper<>(this, "listing", new Listing(0, false, false, ""));
    private final ReadOnlyObjectWrapper<Work> work =
            new ReadOnlyObjectWrapper<>(this, "work", new Work.None());

    private AuditCalls.Wanted wanted = AuditCalls.Wanted.ALL;
    private boolean shown;
    private boolean stale = true;
    private long asked;
    private @Nullable String next;
    private Later.@Nullable Pending typing;
    private @Nullable Cancellation cancellation;

    /**
     * A list that is empty until it is shown.
     *
     * @param paced runs what comes often, at most a few times a second, on the FX thread
     */
    public AuditViewModel(
            ConsoleModel model,
            Background background,
            Executor paced,
            Later later,
            AuditWitness witness,
            FileKeeper files,
            Words words) {
        this.model = model;
        this.background = background;
        this.paced = paced;
        this.later = later;
        this.witness = witness;
        this.files = files;
        this.words = words;
        this.replies = new ReplyWords(words);
        filterText.addListener((property, before, after) -> typed());
        following.addListener((property, before, after) -> follow());
        model.secondsProperty().addListener((property, before, after) -> second(after));
        model.snapshotProperty()
                .addListener((property, before, after) -> {
                    stale = true;
                    if (isAnother(before, after)
                            && work.get() instanceof Work.Verified(AuditReport report, var _)
                            && report.sound()) {
                        work.set(new Work.None()); // what was whole then need not be now
                    }
                    if (shown) {
                        reload();
                    }
                });
    }

    /** Whether the server was started since. */
    private static boolean isAnother(
            Optional<ServerSnapshot> before, Optional<ServerSnapshot> after) {
        return !before.map(ServerSnapshot::server)
                .map(ServerInfo::startedAt)
                .equals(after.map(ServerSnapshot::server).map(ServerInfo::startedAt));
    }

    /** The line that says which rows are wanted. */
    StringProperty filterTextProperty() {
        return filterText;
    }

    /** Whether new rows come by themselves. */
    BooleanProperty followingProperty() {
        return following;
    }

    /** The rows, newest first. */
    ObservableList<AuditRowView> rows() {
        return rows;
    }

    /** What is wrong with the filter line. */
    ReadOnlyObjectProperty<Optional<FilterProblem>> problemProperty() {
        return problem.getReadOnlyProperty();
    }

    /** How far the rows have been read. */
    ReadOnlyObjectProperty<Listing> listingProperty() {
        return listing.getReadOnlyProperty();
    }

    /** What goes on with the audit as a whole. */
    ReadOnlyObjectProperty<Work> workProperty() {
        return work.getReadOnlyProperty();
    }

    /** What this console witnessed. */
    ReadOnlyObjectProperty<AuditWitness.State> witnessProperty() {
        return witness.stateProperty();
    }

    /** Whether somebody looks. */
    void setShown(boolean nowShown) {
        shown = nowShown;
        if (shown && stale) {
            reload();
        }
    }

    /** Shows what that filter finds. */
    public void find(String filter) {
        filterText.set(filter);
        search();
    }

    private void typed() {
        if (typing != null) {
            typing.cancel();
        }
        typing = later.after(TYPING, this::search);
    }

    private void search() {
        if (typing != null) {
            typing.cancel();
            typing = null;
        }
        AuditQuery query = AuditQuery.of(filterText.get(), model.nowProperty().get(), words);
        problem.set(query.problem());
        if (query.problem().isEmpty()) {
            wanted = query.wanted();
            reload();
        }
    }

    private void follow() {
        if (following.get() && shown) {
            reload();
        }
    }

    private void second(Instant at) {
        boolean isTime = at.getEpochSecond() % FOLLOW_SECONDS == 0;
        boolean calm = !listing.get().reading() && !model.staleProperty().get();
        if (shown && following.get() && isTime && calm && problem.get().isEmpty()) {
            read(null, true);
        }
    }

    /** Reads the newest rows again. */
    void reload() {
        read(null, false);
    }

    /** Reads older rows. */
    void readMore() {
        if (next != null && !listing.get().reading()) {
            read(next, false);
        }
    }

    private void read(@Nullable String after, boolean quietly) {
        Optional<TrustClient> client = model.client();
        if (client.isEmpty()) {
            return;
        }
        asked++;
        long question = asked;
        AuditCalls audit = client.get().audit();
        AuditCalls.Wanted ask = wanted;
        Listing before = listing.get();
        if (!quietly) {
            listing.set(new Listing(before.total(), before.more(), true, before.problem()));
        }
        background
                .run(() -> audit.rows(ask, PAGE, after))
                .onDone(reply -> {
                    if (asked == question) {
                        took(reply, after != null);
                    }
                })
                .onFailed(_ -> {
                    if (asked == question) {
                        listing.set(before);
                    }
                });
    }

    private void took(Reply<Page<AuditRowView>> reply, boolean older) {
        if (!(reply instanceof Reply.Done(Page<AuditRowView> page))) {
            Listing before = listing.get();
            listing.set(
                    new Listing(before.total(), before.more(), false, replies.whyUnread(reply)));
            return;
        }
        stale = false;
        if (older) {
            rows.addAll(page.items());
            next = page.next();
        } else {
            takeNewest(page);
        }
        listing.set(new Listing(page.total(), next != null, false, ""));
    }

    /** Puts what is new above, so that what somebody reads stays where it is. */
    private void takeNewest(Page<AuditRowView> page) {
        List<AuditRowView> fresh = page.items();
        int known = rows.isEmpty() ? -1 : fresh.indexOf(rows.getFirst());
        boolean sameQuestion =
                known >= 0
                        && rows.size() >= fresh.size() - known
                        && rows.subList(0, fresh.size() - known)
                                .equals(fresh.subList(known, fresh.size()));
        if (sameQuestion) {
            if (known > 0) {
                rows.addAll(0, fresh.subList(0, known));
            }
        } else {
            rows.setAll(fresh);
            next = page.next();
        }
    }

    /** Looks at every chain, row by row. */
    void verify() {
        Optional<TrustClient> client = model.client();
        if (client.isEmpty() || isWorking()) {
            return;
        }
        Cancellation wish = new Cancellation();
        cancellation = wish;
        work.set(new Work.Verifying(0, 0));
        AuditCalls audit = client.get().audit();
        Latest<AuditProgress> reached = new Latest<>(progress -> reached(wish, progress));
        background
                .run(() -> audit.verify(reached::tell, wish))
                .onDone(reply -> {
                    if (wish.isCancelled()) {
                        work.set(new Work.None());
                    } else if (reply instanceof Reply.Done(AuditReport report)) {
                        work.set(new Work.Verified(report, model.nowProperty().get()));
                    } else {
                        work.set(new Work.Failed(false, replies.whyUnread(reply)));
                    }
                })
                .onFailed(e -> work.set(new Work.Failed(false, String.valueOf(e.getMessage()))));
        witness.compare();
    }

    private void reached(Cancellation wish, AuditProgress progress) {
        if (work.get() instanceof Work.Verifying && wish.equals(cancellation)) {
            work.set(new Work.Verifying(progress.rows(), progress.of()));
        }
    }

    /** Whether something goes on that takes long. */
    private boolean isWorking() {
        return work.get() instanceof Work.Verifying || work.get() instanceof Work.Exporting;
    }

    /** Gives up what goes on. */
    void cancel() {
        if (cancellation != null) {
            cancellation.cancel();
        }
    }

    /** Writes the whole audit to a new file. */
    void export(Path file) {
        Optional<TrustClient> client = model.client();
        if (client.isEmpty() || isWorking()) {
            return;
        }
        Cancellation wish = new Cancellation();
        cancellation = wish;
        work.set(new Work.Exporting(0));
        String tenant = wanted.tenant();
        AuditCalls audit = client.get().audit();
        Latest<Long> reached = new Latest<>(bytes -> reached(wish, bytes));
        background
                .run(() ->
                        files.keep(
                                file,
                                null,
                                out -> audit.export(tenant, out, reached::tell, wish),
                                () -> {}))
                .onDone(kept -> work.set(wish.isCancelled() ? new Work.None() : ended(file, kept)))
                .onFailed(e -> work.set(new Work.Failed(true, String.valueOf(e.getMessage()))));
    }

    private Work ended(Path file, Kept kept) {
        return switch (kept) {
            case Kept.Whole(long bytes, _) -> new Work.Exported(file, bytes);
            case Kept.NotAnswered(Reply<Long> reply) ->
                    new Work.Failed(true, replies.whyUnread(reply));
            case Kept.NotWritten(String why) ->
                    new Work.Failed(true, words.get("audit.export.unwritable", file, why));
            case Kept.Other() ->
                    throw new IllegalStateException("nothing was said of what it must be");
        };
    }

    private void reached(Cancellation wish, long bytes) {
        if (work.get() instanceof Work.Exporting && wish.equals(cancellation)) {
            work.set(new Work.Exporting(bytes));
        }
    }

    /** Takes the result of the last work away. */
    void dismiss() {
        if (!isWorking()) {
            work.set(new Work.None());
        }
    }

    /** Believes the chain as it is shown now. */
    void beginWitnessAnew() {
        witness.beginAnew();
    }
}
