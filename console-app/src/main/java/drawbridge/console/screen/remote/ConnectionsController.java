package drawbridge.console.screen.remote;

import drawbridge.console.model.ConsoleModel;
import drawbridge.console.model.Protection;
import drawbridge.console.remote.RemoteServer;
import drawbridge.console.remote.SeenCertificate;
import drawbridge.console.screen.Asked;
import drawbridge.console.screen.ConfirmDialog;
import drawbridge.console.screen.ConfirmDialog.Question;
import drawbridge.console.screen.Profile;
import drawbridge.console.screen.ScreenAction;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.FxmlViews;
import drawbridge.console.ui.Overlay;
import drawbridge.console.ui.Words;

import javafx.scene.Node;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;

import org.kordamp.ikonli.javafx.FontIcon;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The dialogs about servers elsewhere, and what the frame's menu and the palette offer of them. */
public final class ConnectionsController {
    private final ConnectionsViewModel connections;
    private final ConsoleModel model;
    private final Profile profile;
    private final Words words;
    private final Formats formats;
    private final FxmlViews views;
    private final Overlay overlay;

    /** A controller of the window on that profile. */
    public ConnectionsController(
            ConnectionsViewModel connections,
            ConsoleModel model,
            Profile profile,
            Words words,
            Formats formats,
            FxmlViews views,
            Overlay overlay) {
        this.connections = connections;
        this.model = model;
        this.profile = profile;
        this.words = words;
        this.formats = formats;
        this.views = views;
        this.overlay = overlay;
    }

    /** Reads the profiles, so that menu and palette offer them. */
    public void refresh() {
        connections.refresh();
    }

    /** Reads them, then opens the one of that name or says that there is none. */
    public void connectTo(String name) {
        connections.refresh(() ->
                connections.known().stream()
                        .filter(server -> server.name().equalsIgnoreCase(name.strip()))
                        .findFirst()
                        .ifPresentOrElse(
                                this::connect, () -> list(words.get("remote.list.noSuch", name))));
    }

    /** What the frame's menu offers. */
    public List<MenuItem> menu() {
        connections.refresh(); // another window may have made some: they are here the next time
        List<MenuItem> items = new ArrayList<>();
        items.add(item("fth-monitor", words.get("remote.menu.own"), connections::openOwn));
        for (RemoteServer server : connections.known()) {
            items.add(
                    item(
                            server.isProtected() ? "fth-shield" : "fth-globe",
                            server.name(),
                            () -> connect(server)));
        }
        items.add(new SeparatorMenuItem());
        items.add(item("fth-link", words.get("remote.menu.list"), this::show));
        return items;
    }

    private static MenuItem item(String icon, String text, Runnable run) {
        MenuItem item = new MenuItem(text, new FontIcon(icon));
        item.setMnemonicParsing(false);
        item.setOnAction(_ -> run.run());
        return item;
    }

    /** What the palette offers. */
    public List<ScreenAction> actions() {
        List<ScreenAction> actions = new ArrayList<>();
        for (RemoteServer server : connections.known()) {
            actions.add(
                    new ScreenAction(
                            "fth-globe",
                            words.get("remote.action.connect", server.name()),
                            () -> connect(server)));
        }
        actions.add(new ScreenAction("fth-link", words.get("remote.action.list"), this::show));
        if (profile instanceof Profile.Remote remote) {
            actions.add(
                    new ScreenAction(
                            "fth-monitor", words.get("remote.action.own"), connections::openOwn));
            if (model.protection().isProtected()) {
                boolean locked = model.protection().lockedProperty().get();
                actions.add(
                        new ScreenAction(
                                locked ? "fth-unlock" : "fth-lock",
                                locked
                                        ? words.get("remote.action.unlock")
                                        : words.get("remote.action.lock"),
                                locked ? () -> unlock(remote.server()) : model.protection()::lock));
            }
        }
        return actions;
    }

    /** The list of profiles. */
    public void show() {
        connections.refresh();
        list("");
    }

    private void list(String note) {
        ConnectionsDialog dialog = new ConnectionsDialog(connections, this, words, note);
        Node view = views.load(dialog, "connections.fxml");
        overlay.show(view, dialog.first(), () -> {});
    }

    void close() {
        overlay.close();
    }

    /** The form of a new profile. */
    public void add() {
        form(Optional.empty());
    }

    void form(Optional<RemoteServer> known) {
        ServerForm form = new ServerForm(known, connections, this, words);
        Node view = views.load(form, "server-form.fxml");
        overlay.show(view, form.first(), () -> {});
    }

    /** Opens its window, or asks for the passphrase that does. */
    public void connect(RemoteServer server) {
        if (connections.isOpen(server)) {
            overlay.close();
            connections.raise(server);
        } else {
            passphrase(
                    server,
                    words.get("remote.connect.title", server.name()),
                    words.get("remote.connect.what", server.place()),
                    words.get("remote.connect.do"),
                    (typed, ended) -> connections.connect(server, typed, ended));
        }
    }

    /** Asks for the passphrase that unlocks the window's protected profile for a while. */
    void unlock(RemoteServer server) {
        passphrase(
                server,
                words.get("remote.unlock.title", server.name()),
                words.get("remote.unlock.what", formats.span(Protection.OPEN_FOR)),
                words.get("remote.unlock.do"),
                (typed, ended) ->
                        connections.prove(
                                server,
                                typed,
                                asked -> {
                                    if (asked instanceof Asked.Well) {
                                        model.protection().unlock();
                                    }
                                    ended.accept(asked);
                                }));
    }

    /** Does something with the passphrase that was typed. */
    interface WithPassphrase {
        void run(String passphrase, Consumer<Asked> ended);
    }

    private void passphrase(
            RemoteServer server, String title, String what, String confirm, WithPassphrase run) {
        PassphraseDialog dialog =
                new PassphraseDialog(
                        server,
                        new PassphraseDialog.Says(title, what, confirm),
                        words,
                        run,
                        overlay::close);
        Node view = views.load(dialog, "passphrase.fxml");
        overlay.show(view, dialog.field(), () -> {});
    }

    /** Shows a certificate before it is trusted for the first time. */
    void firstCertificate(
            URI url, SeenCertificate seen, Consumer<Consumer<Asked>> accept, Runnable back) {
        CertificateDialog dialog =
                CertificateDialog.first(url, seen, connections, words, formats, accept, back, this);
        Node view = views.load(dialog, "certificate.fxml");
        overlay.show(view, dialog.safe(), () -> {});
    }

    /** Shows the certificate a server has now, beside the one it had. */
    void changedCertificate(RemoteServer server, SeenCertificate seen) {
        CertificateDialog dialog =
                CertificateDialog.changed(server, seen, connections, words, formats, this);
        Node view = views.load(dialog, "certificate.fxml");
        overlay.show(view, dialog.safe(), () -> {});
    }

    void askToForget(RemoteServer server) {
        ConfirmDialog.ask(
                Question.click(
                        words.get("remote.forget.title", server.name()),
                        words.get("remote.forget.what", server.place()),
                        words.get("remote.forget.effect"),
                        words.get("remote.forget.do"),
                        false),
                views,
                overlay,
                _ ->
                        connections.forget(
                                server,
                                asked ->
                                        list(
                                                asked instanceof Asked.Badly(var _, String why)
                                                        ? why
                                                        : "")));
    }
}
