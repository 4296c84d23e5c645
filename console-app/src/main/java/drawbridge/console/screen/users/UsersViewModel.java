package drawbridge.console.screen.users;

import drawbridge.console.client.Reply;
import drawbridge.console.client.TokenCalls;
import drawbridge.console.client.TrustClient;
import drawbridge.console.client.UserCalls;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.screen.Acts;
import drawbridge.console.screen.Asked;
import drawbridge.console.screen.FilterWords;
import drawbridge.console.screen.PagedList;
import drawbridge.console.ui.Background;
import drawbridge.console.ui.Later;
import drawbridge.console.ui.Toasts;
import drawbridge.console.ui.Words;
import drawbridge.model.filter.FilterProblem;
import drawbridge.model.view.UserRow;

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
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** The accounts that are wanted, the one that is looked at, and what is done to them. */
public final class UsersViewModel {
    /** The keys of the filter line. */
    static final List<String> KEYS = List.of("tenant");

    private static final Duration TYPING = Duration.ofMillis(250);

    /** Whom the list shows. */
    enum Standing {
        ALL,
        ACTIVE,
        LOCKED,
        UNVERIFIED;

        private @Nullable String onWire() {
            return this == ALL ? null : name().toLowerCase(Locale.ROOT);
        }
    }

    private final Later later;
    private final Words words;
    private final Toasts toasts;
    private final Acts acts;
    private final PagedList<UserRow> list;
    private final StringProperty filterText = new SimpleStringProperty(this, "filterText", "");
    private final ObjectProperty<Standing> standing =
            new SimpleObjectProperty<>(this, "standing", Standing.ALL);
    private final ReadOnlyObjectWrapper<Optional<FilterProblem>> problem =
            new ReadOnlyObjectWrapper<>(this, "problem", Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<UserRow>> open =
            new ReadOnlyObjectWrapper<>(this, "open", Optional.empty());
    private Later.@Nullable Pending typing;

    /** A list that is read once it is shown. */
    public UsersViewModel(
            ConsoleModel model, Background background, Later later, Words words, Toasts toasts) {
        this.later = later;
        this.words = words;
        this.toasts = toasts;
        this.acts = new Acts(model, background, words, toasts);
        this.list = new PagedList<>(model, background, words, question("", null, Standing.ALL));
        filterText.addListener((property, before, after) -> typed());
        standing.addListener((property, before, after) -> search());
        list.listingProperty().addListener((property, before, after) -> lookAgain());
    }

    private static PagedList.Question<UserRow> question(
            String text, @Nullable String tenant, Standing standing) {
        UserCalls.Wanted wanted = new UserCalls.Wanted(text, tenant, standing.onWire());
        return (client, limit, after) -> client.users().users(wanted, limit, after);
    }

    /** The accounts that were found. */
    PagedList<UserRow> list() {
        return list;
    }

    /** The line that says which are wanted; read 250 ms after the last key. */
    StringProperty filterTextProperty() {
        return filterText;
    }

    /** How they shall stand. */
    ObjectProperty<Standing> standingProperty() {
        return standing;
    }

    /** What is wrong with the filter line. */
    ReadOnlyObjectProperty<Optional<FilterProblem>> problemProperty() {
        return problem.getReadOnlyProperty();
    }

    /** The account that is looked at. */
    ReadOnlyObjectProperty<Optional<UserRow>> openProperty() {
        return open.getReadOnlyProperty();
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
            list.ask(question(line.text(), line.values().get("tenant"), standing.get()));
        }
    }

    /** Shows who is found by that line, however they stand. */
    public void find(String line) {
        filterText.set(line);
        standing.set(Standing.ALL);
        search();
    }

    /** Shows those who cannot log in. */
    void findLocked() {
        filterText.set("");
        standing.set(Standing.LOCKED);
        search();
    }

    /** Looks at an account. */
    void open(UserRow row) {
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

    /** Ends the account's sessions and lets none begin. */
    void lock(UserRow row, String reason) {
        act(
                row,
                "users.not.locked",
                client -> client.users().lock(row.id(), reason),
                now -> {
                    took(now);
                    toasts.tell(
                            Toasts.Tone.DONE,
                            words.get("users.done.locked", row.email()),
                            words.get("users.done.lockedText"));
                });
    }

    /** Lets its owner log in again, from any device. */
    void unlock(UserRow row) {
        act(
                row,
                "users.not.unlocked",
                client -> client.users().unlock(row.id()),
                now -> {
                    took(now);
                    toasts.tell(
                            Toasts.Tone.DONE,
                            words.get("users.done.unlocked", row.email()),
                            words.get("users.done.unlockedText"));
                });
    }

    /**
     * Mails the owner a link.
     *
     * @param purpose what it is for
     */
    void mail(UserRow row, String purpose) {
        TokenCalls.Wish wish =
                new TokenCalls.Wish(row.tenant(), purpose, null, row.id(), null, null, true);
        act(
                row,
                "users.not.mailed",
                client -> client.tokens().issue(wish),
                issued -> {
                    issued.link().close(); // it goes by mail; nobody here needs it
                    toasts.tell(
                            Toasts.Tone.DONE,
                            words.get("users.done.mailed", row.email()),
                            words.get("users.done.mailedText"));
                });
    }

    private void took(UserRow now) {
        if (open.get().filter(shown -> shown.id().equals(now.id())).isPresent()) {
            open.set(Optional.of(now));
        }
        list.reread();
    }

    private <T> void act(
            UserRow row, String notDone, Function<TrustClient, Reply<T>> call, Consumer<T> done) {
        acts.act(row.email(), why -> words.get(notDone, why), call, done);
    }

    /** Makes an account; the wish's password is wiped, whatever comes of it. */
    void create(UserCalls.Wish wish, Consumer<Asked> ended) {
        acts.form(
                client -> {
                    try (var _ = wish.password()) {
                        return client.users().create(wish);
                    }
                },
                ended,
                row -> {
                    open.set(Optional.of(row));
                    list.reload();
                    toasts.tell(
                            Toasts.Tone.DONE,
                            words.get("users.done.created", row.email()),
                            words.get("users.done.createdText"));
                });
    }

    /** Mails an invitation to an address without an account. */
    void invite(String tenant, String email, String userType, Consumer<Asked> ended) {
        TokenCalls.Wish wish =
                new TokenCalls.Wish(tenant, "invite", email, null, userType, null, true);
        acts.form(
                client -> client.tokens().issue(wish),
                ended,
                issued -> {
                    issued.link().close();
                    toasts.tell(
                            Toasts.Tone.DONE,
                            words.get("users.done.invited", email),
                            words.get("users.done.mailedText"));
                });
    }
}
