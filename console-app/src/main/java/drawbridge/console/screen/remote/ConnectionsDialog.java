package drawbridge.console.screen.remote;

import drawbridge.console.remote.RemoteServer;
import drawbridge.console.ui.Words;

import javafx.beans.InvalidationListener;
import javafx.beans.WeakInvalidationListener;
import javafx.collections.ListChangeListener;
import javafx.collections.WeakListChangeListener;
import javafx.fxml.FXML;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.javafx.FontIcon;

import java.util.Optional;

/** The servers elsewhere that this console knows. */
final class ConnectionsDialog {
    private final ConnectionsViewModel connections;
    private final ConnectionsController controller;
    private final Words words;
    private final String note;
    private final ListChangeListener<RemoteServer> changed = _ -> render();
    private final InvalidationListener problemChanged = _ -> render();

    @FXML private VBox rows;
    @FXML private Label empty;
    @FXML private Label problem;
    @FXML private Button add;
    @FXML private Button close;

    ConnectionsDialog(
            ConnectionsViewModel connections,
            ConnectionsController controller,
            Words words,
            String note) {
        this.connections = connections;
        this.controller = controller;
        this.words = words;
        this.note = note;
    }

    @FXML
    void initialize() {
        add.setOnAction(_ -> controller.add());
        close.setOnAction(_ -> controller.close());
        for (Label each : new Label[] {empty, problem}) {
            each.managedProperty().bind(each.visibleProperty());
        }
        connections.known().addListener(new WeakListChangeListener<>(changed));
        connections.problemProperty().addListener(new WeakInvalidationListener(problemChanged));
        render();
    }

    Button first() {
        return add;
    }

    private void render() {
        String wrong = connections.problemProperty().get();
        problem.setText(wrong.isEmpty() ? note : wrong);
        problem.setVisible(!problem.getText().isEmpty());
        empty.setVisible(connections.known().isEmpty() && wrong.isEmpty());
        rows.getChildren().setAll(connections.known().stream().map(this::row).toList());
    }

    private Node row(RemoteServer server) {
        Region mark = new Region();
        mark.getStyleClass().addAll("profile-mark", "colour-" + server.colour().key());
        Label name = new Label(server.name());
        name.getStyleClass().add("card-title");
        Label place = new Label(server.place());
        place.getStyleClass().addAll("muted", "mono");
        HBox head = new HBox(name);
        head.getStyleClass().add("tools");
        head.setAlignment(Pos.CENTER_LEFT);
        if (server.isProtected()) {
            Label shield =
                    new Label(words.get("remote.list.protected"), new FontIcon("fth-shield"));
            shield.getStyleClass().addAll("muted", "profile-shield");
            head.getChildren().add(shield);
        }
        String pin =
                server.pin()
                        .map(known ->
                                words.get("remote.list.pinned", known.shown().substring(0, 23)))
                        .orElse(words.get("remote.list.plain"));
        Label known = new Label(pin);
        known.getStyleClass().add("muted");
        server.pin().ifPresent(full -> known.setTooltip(new Tooltip(full.shown())));
        VBox texts = new VBox(head, place, known);
        texts.setMinWidth(0);
        HBox.setHgrow(texts, Priority.ALWAYS);
        Button open =
                button(
                        connections.isOpen(server)
                                ? words.get("remote.list.show")
                                : words.get("remote.list.connect"),
                        words.get("remote.list.connectName", server.name()),
                        () -> controller.connect(server));
        open.getStyleClass().add("accent");
        Button change =
                button(
                        words.get("remote.list.change"),
                        words.get("remote.list.changeName", server.name()),
                        () -> controller.form(Optional.of(server)));
        Button forget =
                button(
                        words.get("remote.list.forget"),
                        words.get("remote.list.forgetName", server.name()),
                        () -> controller.askToForget(server));
        HBox row = new HBox(mark, texts, open, change, forget);
        row.getStyleClass().add("profile-row");
        return row;
    }

    private static Button button(String text, String accessible, Runnable run) {
        Button button = new Button(text);
        button.setAccessibleText(accessible);
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.getStyleClass().add("small");
        button.setOnAction(_ -> run.run());
        return button;
    }
}
