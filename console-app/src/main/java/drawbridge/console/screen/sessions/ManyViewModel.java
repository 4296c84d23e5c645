package drawbridge.console.screen.sessions;

import drawbridge.console.client.Reply;
import drawbridge.console.client.RevocationCalls;
import drawbridge.console.client.RevocationCalls.Which;
import drawbridge.console.client.TrustClient;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.model.SessionEntry;
import drawbridge.console.screen.FileKeeper;
import drawbridge.console.screen.FileKeeper.Kept;
import drawbridge.console.screen.ReplyWords;
import drawbridge.console.ui.Background;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Toasts;
import drawbridge.console.ui.Words;
import drawbridge.model.SessionState;
import drawbridge.model.view.Page;
import drawbridge.model.view.RevocationJob;
import drawbridge.model.view.SessionRow;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Many sessions at once: how many a filter finds and whose they are, all of them revoked as a job
 * of the server's, that job's progress, its cancel and its Undo; and all of them written to a file.
 */
public final class ManyViewModel {
    /** Above so many, their number is to be typed. */
    static final int MOST_UNTYPED = 100;

    /** So many can be named one by one. */
    static final int MOST_NAMED = 1_000;

    private static final int SAMPLE = 1_000;
    private static final int MOST_USERS = 4;

    private final ConsoleModel model;
    private final Background background;
    private final FileKeeper files;
    private final Words words;
    private final Formats formats;
    private final Toasts toasts;
    private final ReplyWords replies;
    private final ReadOnlyObjectWrapper<Optional<RevocationJob>> job =
            new ReadOnlyObjectWrapper<>(this, "job", Optional.empty());

    private boolean asking;
    private @Nullable String dismissed;

    /**
     * What a revocation would end.
     *
     * @param which what was asked for
     * @param count exactly how many live sessions, by the server's word
     * @param users how many users have them, as far as {@code isWhole}
     * @param isWhole whether all of them were looked at, not only the newest 1 000
     * @param whose the users with the most of them, as words
     */
    record Preview(Which which, long count, int users, boolean isWhole, List<String> whose) {
        Preview {
            whose = List.copyOf(whose);
        }
    }

    /** One that follows the model. */
    public ManyViewModel(
            ConsoleModel model,
            Background background,
            FileKeeper files,
            Words words,
            Formats formats,
            Toasts toasts) {
        this.model = model;
        this.background = background;
        this.files = files;
        this.words = words;
        this.formats = formats;
        this.toasts = toasts;
        this.replies = new ReplyWords(words);
        model.revocationProperty().subscribe(told -> told.ifPresent(this::told));
        model.secondsProperty().subscribe(_ -> look());
    }

    /** The job that is shown; empty when there is none, or nothing more can be done about it. */
    ReadOnlyObjectProperty<Optional<RevocationJob>> jobProperty() {
        return job.getReadOnlyProperty();
    }

    /** Asks how many live sessions a filter finds, or are named, and whose they are. */
    void preview(Which which, Consumer<Preview> found, Consumer<String> failed) {
        Optional<TrustClient> client = model.client();
        if (client.isEmpty()) {
            failed.accept(words.get("sessions.many.noServer"));
            return;
        }
        switch (which) {
            case Which.Named(List<String> refs) -> found.accept(ofNamed(refs));
            case Which.Matching(String filter) ->
                    background
                            .run(() -> client.get().sessions(liveOf(filter), SAMPLE, null))
                            .onDone(reply -> {
                                if (reply instanceof Reply.Done(Page<SessionRow> page)) {
                                    found.accept(of(which, page.items(), page.total()));
                                } else {
                                    failed.accept(replies.whyUnread(reply));
                                }
                            })
                            .onFailed(e -> failed.accept(String.valueOf(e)));
        }
    }

    /** The filter of the live ones among what a filter finds: what the server counts. */
    static String liveOf(String filter) {
        return (filter.strip() + " state:live").strip();
    }

    private Preview ofNamed(List<String> refs) {
        Instant now = model.nowProperty().get();
        List<SessionRow> live =
                refs.stream()
                        .flatMap(ref -> model.sessions().find(ref).stream())
                        .filter(entry -> entry.state(now) == SessionState.LIVE)
                        .map(SessionEntry::told)
                        .toList();
        return of(new Which.Named(live.stream().map(SessionRow::ref).toList()), live, live.size());
    }

    private Preview of(Which which, List<SessionRow> rows, long total) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        rows.forEach(row -> counts.merge(row.email(), 1, Integer::sum));
        List<Map.Entry<String, Integer>> most = new ArrayList<>(counts.entrySet());
        most.sort(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()));
        List<String> whose =
                most.stream()
                        .limit(MOST_USERS)
                        .map(user ->
                                words.get("sessions.many.user", user.getKey(), user.getValue()))
                        .toList();
        return new Preview(which, total, counts.size(), rows.size() == total, whose);
    }

    /**
     * Begins to revoke what was previewed.
     *
     * @param reason may be empty
     * @param begun hears that it is at work
     * @param failed hears why it is not
     */
    void begin(Preview of, String reason, Runnable begun, Consumer<String> failed) {
        call(
                calls -> calls.begin(of.which(), reason, of.count()),
                started -> {
                    dismissed = null;
                    told(started);
                    begun.run();
                },
                failed);
    }

    /** Stops the job before its next part. */
    void cancel() {
        job.get()
                .ifPresent(shown ->
                        call(
                                calls -> calls.cancel(shown.id()),
                                this::told,
                                why -> problem(shown, why)));
    }

    /** Restores all that the job has ended; nothing happens when it cannot be undone. */
    public boolean undo() {
        Optional<RevocationJob> undoable = job.get().filter(this::canBeUndone);
        undoable.ifPresent(shown ->
                call(calls -> calls.undo(shown.id()), this::told, why -> problem(shown, why)));
        return undoable.isPresent();
    }

    private void problem(RevocationJob shown, String why) {
        toasts.tell(Toasts.Tone.PROBLEM, title(shown), why);
    }

    /** Shows the job no longer. */
    void dismiss() {
        job.get().ifPresent(shown -> dismissed = shown.id() + shown.state());
        job.set(Optional.empty());
    }

    private void call(
            Function<RevocationCalls, Reply<RevocationJob>> what,
            Consumer<RevocationJob> done,
            Consumer<String> failed) {
        Optional<TrustClient> client = model.client();
        if (client.isEmpty()) {
            failed.accept(words.get("sessions.many.noServer"));
            return;
        }
        background
                .run(() -> what.apply(client.get().revocations()))
                .onDone(reply -> {
                    if (reply instanceof Reply.Done(RevocationJob told)) {
                        done.accept(told);
                    } else {
                        failed.accept(replies.why(reply));
                    }
                })
                .onFailed(e -> failed.accept(String.valueOf(e)));
    }

    private void told(RevocationJob now) {
        Optional<RevocationJob> before = job.get();
        boolean isNews =
                before.filter(old -> old.id().equals(now.id()) && old.state().equals(now.state()))
                        .isEmpty();
        if ((now.id() + now.state()).equals(dismissed)) {
            return;
        }
        boolean isOlder =
                before.filter(old -> old.id().equals(now.id()))
                        .filter(old ->
                                (phase(old) > phase(now) && !old.state().equals("failed"))
                                        || (phase(old) == phase(now)
                                                && old.ended() + old.restored()
                                                        > now.ended() + now.restored()))
                        .isPresent();
        if (isOlder) {
            return; // an answer that an event has overtaken
        }
        job.set(Optional.of(now));
        if (isNews && !now.isWorking()) {
            toasts.tell(
                    now.state().equals("failed") ? Toasts.Tone.PROBLEM : Toasts.Tone.DONE,
                    title(now),
                    now.problem().isEmpty() ? proof(now) : now.problem());
        }
    }

    /** How late in its life a job is; one that failed may be at either end. */
    private static int phase(RevocationJob shown) {
        return switch (shown.state()) {
            case "running" -> 0;
            case "restoring" -> 2;
            case "restored", "failed" -> 3;
            default -> 1;
        };
    }

    /** Events may be missed: while a job works it is asked for, too. */
    private void look() {
        Optional<RevocationJob> shown = job.get();
        if (shown.isEmpty()) {
            return;
        }
        if (!shown.get().isWorking() && !canBeUndone(shown.get())) {
            boolean isRead = shown.get().problem().isEmpty();
            if (isRead) {
                job.set(Optional.empty());
            }
            return;
        }
        if (shown.get().isWorking() && !asking) {
            asking = true;
            call(
                    calls -> calls.show(shown.get().id()),
                    now -> {
                        asking = false;
                        told(now);
                    },
                    _ -> asking = false);
        } else {
            job.set(Optional.of(shown.get())); // its words count seconds
        }
    }

    /** Whether what a job has ended can still be restored as a whole. */
    boolean canBeUndone(RevocationJob shown) {
        Instant until = shown.undoUntil();
        return !shown.isWorking() && until != null && model.nowProperty().get().isBefore(until);
    }

    /** How many seconds are left for that. */
    long undoSeconds(RevocationJob shown) {
        Instant until = shown.undoUntil();
        return until == null
                ? 0
                : Math.max(0, Duration.between(model.nowProperty().get(), until).toSeconds() + 1);
    }

    /** How far a job is, from 0 to 1. */
    static double progress(RevocationJob shown) {
        long of = shown.state().equals("restoring") ? shown.ended() : shown.total();
        long done =
                shown.state().equals("restoring")
                        ? shown.restored()
                        : shown.ended() + shown.passedOver();
        return of == 0 ? 1 : Math.min(1, (double) done / of);
    }

    /** How far a job is, or how it ended, in words. */
    String title(RevocationJob shown) {
        String ended = formats.number(shown.ended());
        String total = formats.number(shown.total());
        String restored = formats.number(shown.restored());
        return switch (shown.state()) {
            case "running" -> words.get("sessions.many.state.running", ended, total);
            case "done" -> words.get("sessions.many.state.done", ended, total);
            case "cancelled" -> words.get("sessions.many.state.cancelled", ended, total);
            case "restoring" -> words.get("sessions.many.state.restoring", restored, ended);
            case "restored" -> words.get("sessions.many.state.restored", restored, ended);
            default -> words.get("sessions.many.state.failed", ended, total);
        };
    }

    /** What is proven of it, in words; empty when nothing is, as of what is accepted again. */
    String proof(RevocationJob shown) {
        return shown.nodes() == 0 || phase(shown) == 2 || shown.state().equals("restored")
                ? ""
                : words.get(
                        "sessions.many.proof",
                        shown.nodes(),
                        shown.nodes(),
                        formats.took(shown.slowestMicros()));
    }

    private void exported(String name, Kept kept) {
        String why =
                switch (kept) {
                    case Kept.Whole(long bytes, var _) -> {
                        toasts.tell(
                                Toasts.Tone.DONE,
                                words.get("sessions.export.done", name),
                                words.get("sessions.export.size", formats.number(bytes)));
                        yield "";
                    }
                    case Kept.NotAnswered(Reply<Long> reply) -> replies.whyUnread(reply);
                    case Kept.NotWritten(String reason) -> reason;
                    case Kept.Other() ->
                            throw new IllegalStateException("nobody said what it must be");
                };
        if (!why.isEmpty()) {
            toasts.tell(Toasts.Tone.PROBLEM, words.get("sessions.export.notDone", name), why);
        }
    }

    /**
     * Writes all that the filter finds, live and ended, into a file that only its owner may read.
     */
    void export(String filter, String format, Path file) {
        Optional<TrustClient> client = model.client();
        String name = String.valueOf(file.getFileName());
        if (client.isEmpty()) {
            toasts.tell(Toasts.Tone.PROBLEM, name, words.get("sessions.many.noServer"));
            return;
        }
        background
                .run(() ->
                        files.keep(
                                file,
                                null,
                                to -> client.get().revocations().export(filter, format, to),
                                () -> {}))
                .onDone(kept -> exported(name, kept))
                .onFailed(e -> toasts.tell(Toasts.Tone.PROBLEM, name, String.valueOf(e)));
    }
}
