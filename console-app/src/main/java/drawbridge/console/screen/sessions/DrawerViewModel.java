package drawbridge.console.screen.sessions;

import drawbridge.console.client.Reply;
import drawbridge.console.client.TrustClient;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.model.Loading;
import drawbridge.console.model.SessionEntry;
import drawbridge.console.screen.ReplyWords;
import drawbridge.console.ui.Background;
import drawbridge.console.ui.Later;
import drawbridge.console.ui.Words;
import drawbridge.model.view.Explanation;
import drawbridge.model.view.SessionDetail;
import drawbridge.model.view.SessionRow;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The drawer: one session in full, read again whenever an event was about it. */
public final class DrawerViewModel {
    /** However often a session is used, its detail is read at most this often. */
    private static final Duration LEAST_PAUSE = Duration.ofSeconds(1);

    private final ConsoleModel model;
    private final Background background;
    private final Later later;
    private final ReplyWords replies;
    private final ReadOnlyObjectWrapper<Optional<SessionEntry>> entry =
            new ReadOnlyObjectWrapper<>(this, "entry", Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<SessionDetail>> detail =
            new ReadOnlyObjectWrapper<>(this, "detail", Optional.empty());
    private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper(this, "problem", "");

    private boolean reading;
    private boolean resting;
    private boolean again;

    /** A drawer that is closed. */
    public DrawerViewModel(ConsoleModel model, Background background, Later later, Words words) {
        this.model = model;
        this.background = background;
        this.later = later;
        this.replies = new ReplyWords(words);
        model.onTouched(this::touched);
        model.loadingProperty().subscribe((before, now) -> loaded(now));
    }

    /** The session shown; empty while the drawer is closed. */
    public ReadOnlyObjectProperty<Optional<SessionEntry>> entryProperty() {
        return entry.getReadOnlyProperty();
    }

    /** All that is known of it; empty until it was read. */
    ReadOnlyObjectProperty<Optional<SessionDetail>> detailProperty() {
        return detail.getReadOnlyProperty();
    }

    /** Why the detail could not be read; empty when it could. */
    ReadOnlyStringProperty problemProperty() {
        return problem.getReadOnlyProperty();
    }

    /** Opens the drawer on that session. */
    public void open(SessionEntry session) {
        boolean same = entry.get().filter(session::equals).isPresent();
        if (!same) {
            detail.set(Optional.empty());
            problem.set("");
            model.sessions().pin(session);
            entry.set(Optional.of(session));
            read();
        }
    }

    /** Opens it on a session that may not be held. */
    void open(SessionRow row) {
        if (model.sessions().find(row.ref()).isEmpty()) {
            model.read(row);
        }
        model.sessions().find(row.ref()).ifPresent(this::open);
    }

    /** Closes it. */
    public void close() {
        model.sessions().pin(null);
        entry.set(Optional.empty());
        detail.set(Optional.empty());
        problem.set("");
    }

    /**
     * Asks why a call was decided as it was.
     *
     * @param failed hears why nobody can say
     */
    void explain(String requestId, Consumer<Explanation> told, Consumer<String> failed) {
        Optional<TrustClient> client = model.client();
        client.ifPresent(asked ->
                background
                        .run(() -> asked.revocations().explain(requestId))
                        .onDone(reply -> {
                            if (reply instanceof Reply.Done(Explanation explanation)) {
                                told.accept(explanation);
                            } else {
                                failed.accept(replies.whyUnread(reply));
                            }
                        })
                        .onFailed(e -> failed.accept(String.valueOf(e))));
    }

    /** Reads it again. */
    void refetch() {
        if (entry.get().isPresent()) {
            read();
        }
    }

    /** Of a server with very many sessions, this one may not have been among those read anew. */
    private void loaded(Loading loading) {
        if (loading.done() && !model.sessions().wholeProperty().get()) {
            refetch();
        }
    }

    private void touched(Predicate<String> refs) {
        if (entry.get().filter(session -> refs.test(session.ref())).isPresent()) {
            if (reading || resting) {
                again = true;
            } else {
                read();
            }
        }
    }

    private void read() {
        Optional<TrustClient> client = model.client();
        Optional<SessionEntry> wanted = entry.get();
        if (client.isEmpty() || wanted.isEmpty()) {
            return;
        }
        reading = true;
        again = false;
        SessionEntry session = wanted.get();
        background
                .run(() -> client.get().session(session.ref()))
                .onDone(reply -> answered(session, reply))
                .onFailed(_ -> reading = false);
    }

    private void answered(SessionEntry session, Reply<SessionDetail> reply) {
        reading = false;
        if (entry.get().filter(session::equals).isEmpty()) {
            return; // another session, or none, is shown by now
        }
        if (reply instanceof Reply.Done(SessionDetail told)) {
            problem.set("");
            model.read(told.session());
            detail.set(Optional.of(told));
        } else {
            problem.set(replies.whyUnread(reply));
        }
        resting = true;
        later.after(
                LEAST_PAUSE,
                () -> {
                    resting = false;
                    if (again) {
                        read();
                    }
                });
    }
}
