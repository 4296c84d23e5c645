package drawbridge.console.screen.server;

import drawbridge.console.client.Cancellation;
import drawbridge.console.client.Reply;
import drawbridge.console.client.TrustClient;
import drawbridge.console.client.UpkeepCalls;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.screen.FileKeeper;
import drawbridge.console.screen.FileKeeper.Kept;
import drawbridge.console.screen.ReplyWords;
import drawbridge.console.supervise.ServerCommands;
import drawbridge.console.supervise.ServerCommands.Outcome;
import drawbridge.console.supervise.ServerState;
import drawbridge.console.ui.Background;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.model.view.BackupRow;
import drawbridge.model.view.DiagnosticContents;
import drawbridge.model.view.Page;
import drawbridge.model.view.ServerInfo;
import drawbridge.model.view.ServerSnapshot;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Backups, restoring one, and diagnostics: one thing at a time, each with its progress. */
final class CareViewModel {
    /** What goes on. */
    enum Stage {
        IDLE,
        COPYING,
        FETCHING,
        COMPARING,
        STOPPING,
        RESTORING,
        STARTING,
        COLLECTING
    }

    /**
     * How far it is.
     *
     * @param share 0 to 1; below 0 when nobody knows
     * @param text what is done now
     */
    record Doing(Stage stage, double share, String text) {
        static final Doing NOTHING = new Doing(Stage.IDLE, 0, "");
    }

    /**
     * How it ended.
     *
     * @param good whether it did what was asked
     */
    record Ended(boolean good, String title, String text) {
        static final Ended NOT = new Ended(true, "", "");
    }

    private final ConsoleModel model;
    private final Background background;
    private final Executor paced;
    private final FileKeeper files;
    private final ReplyWords why;
    private final Words words;
    private final Formats formats;
    private final ObservableList<BackupRow> backups = FXCollections.observableArrayList();
    private final ObservableList<BackupRow> backupsReadOnly =
            FXCollections.unmodifiableObservableList(backups);
    private final ReadOnlyObjectWrapper<String> problem =
            new ReadOnlyObjectWrapper<>(this, "problem", "");
    private final ReadOnlyObjectWrapper<Doing> doing =
            new ReadOnlyObjectWrapper<>(this, "doing", Doing.NOTHING);
    private final ReadOnlyObjectWrapper<Ended> ended =
            new ReadOnlyObjectWrapper<>(this, "ended", Ended.NOT);
    private Cancellation cancellation = new Cancellation();
    private @Nullable Runnable whenState;

    /**
     * @param paced runs tasks on the FX thread, few at a time
     */
    CareViewModel(
            ConsoleModel model,
            Background background,
            Executor paced,
            FileKeeper files,
            Words words,
            Formats formats) {
        this.model = model;
        this.background = background;
        this.paced = paced;
        this.files = files;
        this.why = new ReplyWords(words);
        this.words = words;
        this.formats = formats;
        model.snapshotProperty()
                .addListener((property, before, after) -> {
                    if (after.isPresent()) {
                        read();
                    }
                });
        model.server()
                .stateProperty()
                .addListener((property, before, after) -> {
                    Runnable waiting = whenState;
                    if (waiting != null) {
                        waiting.run();
                    }
                });
    }

    ObservableList<BackupRow> backups() {
        return backupsReadOnly;
    }

    /** Why the list could not be read; empty when it could. */
    ReadOnlyObjectProperty<String> problemProperty() {
        return problem.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<Doing> doingProperty() {
        return doing.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<Ended> endedProperty() {
        return ended.getReadOnlyProperty();
    }

    private boolean isBusy() {
        return doing.get().stage() != Stage.IDLE;
    }

    private Optional<UpkeepCalls> calls() {
        return model.client().map(TrustClient::upkeep);
    }

    boolean canBackUp() {
        return !isBusy() && calls().isPresent();
    }

    /** Only where the data folder is on this machine. */
    boolean canRestore() {
        return !isBusy() && model.server().commands().isPresent();
    }

    boolean isHere() {
        return model.server().commands().isPresent();
    }

    boolean canDiagnose() {
        return !isBusy() && (calls().isPresent() || isHere());
    }

    private Optional<ServerInfo> info() {
        return model.snapshotProperty().get().map(ServerSnapshot::server);
    }

    /** The server's folder of backups, where it is on this machine. */
    Optional<Path> folder() {
        return isHere()
                ? info().map(server -> Path.of(server.dataDir()).resolve("backups"))
                : Optional.empty();
    }

    /** Whether other servers may use the same database. */
    boolean isShared() {
        return info().filter(server -> server.storage().equals("postgresql")).isPresent();
    }

    /** Reads the list anew. */
    void read() {
        calls().ifPresent(calls ->
                background
                        .run(calls::backups)
                        .onDone(reply -> {
                            if (reply instanceof Reply.Done<Page<BackupRow>>(var page)) {
                                backups.setAll(page.items());
                                problem.set("");
                            } else {
                                problem.set(why.whyUnread(reply));
                            }
                        }));
    }

    /** Ends what can be ended without harm. */
    void cancel() {
        cancellation.cancel();
    }

    boolean canCancel() {
        return doing.get().stage() == Stage.FETCHING;
    }

    /** Lets what ended be forgotten. */
    void dismiss() {
        ended.set(Ended.NOT);
    }

    // Backup

    /** Has the server copy its database, and brings the copy to that file, whole or not at all. */
    void backUp(Path to) {
        Optional<UpkeepCalls> calls = calls();
        if (calls.isEmpty() || isBusy()) {
            return;
        }
        Instant begun = begin(Stage.COPYING, words.get("care.copying"));
        background
                .run(calls.get()::backUp)
                .onDone(reply -> {
                    if (reply instanceof Reply.Done<BackupRow>(BackupRow made)) {
                        read();
                        fetch(calls.get(), made, to, begun);
                    } else {
                        failed("care.backup.failed", why.why(reply));
                    }
                })
                .onFailed(_ -> failed("care.backup.failed", words.get("reply.fault")));
    }

    private void fetch(UpkeepCalls calls, BackupRow made, Path to, Instant begun) {
        Cancellation mine = new Cancellation();
        cancellation = mine;
        step(Stage.FETCHING, 0, "");
        background
                .run(() ->
                        files.keep(
                                to,
                                made.sha256(),
                                out ->
                                        calls.fetch(
                                                made.name(),
                                                out,
                                                bytes -> paced.execute(() -> fetched(made, bytes)),
                                                mine),
                                () -> paced.execute(this::arrived)))
                .onDone(kept ->
                        kept(kept, to, "care.backup.failed", file -> verified(file, to, begun)))
                .onFailed(_ -> failed("care.backup.failed", words.get("reply.fault")));
    }

    private void verified(Kept.Whole file, Path to, Instant begun) {
        done(
                words.get("care.backup.done", to),
                words.get(
                        "care.backup.verified",
                        formats.bytes(file.bytes()),
                        formats.span(Duration.between(begun, model.nowProperty().get())),
                        file.sha256()));
    }

    /** What is paced may come after the end, which it must not undo. */
    private void arrived() {
        if (doing.get().stage() == Stage.FETCHING) {
            step(Stage.COMPARING, -1, words.get("care.comparing"));
        }
    }

    private void fetched(BackupRow made, long bytes) {
        if (doing.get().stage() == Stage.FETCHING) {
            step(
                    Stage.FETCHING,
                    made.bytes() == 0 ? -1 : (double) bytes / made.bytes(),
                    words.get("care.fetching", formats.bytes(bytes), formats.bytes(made.bytes())));
        }
    }

    // Restore

    /** Stops the server, puts a backup in its database's place, and starts it again. */
    void restore(Path from) {
        Optional<ServerCommands> commands = model.server().commands();
        if (commands.isEmpty() || isBusy()) {
            return;
        }
        Instant begun = begin(Stage.STOPPING, words.get("care.stopping"));
        whenState = () -> whenStopped(commands.get(), from, begun);
        switch (model.server().stateProperty().get()) {
            case ServerState.Waiting _ -> model.server().stopTrying();
            case ServerState.Stopped _, ServerState.Failed _ -> {}
            case ServerState.Running _, ServerState.Starting _, ServerState.Stopping _ ->
                    model.server().stop();
        }
        whenStopped(commands.get(), from, begun);
    }

    private void whenStopped(ServerCommands commands, Path from, Instant begun) {
        ServerState state = model.server().stateProperty().get();
        boolean isStopped =
                state instanceof ServerState.Stopped || state instanceof ServerState.Failed;
        if (!isStopped || doing.get().stage() != Stage.STOPPING) {
            return;
        }
        step(Stage.RESTORING, -1, words.get("care.restoring", from.getFileName()));
        background
                .run(() -> commands.restore(from))
                .onDone(outcome -> startAgain(outcome, from, begun))
                .onFailed(_ ->
                        startAgain(new Outcome.Refused(words.get("reply.fault")), from, begun));
    }

    private void startAgain(Outcome outcome, Path from, Instant begun) {
        step(Stage.STARTING, -1, words.get("care.starting"));
        whenState = () -> whenStarted(outcome, from, begun);
        model.server().start();
        if (model.server().stateProperty().get() instanceof ServerState.Running) {
            whenStarted(outcome, from, begun); // it runs already; a failure would be the old one
        }
    }

    private void whenStarted(Outcome outcome, Path from, Instant begun) {
        ServerState state = model.server().stateProperty().get();
        if (doing.get().stage() != Stage.STARTING
                || !(state instanceof ServerState.Running || state instanceof ServerState.Failed)) {
            return;
        }
        boolean isRunning = state instanceof ServerState.Running;
        String rest = isRunning ? "" : " " + words.get("care.notStarted");
        switch (outcome) {
            case Outcome.Done(String keptAs) ->
                    done(
                            words.get("care.restore.done", from.getFileName()),
                            words.get(
                                            "care.restore.after",
                                            formats.span(
                                                    Duration.between(
                                                            begun, model.nowProperty().get())),
                                            keptAs.isEmpty() ? "–" : keptAs)
                                    + rest);
            case Outcome.Refused(String reason) ->
                    failed("care.restore.failed", words.get("care.restore.refused", reason) + rest);
        }
    }

    // Diagnostics

    /**
     * What a bundle would hold, as a running server says; empty contents say why there are none.
     */
    void contents(Consumer<Reply<DiagnosticContents>> told) {
        calls().ifPresent(calls -> background.run(calls::diagnostics).onDone(told));
    }

    boolean isAnswering() {
        return calls().isPresent();
    }

    /** Saves a bundle, of the running server or else of its folder. */
    void saveDiagnostics(Path to) {
        if (!canDiagnose()) {
            return;
        }
        Instant _ = begin(Stage.COLLECTING, words.get("care.collecting"));
        Optional<UpkeepCalls> calls = calls();
        if (calls.isPresent()) {
            background
                    .run(() ->
                            files.keep(
                                    to,
                                    null,
                                    out -> calls.get().bundle(out, new Cancellation()),
                                    () -> {}))
                    .onDone(kept ->
                            kept(kept, to, "care.bundle.failed", file -> saved(to, file.bytes())))
                    .onFailed(_ -> failed("care.bundle.failed", words.get("reply.fault")));
            return;
        }
        ServerCommands commands = model.server().commands().orElseThrow();
        background
                .run(() -> commands.diagnose(to))
                .onDone(outcome -> {
                    switch (outcome) {
                        case Outcome.Done _ -> saved(to, files.size(to));
                        case Outcome.Refused(String reason) -> failed("care.bundle.failed", reason);
                    }
                })
                .onFailed(_ -> failed("care.bundle.failed", words.get("reply.fault")));
    }

    private void saved(Path to, long bytes) {
        done(
                words.get("care.bundle.done", to),
                words.get("care.bundle.after", formats.bytes(bytes)));
    }

    private Instant begin(Stage stage, String text) {
        ended.set(Ended.NOT);
        step(stage, -1, text);
        return model.nowProperty().get();
    }

    private void step(Stage stage, double share, String text) {
        doing.set(new Doing(stage, share, text));
    }

    /** What became of a file that was to be kept. */
    private void kept(Kept kept, Path to, String failedKey, Consumer<Kept.Whole> whole) {
        switch (kept) {
            case Kept.Whole file -> whole.accept(file);
            case Kept.Other _ -> failed(failedKey, words.get("care.notWhole", to));
            case Kept.NotAnswered(Reply<Long> reply) -> failed(failedKey, why.whyUnread(reply));
            case Kept.NotWritten(String reason) ->
                    failed(failedKey, words.get("care.notWritten", to, reason));
        }
    }

    private void done(String title, String text) {
        end(new Ended(true, title, text));
    }

    private void failed(String titleKey, String text) {
        end(new Ended(false, words.get(titleKey), text));
    }

    private void end(Ended how) {
        whenState = null;
        doing.set(Doing.NOTHING);
        ended.set(how);
    }
}
