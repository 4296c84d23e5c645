package drawbridge.console.screen.users;

import drawbridge.console.client.Reply;
import drawbridge.console.client.TenantCalls;
import drawbridge.console.client.TenantCalls.Bounds;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.model.FeedStatus;
import drawbridge.console.screen.Acts;
import drawbridge.console.screen.Asked;
import drawbridge.console.screen.PagedList;
import drawbridge.console.ui.Background;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Toasts;
import drawbridge.console.ui.Words;
import drawbridge.model.view.Receipt;
import drawbridge.model.view.TenantRow;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** The tenants, and what is done to them. */
public final class TenantsViewModel {
    private final Words words;
    private final Formats formats;
    private final Toasts toasts;
    private final Acts acts;
    private final PagedList<TenantRow> list;
    private final ReadOnlyBooleanWrapper several =
            new ReadOnlyBooleanWrapper(this, "several", false);

    /** A list that is read as soon as the server is followed. */
    public TenantsViewModel(
            ConsoleModel model,
            Background background,
            Words words,
            Formats formats,
            Toasts toasts) {
        this.words = words;
        this.formats = formats;
        this.toasts = toasts;
        this.acts = new Acts(model, background, words, toasts);
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
        return acts.arePossible();
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
        acts.form(
                client -> call.apply(client.tenants()),
                ended,
                row -> {
                    list.reread();
                    toasts.tell(Toasts.Tone.DONE, row.name(), words.get(doneKey, row.id()));
                });
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
                                formats.number(receipt.sessions())
                                        + (receipt.sessions() < Receipt.MOST_COUNTED ? "" : "+"),
                                receipt.nodes().size(),
                                formats.took(receipt.tookMicros())));
    }

    private <T> void act(
            TenantRow row, Function<TenantCalls, Reply<T>> call, Function<T, String> done) {
        acts.act(
                row.name(),
                why -> {
                    list.reread();
                    return words.get("tenants.not.done", why);
                },
                client -> call.apply(client.tenants()),
                value -> {
                    toasts.tell(Toasts.Tone.DONE, row.name(), done.apply(value));
                    list.reread();
                });
    }
}
