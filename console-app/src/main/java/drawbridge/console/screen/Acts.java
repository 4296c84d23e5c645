package drawbridge.console.screen;

import drawbridge.console.client.Reply;
import drawbridge.console.client.TrustClient;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.ui.Background;
import drawbridge.console.ui.Toasts;
import drawbridge.console.ui.Words;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** What a screen has the server do: one act at a time, and forms. Used on the FX thread. */
public final class Acts {
    private final ConsoleModel model;
    private final Background background;
    private final Words words;
    private final Toasts toasts;
    private final ReplyWords replies;
    private final ReadOnlyBooleanWrapper working =
            new ReadOnlyBooleanWrapper(this, "working", false);

    /** None is under way. */
    public Acts(ConsoleModel model, Background background, Words words, Toasts toasts) {
        this.model = model;
        this.background = background;
        this.words = words;
        this.toasts = toasts;
        this.replies = new ReplyWords(words);
    }

    /** Whether an answer to an act is awaited. */
    public ReadOnlyBooleanProperty workingProperty() {
        return working.getReadOnlyProperty();
    }

    /** Whether acts are possible; not while what is shown may be old, or the profile is locked. */
    public boolean arePossible() {
        return model.client().isPresent() && !model.readOnlyProperty().get() && !working.get();
    }

    /**
     * Has it done, unless another act is under way, and says so when it was not.
     *
     * @param about whom or what it is done to
     * @param notDone says that it was not done, for that reason
     */
    public <T> void act(
            String about,
            UnaryOperator<String> notDone,
            Function<TrustClient, Reply<T>> call,
            Consumer<T> done) {
        if (working.get()) {
            return;
        }
        Optional<TrustClient> client = model.client();
        if (client.isEmpty()) {
            toasts.tell(Toasts.Tone.PROBLEM, about, notDone.apply(words.get("reply.noServer")));
            return;
        }
        working.set(true);
        background
                .run(() -> call.apply(client.get()))
                .onDone(reply -> {
                    working.set(false);
                    if (reply instanceof Reply.Done<T>(T value)) {
                        done.accept(value);
                    } else {
                        toasts.tell(Toasts.Tone.PROBLEM, about, notDone.apply(replies.why(reply)));
                    }
                })
                .onFailed(_ -> {
                    working.set(false);
                    toasts.tell(Toasts.Tone.PROBLEM, about, words.get("reply.fault"));
                });
    }

    /**
     * Has done what a form asks for.
     *
     * @param ended told how it went, for the form
     */
    public <T> void form(
            Function<TrustClient, Reply<T>> call, Consumer<Asked> ended, Consumer<T> done) {
        Optional<TrustClient> client = model.client();
        if (client.isEmpty()) {
            ended.accept(new Asked.Badly("", words.get("reply.noServer")));
            return;
        }
        background
                .run(() -> call.apply(client.get()))
                .onDone(reply -> {
                    ended.accept(Asked.of(reply, replies));
                    if (reply instanceof Reply.Done<T>(T value)) {
                        done.accept(value);
                    }
                })
                .onFailed(_ -> ended.accept(new Asked.Badly("", words.get("reply.fault"))));
    }
}
