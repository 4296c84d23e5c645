package drawbridge.console.screen.users;

import drawbridge.console.client.Reply;
import drawbridge.console.client.TenantCalls;
import drawbridge.console.client.TenantCalls.Bounds;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.model.FeedStatus;
import drawbridge.console.screen.Asked;
import drawbridge.console.screen.PagedList;
import drawbridge.console.screen.ReplyWords;
import drawbridge.console.ui.Background;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Toasts;
import drawbridge.console.ui.Words;
import drawbridge.model.view.TenantRow;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** The tenants, and what is done to them. */
public final class TenantsViewModel {
    private final ConsoleModel model;
    private final Background background;
    private final Words words;
    private final Formats formats;
    private final Toasts toasts;
    private final ReplyWords replies;
    private final PagedList<TenantRow> list;
    private final ReadOnlyBooleanWrapper several =
            new ReadOnlyBooleanWrapper(this, "several", false);
    private boolean working;

    /** A list that is read as soon as the server is followed. */
    public TenantsViewModel(
            ConsoleModel model,
            Background background,
            Words words,
            Formats formats,
            Toasts toasts) {
        this.model = model;
        this.background = background;
        this.words = words;
        this.formats = formats;
        this.toasts = toasts;
        this.replies = new ReplyWords(words);
        list =
                new PagedList<>(
                        model,
                        background,
                        words,
                        (client, limit, after) -> client.tenants().tenants());
        list.listingProperty()
                .addListener((property, before, after) -> several.set(list.rows().size() > 1));
        model.feedStatusProperty()
                .addListener((property, before, after) -> {
                    if (after instanceof FeedStatus.Live) {
                        list.reread();
                    }
                });
    }

    /** The tenants. */
    PagedList<TenantRow> list() {
        return list;
    }

    /** Their ids, as far as they were read. */
    public List<String> ids() {
        return list.rows().stream().map(TenantRow::id).toList();
    }

    /** Whether there is more than one. */
    ReadOnlyBooleanProperty severalProperty() {
        return several.getReadOnlyProperty();
    }

    /** Whether actions are possible; not while what is shown may be old. */
    boolean canAct() {
        return model.client().isPresent() && !model.staleProperty().get() && !working;
    }

    /** Makes a tenant. */
    void create(String id, String name, Bounds bounds, Consumer<Asked> ended) {
        form(calls -> calls.create(id, name, bounds), "tenants.done.created", ended);
    }

    /** Changes its name and bounds. */
    void change(String id, String name, Bounds bounds, Consumer<Asked> ended) {
        form(calls -> calls.change(id, name, bounds), "tenants.done.changed", ended);
    }

    private void form(
            Function<TenantCalls, Reply<TenantRow>> call, String doneKey, Consumer<Asked> ended) {
        Optional<TenantCalls> calls = model.client().map(client -> client.tenants());
        if (calls.isEmpty()) {
            ended.accept(new Asked.Badly("", words.get("reply.noServer")));
            return;
        }
        background
                .run(() -> call.apply(calls.get()))
                .onDone(reply -> {
                    ended.accept(Asked.of(reply, replies));
                    if (reply instanceof Reply.Done(TenantRow row)) {
                        list.reread();
                        toasts.tell(Toasts.Tone.DONE, row.name(), words.get(doneKey, row.id()));
                    }
                })
                .onFailed(_ -> ended.accept(new Asked.Badly("", words.get("reply.fault"))));
    }

    /** Ends its sessions and lets none begin. */
    void suspend(TenantRow row, String reason) {
        act(
                row,
                calls -> calls.suspend(row.id(), reason),
                _ -> words.get("tenants.done.suspended", row.id()));
    }

    /** Lets sessions begin again. */
    void resume(TenantRow row) {
        act(row, calls -> calls.resume(row.id()), _ -> words.get("tenants.done.resumed", row.id()));
    }

    /** Ends all its sessions. */
    void endSessions(TenantRow row, String reason) {
        act(
                row,
                calls -> calls.revokeSessions(row.id(), reason),
                receipt ->
                        words.get(
                                "tenants.done.ended",
                                formats.number(receipt.sessions()),
                                receipt.nodes().size(),
                                formats.took(receipt.tookMicros())));
    }

    private <T> void act(
            TenantRow row, Function<TenantCalls, Reply<T>> call, Function<T, String> done) {
        Optional<TenantCalls> calls = model.client().map(client -> client.tenants());
        if (calls.isEmpty() || working) {
            return;
        }
        working = true;
        background
                .run(() -> call.apply(calls.get()))
                .onDone(reply -> {
                    working = false;
                    if (reply instanceof Reply.Done<T>(T value)) {
                        toasts.tell(Toasts.Tone.DONE, row.name(), done.apply(value));
                    } else {
                        toasts.tell(
                                Toasts.Tone.PROBLEM,
                                row.name(),
                                words.get("tenants.not.done", replies.why(reply)));
                    }
                    list.reread();
                })
                .onFailed(_ -> {
                    working = false;
                    toasts.tell(Toasts.Tone.PROBLEM, row.name(), words.get("reply.fault"));
                });
    }
}
