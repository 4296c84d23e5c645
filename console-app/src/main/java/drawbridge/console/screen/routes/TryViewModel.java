package drawbridge.console.screen.routes;

import drawbridge.console.client.Reply;
import drawbridge.console.client.ReportedCall;
import drawbridge.console.client.TrustClient;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.screen.ReplyWords;
import drawbridge.console.ui.Background;
import drawbridge.console.ui.Words;
import drawbridge.model.view.CallerStrictness;
import drawbridge.model.view.ExplainedCall;
import drawbridge.model.view.TriedCall;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A call that nobody made: what it would report, and how it would be judged, by the draft or by
 * what is in force. Used on the FX thread.
 */
public final class TryViewModel {
    private final ConsoleModel model;
    private final RoutesViewModel routes;
    private final Background background;
    private final Words words;
    private final ReplyWords replies;

    private final ObjectProperty<@Nullable CallerStrictness> caller =
            new SimpleObjectProperty<>(this, "caller");
    private final StringProperty method = new SimpleStringProperty(this, "method", "GET");
    private final StringProperty path = new SimpleStringProperty(this, "path", "");
    private final StringProperty session = new SimpleStringProperty(this, "session", "");
    private final StringProperty ip = new SimpleStringProperty(this, "ip", "");
    private final StringProperty device = new SimpleStringProperty(this, "device", "");
    private final StringProperty agent = new SimpleStringProperty(this, "agent", "");
    private final BooleanProperty likeLogin = new SimpleBooleanProperty(this, "likeLogin", true);
    private final BooleanProperty byDraft = new SimpleBooleanProperty(this, "byDraft", true);
    private final ReadOnlyObjectWrapper<Optional<ExplainedCall>> result =
            new ReadOnlyObjectWrapper<>(this, "result", Optional.empty());
    private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper(this, "problem", "");
    private long asked;

    /** A form with nothing in it. */
    public TryViewModel(
            ConsoleModel model, RoutesViewModel routes, Background background, Words words) {
        this.model = model;
        this.routes = routes;
        this.background = background;
        this.words = words;
        this.replies = new ReplyWords(words);
    }

    /** Who would ask; null for the tenant's first. */
    ObjectProperty<@Nullable CallerStrictness> callerProperty() {
        return caller;
    }

    StringProperty methodProperty() {
        return method;
    }

    StringProperty pathProperty() {
        return path;
    }

    /** The session's reference. */
    StringProperty sessionProperty() {
        return session;
    }

    StringProperty ipProperty() {
        return ip;
    }

    StringProperty deviceProperty() {
        return device;
    }

    StringProperty agentProperty() {
        return agent;
    }

    /** Whether signals that are left empty are those of the login, instead of missing. */
    BooleanProperty likeLoginProperty() {
        return likeLogin;
    }

    /** Whether the draft judges, instead of what is in force. */
    BooleanProperty byDraftProperty() {
        return byDraft;
    }

    /** How it would be judged; empty before it was tried. */
    ReadOnlyObjectProperty<Optional<ExplainedCall>> resultProperty() {
        return result.getReadOnlyProperty();
    }

    /** Why it was not tried; empty when it was. */
    ReadOnlyStringProperty problemProperty() {
        return problem.getReadOnlyProperty();
    }

    /** Fills the form from a copied bridge call. */
    public void fill(String text) {
        Optional<ReportedCall> read = ReportedCall.read(text);
        if (read.isEmpty()) {
            problem.set(words.get("routes.try.notRead"));
            return;
        }
        ReportedCall call = read.get();
        set(method, call.method());
        set(path, call.path());
        set(ip, call.ip());
        set(device, call.device());
        set(agent, call.agent());
        set(session, call.session());
        problem.set("");
        result.set(Optional.empty());
    }

    private static void set(StringProperty property, @Nullable String value) {
        if (value != null) {
            property.set(value);
        }
    }

    /** Judges it; nothing is left behind on the server. */
    public void run() {
        Optional<TrustClient> client = model.client();
        if (client.isEmpty()) {
            problem.set(words.get("routes.whatif.away"));
            return;
        }
        asked++;
        long now = asked;
        TriedCall call = call();
        background
                .run(() -> client.get().routes().tryCall(call))
                .onDone(reply -> {
                    if (now == asked) {
                        show(reply);
                    }
                })
                .onFailed(e -> problem.set(String.valueOf(e)));
    }

    private void show(Reply<ExplainedCall> reply) {
        if (reply instanceof Reply.Done(ExplainedCall explained)) {
            problem.set("");
            result.set(Optional.of(explained));
        } else {
            result.set(Optional.empty());
            problem.set(replies.whyUnread(reply));
        }
    }

    private TriedCall call() {
        CallerStrictness by = caller.get();
        boolean hasSession = !session.get().isBlank();
        List<String> alike = new ArrayList<>();
        if (hasSession && likeLogin.get()) {
            addIfBlank(alike, "ip", ip);
            addIfBlank(alike, "device", device);
            addIfBlank(alike, "agent", agent);
        }
        return new TriedCall(
                routes.tenantProperty().get(),
                byDraft.get() && routes.isDirty() ? routes.rules() : null,
                by == null ? null : by.id(),
                text(session),
                text(method),
                text(path),
                text(ip),
                text(device),
                text(agent),
                alike);
    }

    private static void addIfBlank(List<String> names, String name, StringProperty value) {
        if (value.get().isBlank()) {
            names.add(name);
        }
    }

    private static @Nullable String text(StringProperty property) {
        String text = property.get() == null ? "" : property.get().strip();
        return text.isEmpty() ? null : text;
    }
}
