package drawbridge.console.screen.threats;

import drawbridge.console.client.Reply;
import drawbridge.console.client.TrustClient;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.screen.ReplyWords;
import drawbridge.console.ui.Background;
import drawbridge.console.ui.Later;
import drawbridge.console.ui.Remembered;
import drawbridge.console.ui.Words;
import drawbridge.model.event.ServerEvent;
import drawbridge.model.event.ServerEvent.DrillProgressed;
import drawbridge.model.view.DrillMark;
import drawbridge.model.view.DrillReport;
import drawbridge.model.view.DrillResult;
import drawbridge.model.view.DrillRun;
import drawbridge.model.view.DrillRunRow;
import drawbridge.model.view.Page;
import drawbridge.model.view.TenantName;
import drawbridge.model.view.ThreatMatrix;
import drawbridge.model.view.ThreatRow;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyLongProperty;
import javafx.beans.property.ReadOnlyLongWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The threat matrix of one tenant, the run of drills that is under way, and what was found. */
public final class ThreatsViewModel {
    /** The rows, in the order of the server. */
    static final List<String> THREATS =
            List.of(
                    "token_theft",
                    "hijacking",
                    "revocation_window",
                    "brute_force",
                    "link_replay",
                    "cold_start",
                    "auth_bypass");

    private static final String TENANT = "threats.tenant";

    /** A run has megabytes of steps at most, and an event for each: it is not read for each. */
    private static final Duration LEAST_PAUSE = Duration.ofSeconds(1);

    /** Settings change elsewhere, and attacks come, without an event of their own. */
    private static final int LOOK_EVERY_SECONDS = 10;

    private static final int MOST_RUNS = 12;

    /**
     * A run that is under way.
     *
     * @param run its id
     * @param tenant for which tenant
     * @param drill the threat being played; null between two
     * @param steps how many steps that has taken
     * @param ended how many threats are over
     * @param drills how many there are
     */
    record Progress(
            String run, String tenant, @Nullable String drill, int steps, int ended, int drills) {}

    /**
     * How something ended that was asked for.
     *
     * @param outcome its colour and icon
     * @param text one or more sentences
     */
    record Notice(Outcome outcome, String text) {}

    private final ConsoleModel model;
    private final Background background;
    private final Later later;
    private final Remembered remembered;
    private final Words words;
    private final ReplyWords replies;
    private final ObservableList<TenantName> tenants = FXCollections.observableArrayList();
    private final ReadOnlyStringWrapper tenant;
    private final ReadOnlyObjectWrapper<Optional<ThreatMatrix>> matrix =
            new ReadOnlyObjectWrapper<>(this, "matrix", Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<DrillRunRow>> latest =
            new ReadOnlyObjectWrapper<>(this, "latest", Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<Progress>> progress =
            new ReadOnlyObjectWrapper<>(this, "progress", Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<Notice>> notice =
            new ReadOnlyObjectWrapper<>(this, "notice", Optional.empty());
    private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper(this, "problem", "");
    private final ReadOnlyStringWrapper opened = new ReadOnlyStringWrapper(this, "opened", "");
    private final ReadOnlyLongWrapper revision = new ReadOnlyLongWrapper(this, "revision", 0);
    private final ReadOnlyBooleanWrapper asking = new ReadOnlyBooleanWrapper(this, "asking", false);

    /** The runs that were read, the one asked for last at the end. */
    private final Map<String, DrillRun> runs = new LinkedHashMap<>();

    private boolean isShown;
    private int secondsSinceLook;
    private boolean readingRun;
    private boolean readAgain;

    /** A screen that has read nothing. */
    public ThreatsViewModel(
            ConsoleModel model,
            Background background,
            Later later,
            Remembered remembered,
            Words words) {
        this.model = model;
        this.background = background;
        this.later = later;
        this.remembered = remembered;
        this.words = words;
        this.replies = new ReplyWords(words);
        this.tenant =
                new ReadOnlyStringWrapper(
                        this, "tenant", remembered.find(TENANT).orElse("default"));
        model.onEvents(events -> {
            for (ServerEvent event : events) {
                if (event instanceof DrillProgressed progressed) {
                    progressed(progressed);
                }
            }
        });
        model.snapshotProperty()
                .addListener((property, before, after) -> {
                    if (isShown) {
                        look();
                    }
                });
        model.secondsProperty().addListener((property, before, after) -> second());
    }

    /** Those to choose among. */
    ObservableList<TenantName> tenants() {
        return tenants;
    }

    /** Whose matrix is shown. */
    ReadOnlyStringProperty tenantProperty() {
        return tenant.getReadOnlyProperty();
    }

    /** The matrix; empty before it was read. */
    ReadOnlyObjectProperty<Optional<ThreatMatrix>> matrixProperty() {
        return matrix.getReadOnlyProperty();
    }

    /** The last run for this tenant that is over; empty before the first. */
    ReadOnlyObjectProperty<Optional<DrillRunRow>> latestProperty() {
        return latest.getReadOnlyProperty();
    }

    /** The run that is under way, for whichever tenant; empty when none is. */
    ReadOnlyObjectProperty<Optional<Progress>> progressProperty() {
        return progress.getReadOnlyProperty();
    }

    /** How the last thing asked for ended; empty when there is nothing to say. */
    ReadOnlyObjectProperty<Optional<Notice>> noticeProperty() {
        return notice.getReadOnlyProperty();
    }

    /** Why the matrix could not be read; empty when it could. */
    ReadOnlyStringProperty problemProperty() {
        return problem.getReadOnlyProperty();
    }

    /** The threat whose steps are shown; empty for none. */
    ReadOnlyStringProperty openedProperty() {
        return opened.getReadOnlyProperty();
    }

    /** Grows whenever a run was read. */
    ReadOnlyLongProperty revisionProperty() {
        return revision.getReadOnlyProperty();
    }

    /** Whether a run is being asked for, and not answered yet. */
    ReadOnlyBooleanProperty askingProperty() {
        return asking.getReadOnlyProperty();
    }

    /** The row of that threat; empty before the matrix was read. */
    Optional<ThreatRow> row(String threat) {
        return matrix.get()
                .flatMap(read ->
                        read.rows().stream().filter(row -> row.id().equals(threat)).findFirst());
    }

    /** The last drill of that threat with its steps, or the one under way; empty when unread. */
    Optional<DrillResult> result(String threat) {
        return underWay(threat)
                .or(() ->
                        row(threat)
                                .flatMap(row -> Optional.ofNullable(row.lastDrill()))
                                .flatMap(mark -> resultIn(mark.run(), threat)));
    }

    private Optional<DrillResult> underWay(String threat) {
        return progress.get()
                .filter(now -> now.tenant().equals(tenant.get()))
                .flatMap(now -> resultIn(now.run(), threat))
                .filter(result -> !result.state().equals("waiting"));
    }

    /**
     * How that threat's last drill ended, be it in the run that is under way; empty without one.
     */
    Optional<DrillMark> lastDrill(String threat) {
        String run = progress.get().map(Progress::run).orElse("");
        return underWay(threat)
                .flatMap(result -> markOf(run, result))
                .or(() -> row(threat).flatMap(row -> Optional.ofNullable(row.lastDrill())));
    }

    private static Optional<DrillMark> markOf(String run, DrillResult result) {
        Instant at = result.endedAt();
        String outcome = result.outcome();
        return at == null || outcome == null
                ? Optional.empty()
                : Optional.of(new DrillMark(run, at, outcome));
    }

    private Optional<DrillResult> resultIn(String run, String threat) {
        return Optional.ofNullable(runs.get(run))
                .flatMap(read ->
                        read.drills().stream().filter(d -> d.id().equals(threat)).findFirst());
    }

    /** Whether that threat is being played for this tenant, or waits for its turn. */
    boolean isPlaying(String threat) {
        return progress.get()
                .filter(now -> now.tenant().equals(tenant.get()))
                .filter(now -> threat.equals(now.drill()))
                .isPresent();
    }

    /** Whether a run can be begun now. */
    boolean canRun() {
        return !model.readOnlyProperty().get() && progress.get().isEmpty() && !asking.get();
    }

    /** Looks again now, and from time to time from now on. */
    void shown() {
        isShown = true;
        look();
    }

    /** Nobody looks. */
    void hidden() {
        isShown = false;
    }

    private void second() {
        secondsSinceLook++;
        if (isShown && secondsSinceLook >= LOOK_EVERY_SECONDS && !model.staleProperty().get()) {
            readMatrix();
        }
    }

    /** Reads everything again. */
    void look() {
        Optional<TrustClient> client = model.client();
        if (client.isEmpty()) {
            return;
        }
        background.run(() -> client.get().routes().tenants()).onDone(this::tookTenants);
        readMatrix();
        progress.get().ifPresent(now -> readRun(now.run()));
    }

    private void tookTenants(Reply<Page<TenantName>> reply) {
        if (reply instanceof Reply.Done(Page<TenantName> page)) {
            List<TenantName> real =
                    page.items().stream().filter(each -> !isSandbox(each.id())).toList();
            if (!real.equals(tenants)) {
                tenants.setAll(real);
            }
        }
    }

    private boolean isSandbox(String id) {
        return runs.values().stream().anyMatch(run -> run.sandbox().equals(id));
    }

    private void readMatrix() {
        Optional<TrustClient> client = model.client();
        if (client.isEmpty()) {
            return;
        }
        secondsSinceLook = 0;
        String of = tenant.get();
        background
                .run(() -> client.get().drills().threats(of))
                .onDone(reply -> {
                    if (of.equals(tenant.get())) {
                        took(reply);
                    }
                });
        background
                .run(() -> client.get().drills().runs(of))
                .onDone(reply -> {
                    if (of.equals(tenant.get())
                            && reply instanceof Reply.Done(Page<DrillRunRow> page)) {
                        latest.set(
                                page.items().stream()
                                        .filter(run -> run.endedAt() != null)
                                        .findFirst());
                    }
                });
    }

    private void took(Reply<ThreatMatrix> reply) {
        if (!(reply instanceof Reply.Done(ThreatMatrix read))) {
            problem.set(replies.whyUnread(reply));
            return;
        }
        problem.set("");
        String running = read.running();
        matrix.set(Optional.of(read));
        Optional<Progress> known = progress.get();
        if (running != null && known.filter(now -> now.run().equals(running)).isEmpty()) {
            readRun(running); // begun elsewhere, or before this console looked
        } else if (running == null && known.isPresent()) {
            readRun(known.get().run()); // its end was missed
        }
        readOpened();
    }

    /** The steps of the threat that is open, unless they were read. */
    private void readOpened() {
        row(opened.get())
                .flatMap(row -> Optional.ofNullable(row.lastDrill()))
                .filter(mark -> !runs.containsKey(mark.run()))
                .ifPresent(mark -> readRun(mark.run()));
    }

    private void progressed(DrillProgressed event) {
        if (event.state().equals("running")) {
            progress.set(
                    Optional.of(
                            new Progress(
                                    event.run(),
                                    event.tenant(),
                                    "running".equals(event.drillState()) ? event.drill() : null,
                                    event.steps(),
                                    event.ended(),
                                    event.drills())));
        }
        if (isShown || !event.state().equals("running")) {
            readRun(event.run());
        }
        if (event.outcome() != null) {
            readMatrix();
        }
    }

    private void readRun(String id) {
        Optional<TrustClient> client = model.client();
        if (client.isEmpty()) {
            return;
        }
        if (readingRun) {
            readAgain = true;
            return;
        }
        readingRun = true;
        readAgain = false;
        background
                .run(() -> client.get().drills().run(id))
                .onDone(reply -> {
                    if (reply instanceof Reply.Done(DrillRun run)) {
                        took(run);
                    } else if (reply instanceof Reply.Rejected<?>) {
                        progress.set(progress.get().filter(now -> !now.run().equals(id)));
                    }
                    rest(id);
                })
                .onFailed(_ -> rest(id));
    }

    private void rest(String id) {
        later.after(
                LEAST_PAUSE,
                () -> {
                    readingRun = false;
                    if (readAgain) {
                        readRun(progress.get().map(Progress::run).orElse(id));
                    }
                    readOpened();
                });
    }

    private void took(DrillRun run) {
        runs.remove(run.id());
        runs.put(run.id(), run);
        while (runs.size() > MOST_RUNS) {
            runs.remove(runs.keySet().iterator().next());
        }
        tenants.removeIf(each -> each.id().equals(run.sandbox()));
        boolean underWay = run.state().equals("running");
        Optional<Progress> known = progress.get().filter(now -> now.run().equals(run.id()));
        if (underWay) {
            progress.set(Optional.of(progressOf(run)));
        } else if (known.isPresent()) {
            progress.set(Optional.empty());
            if (run.tenant().equals(tenant.get())) {
                notice.set(Optional.of(ended(run)));
            }
            readMatrix();
        }
        revision.set(revision.get() + 1);
    }

    private static Progress progressOf(DrillRun run) {
        Optional<DrillResult> playing =
                run.drills().stream().filter(each -> each.state().equals("running")).findFirst();
        int ended =
                (int)
                        run.drills().stream()
                                .filter(each -> !each.state().equals("running"))
                                .filter(each -> !each.state().equals("waiting"))
                                .count();
        return new Progress(
                run.id(),
                run.tenant(),
                playing.map(DrillResult::id).orElse(null),
                playing.map(each -> each.steps().size()).orElse(0),
                ended,
                run.drills().size());
    }

    /** How a run ended, and how that compares with the one before. */
    private Notice ended(DrillRun run) {
        return switch (run.state()) {
            case "ended" ->
                    new Notice(
                            Outcome.of(run.outcome()),
                            words.get(
                                    "threats.ended.run",
                                    words.count("threats.ended", run.drills().size()),
                                    words.oneOf(
                                            "threats.sentence", Outcome.of(run.outcome()).key()),
                                    compared(run)));
            case "cancelled" -> new Notice(Outcome.UNKNOWN, words.get("threats.ended.cancelled"));
            case "interrupted" -> new Notice(Outcome.WEAK, words.get("threats.ended.interrupted"));
            default -> new Notice(Outcome.WEAK, words.get("threats.ended.failed", run.why()));
        };
    }

    private String compared(DrillRun run) {
        Comparison found = Comparison.of(run);
        return found.isFirst()
                ? words.get("threats.compared.first")
                : words.get("threats.compared.counts", found.better(), found.worse(), found.same());
    }

    /** Shows that tenant's matrix. */
    void choose(String wanted) {
        if (!wanted.equals(tenant.get())) {
            remembered.put(TENANT, wanted);
            tenant.set(wanted);
            matrix.set(Optional.empty());
            latest.set(Optional.empty());
            notice.set(Optional.empty());
            problem.set("");
            readMatrix();
        }
    }

    /** Plays all threats. */
    void runAll() {
        begin(List.of());
    }

    /** Plays one. */
    void run(String threat) {
        begin(List.of(threat));
    }

    private void begin(List<String> drills) {
        Optional<TrustClient> client = model.client();
        if (client.isEmpty() || !canRun()) {
            return;
        }
        asking.set(true);
        notice.set(Optional.empty());
        String of = tenant.get();
        background
                .run(() -> client.get().drills().begin(of, drills))
                .onDone(reply -> {
                    asking.set(false);
                    if (reply instanceof Reply.Done(DrillRun run)) {
                        took(run);
                    } else {
                        notice.set(
                                Optional.of(
                                        new Notice(
                                                Outcome.WEAK,
                                                words.get(
                                                        "threats.run.failed",
                                                        replies.why(reply)))));
                        readMatrix(); // another run may be under way: then it is shown
                    }
                })
                .onFailed(_ -> asking.set(false));
    }

    /** Ends the run that is under way. */
    void cancel() {
        Optional<TrustClient> client = model.client();
        Optional<Progress> now = progress.get();
        if (client.isEmpty() || now.isEmpty()) {
            return;
        }
        String id = now.get().run();
        background
                .run(() -> client.get().drills().cancel(id))
                .onDone(reply -> {
                    if (reply instanceof Reply.Done(DrillRun run)) {
                        took(run);
                    } else {
                        notice.set(
                                Optional.of(
                                        new Notice(
                                                Outcome.WEAK,
                                                words.get(
                                                        "threats.cancel.failed",
                                                        replies.why(reply)))));
                    }
                });
    }

    /** Shows the steps of that threat; again, or nothing, closes them. */
    void open(String threat) {
        opened.set(threat.equals(opened.get()) ? "" : threat);
        readOpened();
    }

    /** Takes the notice away. */
    void dismiss() {
        notice.set(Optional.empty());
    }

    /**
     * Saves the report of the last run that is over.
     *
     * @param file where to
     * @param form as what
     * @param saved told when it is written
     * @param failed told why it is not
     */
    void save(
            Path file,
            ReportFile.Form form,
            ReportFile files,
            Runnable saved,
            Consumer<String> failed) {
        Optional<TrustClient> client = model.client();
        Optional<DrillRunRow> of = latest.get();
        if (client.isEmpty() || of.isEmpty()) {
            failed.accept(words.get("threats.save.away"));
            return;
        }
        String id = of.get().id();
        background
                .run(() -> {
                    Reply<DrillReport> report = client.get().drills().report(id);
                    if (!(report instanceof Reply.Done(DrillReport signed))) {
                        return replies.whyUnread(report);
                    }
                    if (form == ReportFile.Form.JSON) {
                        return files.write(file, signed);
                    }
                    Reply<DrillRun> run = client.get().drills().run(id);
                    return run instanceof Reply.Done(DrillRun read)
                            ? files.write(file, signed, read)
                            : replies.whyUnread(run);
                })
                .onDone(why -> {
                    if (why.isEmpty()) {
                        notice.set(
                                Optional.of(
                                        new Notice(
                                                Outcome.HOLDS,
                                                words.get("threats.saved", file.toString()))));
                        saved.run();
                    } else {
                        failed.accept(why);
                    }
                })
                .onFailed(e -> failed.accept(String.valueOf(e.getMessage())));
    }
}
