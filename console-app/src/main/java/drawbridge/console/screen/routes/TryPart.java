package drawbridge.console.screen.routes;

import drawbridge.console.ui.Words;
import drawbridge.model.view.CallerStrictness;
import drawbridge.model.view.WhatIfResult;

import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;

/** Judges a call that nobody made. */
final class TryPart {
    private final TryViewModel trial;
    private final RoutesViewModel routes;
    private final Words words;
    private final ChecksPane checks;

    @FXML private TextField method;
    @FXML private TextField path;
    @FXML private ComboBox<CallerStrictness> caller;
    @FXML private TextField session;
    @FXML private TextField ip;
    @FXML private TextField device;
    @FXML private TextField agent;
    @FXML private CheckBox likeLogin;
    @FXML private CheckBox byDraft;
    @FXML private Button run;
    @FXML private Button paste;
    @FXML private HBox problemBox;
    @FXML private Label problem;
    @FXML private VBox hint;
    @FXML private ScrollPane answerScroll;
    @FXML private StackPane answer;

    TryPart(TryViewModel trial, RoutesViewModel routes, Words words) {
        this.trial = trial;
        this.routes = routes;
        this.words = words;
        this.checks = new ChecksPane(words);
    }

    @FXML
    void initialize() {
        method.textProperty().bindBidirectional(trial.methodProperty());
        path.textProperty().bindBidirectional(trial.pathProperty());
        session.textProperty().bindBidirectional(trial.sessionProperty());
        ip.textProperty().bindBidirectional(trial.ipProperty());
        device.textProperty().bindBidirectional(trial.deviceProperty());
        agent.textProperty().bindBidirectional(trial.agentProperty());
        likeLogin.selectedProperty().bindBidirectional(trial.likeLoginProperty());
        byDraft.selectedProperty().bindBidirectional(trial.byDraftProperty());
        caller.setItems(routes.callers());
        caller.setCellFactory(_ -> new CallerLine());
        caller.setButtonCell(new CallerLine());
        caller.setPromptText(words.get("routes.try.firstCaller"));
        caller.valueProperty().bindBidirectional(trial.callerProperty());
        likeLogin
                .selectedProperty()
                .subscribe(like -> {
                    String prompt = words.get(like ? "routes.try.asAtLogin" : "routes.try.notSent");
                    ip.setPromptText(prompt);
                    device.setPromptText(prompt);
                    agent.setPromptText(prompt);
                });
        byDraft.disableProperty().bind(routes.changesProperty().isEqualTo(0));
        run.setOnAction(_ -> trial.run());
        paste.setOnAction(_ -> {
            String text = Clipboard.getSystemClipboard().getString();
            trial.fill(text == null ? "" : text);
        });
        for (TextField field : new TextField[] {method, path, session, ip, device, agent}) {
            field.setOnKeyPressed(event -> {
                if (event.getCode() == KeyCode.ENTER) {
                    trial.run();
                    event.consume();
                }
            });
        }
        problemBox.managedProperty().bind(problemBox.visibleProperty());
        problemBox.visibleProperty().bind(trial.problemProperty().isNotEmpty());
        problem.textProperty().bind(trial.problemProperty());
        answer.getChildren().add(checks);
        trial.resultProperty()
                .subscribe(result -> {
                    hint.setVisible(result.isEmpty());
                    answerScroll.setVisible(result.isPresent());
                    result.ifPresent(checks::show);
                });
    }

    /** Puts the cursor into the path. */
    void focus() {
        path.requestFocus();
    }

    /** Fills the form with a recorded call and judges it. */
    void tryCall(WhatIfResult.Call call) {
        String[] parts = call.route().split(" ", 2);
        trial.methodProperty().set(parts[0].equals("?") ? "" : parts[0]);
        trial.pathProperty().set(parts.length < 2 || parts[1].equals("?") ? "" : parts[1]);
        trial.sessionProperty().set(call.session());
        routes.callers().stream()
                .filter(known -> known.name().equals(call.caller()))
                .findFirst()
                .ifPresent(known -> trial.callerProperty().set(known));
        trial.run();
    }

    private static final class CallerLine extends ListCell<CallerStrictness> {
        @Override
        protected void updateItem(@Nullable CallerStrictness item, boolean empty) {
            super.updateItem(item, empty);
            setText(empty || item == null ? null : item.name());
        }
    }
}
