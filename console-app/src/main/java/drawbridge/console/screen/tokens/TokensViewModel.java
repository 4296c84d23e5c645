package drawbridge.console.screen.tokens;

import drawbridge.console.client.Reply;
import drawbridge.console.client.TokenCalls;
import drawbridge.console.client.TokenCalls.Issued;
import drawbridge.console.client.TokenCalls.Revoked;
import drawbridge.console.client.TokenCalls.Wanted;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.screen.Acts;
import drawbridge.console.screen.Asked;
import drawbridge.console.screen.FilterWords;
import drawbridge.console.screen.PagedList;
import drawbridge.console.screen.ReplyWords;
import drawbridge.console.ui.Background;
import drawbridge.console.ui.Later;
import drawbridge.console.ui.Toasts;
import drawbridge.console.ui.Words;
import drawbridge.model.Secret;
import drawbridge.model.filter.FilterProblem;
import drawbridge.model.view.OutboxMail;
import drawbridge.model.view.Page;
import drawbridge.model.view.TokenInspection;
import drawbridge.model.view.TrustTokenRow;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;

/** The trust tokens that are wanted, the mails, and what is done to them. */
public final class TokensViewModel {
    /** The keys of the filter line. */
    static final List<String> KEYS = List.of("user", "tenant");

    /** Stands for every kind, and for every state. */
    static final String ANY = "any";

    static final List<String> KINDS =
            List.of("email_verify", "password_reset", "magic_link", "invite");

    static final List<String> STATES = List.of("open", "spent", "expired", "revoked", "superseded");

    static final List<String> MAIL_STATES = List.of("kept", "waiting", "failed", "sent");

    private static final Duration TYPING = Duration.ofMillis(250);

    /** What was found out of a pasted token. */
    sealed interface Inspected {
        /** Nothing was asked. */
        record None() implements Inspected {}

        /** The answer is awaited. */
        record Asking() implements Inspected {}

        /** It was judged. */
        record Judged(TokenInspection found) implements Inspected {}

        /** It was not. */
        record Failed(String why) implements Inspected {}
    }

    private final ConsoleModel model;
    private final Background background;
    private final Later later;
    private final Words words;
    private final Toasts toasts;
    private final ReplyWords replies;
    private final Acts acts;
    private final PagedList<TrustTokenRow> list;
    private final PagedList<OutboxMail> outbox;
    private final StringProperty filterText = new SimpleStringProperty(this, "filterText", "");
    private final ObjectProperty<String> kind = new SimpleObjectProperty<>(this, "kind", ANY);
    private final ObjectProperty<String> state = new SimpleObjectProperty<>(this, "state", ANY);
    private final ObjectProperty<String> mailState =
            new SimpleObjectProperty<>(this, "mailState", ANY);
    private final ReadOnlyObjectWrapper<Optional<FilterProblem>> problem =
            new ReadOnlyObjectWrapper<>(this, "problem", Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<TrustTokenRow>> open =
            new ReadOnlyObjectWrapper<>(this, "open", Optional.empty());
    private final ReadOnlyObjectWrapper<Inspected> inspected =
            new ReadOnlyObjectWrapper<>(this, "inspected", new Inspected.None());
    private Wanted wanted = new Wanted(null, null, null, null, null);
    private Later.@Nullable Pending typing;

    /** Lists that are read once they are shown. */
    public TokensViewModel(
            ConsoleModel model, Background background, Later later, Words words, Toasts toasts) {
        this.model = model;
        this.background = background;
        this.later = later;
        this.words = words;
        this.toasts = toasts;
        this.replies = new ReplyWords(words);
        this.acts = new Acts(model, background, words, toasts);
        this.list = new PagedList<>(model, background, words, question(wanted));
        this.outbox = new PagedList<>(model, background, words, mails(null));
        filterText.addListener((property, before, after) -> typed());
        kind.addListener((property, before, after) -> search());
        state.addListener((property, before, after) -> search());
        mailState.addListener((property, before, after) -> outbox.ask(mails(chosen(after))));
        list.listingProperty().addListener((property, before, after) -> lookAgain());
    }

    private static PagedList.Question<TrustTokenRow> question(Wanted asked) {
        return (client, limit, after) -> client.tokens().tokens(asked, limit, after);
    }

    private static PagedList.Question<OutboxMail> mails(@Nullable String inState) {
        return (client, limit, after) -> client.tokens().outbox(inState, limit, after);
    }

    private static @Nullable String chosen(String value) {
        return value.equals(ANY) ? null : value;
    }

    /** The tokens that were found. */
    PagedList<TrustTokenRow> list() {
        return list;
    }

    /** The mails. */
    PagedList<OutboxMail> outbox() {
        return outbox;
    }

    /** The line that says which tokens are wanted; read 250 ms after the last key. */
    StringProperty filterTextProperty() {
        return filterText;
    }

    /** The kind that is wanted, or {@link #ANY}. */
    ObjectProperty<String> kindProperty() {
        return kind;
    }

    /** The state that is wanted, or {@link #ANY}. */
    ObjectProperty<String> stateProperty() {
        return state;
    }

    /** The state of mails that is wanted, or {@link #ANY}. */
    ObjectProperty<String> mailStateProperty() {
        return mailState;
    }

    /** What is wrong with the filter line. */
    ReadOnlyObjectProperty<Optional<FilterProblem>> problemProperty() {
        return problem.getReadOnlyProperty();
    }

    /** The token that is looked at. */
    ReadOnlyObjectProperty<Optional<TrustTokenRow>> openProperty() {
        return open.getReadOnlyProperty();
    }

    /** What was found out of the token that was pasted last. */
    ReadOnlyObjectProperty<Inspected> inspectedProperty() {
        return inspected.getReadOnlyProperty();
    }

    /** Whether an answer to an action is awaited. */
    ReadOnlyBooleanProperty workingProperty() {
        return acts.workingProperty();
    }

    /** Whether actions are possible; not while what is shown may be old. */
    boolean canAct() {
        return acts.arePossible();
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
        FilterWords line = FilterWords.of(filterText.get(), KEYS, words);
        problem.set(line.problem());
        if (line.problem().isEmpty()) {
            wanted =
                    new Wanted(
                            line.text().isEmpty() ? null : line.text(),
                            line.values().get("tenant"),
                            chosen(kind.get()),
                            line.values().get("user"),
                            chosen(state.get()));
            list.ask(question(wanted));
        }
    }

    /** Shows what that line finds, of every kind and state. */
    void find(String line) {
        filterText.set(line);
        kind.set(ANY);
        state.set(ANY);
        search();
    }

    /** Looks at a token. */
    void open(TrustTokenRow row) {
        open.set(Optional.of(row));
    }

    /** Looks at none. */
    void close() {
        open.set(Optional.empty());
    }

    private void lookAgain() {
        open.get()
                .flatMap(shown ->
                        list.rows().stream().filter(row -> row.id().equals(shown.id())).findFirst())
                .ifPresent(row -> open.set(Optional.of(row)));
    }

    private Optional<TokenCalls> calls() {
        return model.client().map(client -> client.tokens());
    }

    /**
     * Issues a token.
     *
     * @param shown gets what is not mailed, and closes its link
     */
    void issue(TokenCalls.Wish wish, Consumer<Asked> ended, Consumer<Issued> shown) {
        acts.form(
                client -> client.tokens().issue(wish),
                ended,
                issued -> {
                    list.reread();
                    outbox.reread();
                    if (issued.mailed()) {
                        issued.link().close();
                        toasts.tell(
                                Toasts.Tone.DONE,
                                words.get("tokens.done.mailed", issued.email()),
                                words.get("tokens.done.mailedText"));
                    } else {
                        shown.accept(issued);
                    }
                });
    }

    /** Ends a token that nobody has used. */
    void revoke(TrustTokenRow row, String reason) {
        act(
                row.email(),
                calls -> calls.revoke(row.id(), reason),
                now -> {
                    if (open.get().filter(shown -> shown.id().equals(now.id())).isPresent()) {
                        open.set(Optional.of(now));
                    }
                    list.reread();
                    toasts.tell(
                            Toasts.Tone.DONE,
                            words.get("tokens.done.revoked"),
                            words.get("tokens.done.revokedText", row.email()));
                });
    }

    /** Which tokens "revoke all" is about; empty when the list is not chosen by kind or user. */
    Optional<Wanted> revocable() {
        boolean isNamed = wanted.purpose() != null || wanted.user() != null;
        return isNamed && wanted.text() == null && problem.get().isEmpty()
                ? Optional.of(wanted)
                : Optional.empty();
    }

    /** Asks how many open tokens there are of those. */
    void countOpen(Wanted of, LongConsumer counted) {
        Wanted ask = new Wanted(null, of.tenant(), of.purpose(), of.user(), "open");
        act(
                words.get("tokens.revokeAll"),
                calls -> calls.tokens(ask, 1, null),
                (Page<TrustTokenRow> page) -> counted.accept(page.total()));
    }

    /** Ends the open tokens of those. */
    void revokeAll(Wanted of, String reason) {
        act(
                words.get("tokens.revokeAll"),
                calls -> calls.revokeAll(of.tenant(), of.purpose(), of.user(), reason),
                (Revoked done) -> {
                    list.reread();
                    toasts.tell(
                            Toasts.Tone.DONE,
                            words.count("tokens.done.revokedAll", done.revoked()),
                            words.get("tokens.done.revokedAllText"));
                });
    }

    /** Tries to hand a mail over again. */
    void retry(OutboxMail mail) {
        act(mail.recipient(), calls -> calls.retry(mail.id()), _ -> outbox.reread());
    }

    private <T> void act(String about, Function<TokenCalls, Reply<T>> call, Consumer<T> done) {
        acts.act(
                about,
                why -> words.get("tokens.not.done", why),
                client -> call.apply(client.tokens()),
                done);
    }

    /**
     * Has a token judged layer by layer; consumes nothing.
     *
     * @param token wiped before this has its answer
     */
    void inspect(Secret token, String tenant) {
        Optional<TokenCalls> calls = calls();
        if (calls.isEmpty()) {
            token.close();
            inspected.set(new Inspected.Failed(words.get("reply.noServer")));
            return;
        }
        inspected.set(new Inspected.Asking());
        background
                .run(() -> {
                    try (token) {
                        return calls.get().inspect(token, tenant);
                    }
                })
                .onDone(reply ->
                        inspected.set(
                                reply instanceof Reply.Done(TokenInspection found)
                                        ? new Inspected.Judged(found)
                                        : new Inspected.Failed(replies.whyUnread(reply))))
                .onFailed(_ -> inspected.set(new Inspected.Failed(words.get("reply.fault"))));
    }
}
