package drawbridge.console.screen.routes;

import drawbridge.console.client.Reply;
import drawbridge.console.screen.Navigation;
import drawbridge.console.screen.ReplyWords;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.console.ui.controls.ColumnRoom;
import drawbridge.model.view.ExplainedCall;
import drawbridge.model.view.WhatIfResult;
import drawbridge.model.view.WhatIfResult.Call;

import javafx.beans.property.SimpleStringProperty;
import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

import org.controlsfx.control.SegmentedButton;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** What the draft would have done to the recorded calls, and which ones. */
final class WhatIfPart {
    private final RoutesViewModel routes;
    private final RouteWords say;
    private final Words words;
    private final Formats formats;
    private final Navigation navigation;
    private final Consumer<Call> tryIt;
    private final ReplyWords replies;
    private final ChecksPane checks;
    private @Nullable WhatIfResult shown;

    @FXML private VBox hint;
    @FXML private FontIcon hintIcon;
    @FXML private Label hintText;
    @FXML private Button again;
    @FXML private HBox result;
    @FXML private VBox sentences;
    @FXML private SegmentedButton which;
    @FXML private ToggleButton refused;
    @FXML private ToggleButton trusted;
    @FXML private Hyperlink tryCall;
    @FXML private Hyperlink toSession;
    @FXML private TableView<Call> calls;
    @FXML private TableColumn<Call, String> at;
    @FXML private TableColumn<Call, String> route;
    @FXML private TableColumn<Call, String> user;
    @FXML private TableColumn<Call, String> why;
    @FXML private TableColumn<Call, String> caller;
    @FXML private TableColumn<Call, String> network;
    @FXML private TableColumn<Call, String> agent;

    WhatIfPart(
            RoutesViewModel routes, RouteWords say, Navigation navigation, Consumer<Call> tryIt) {
        this.routes = routes;
        this.say = say;
        this.words = say.words();
        this.formats = say.formats();
        this.navigation = navigation;
        this.tryIt = tryIt;
        this.replies = new ReplyWords(words);
        this.checks = new ChecksPane(words);
    }

    @FXML
    void initialize() {
        again.setOnAction(_ -> routes.judge());
        text(at, call -> formats.time(call.at()));
        text(route, Call::route);
        text(user, call -> routes.userOf(call.session(), call.userId()));
        text(why, call -> say.reason(call.reason(), call.signal()));
        text(caller, Call::caller);
        text(network, call -> orDash(call.network()));
        text(agent, call -> orDash(call.agent()));
        calls.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_NEXT_COLUMN);
        ColumnRoom.follow(calls);
        which.getToggleGroup()
                .selectedToggleProperty()
                .addListener((property, before, after) -> {
                    if (after == null && before != null) {
                        before.setSelected(true);
                    } else {
                        list();
                    }
                });
        refused.setSelected(true);
        calls.getSelectionModel()
                .selectedItemProperty()
                .addListener((property, before, after) -> {
                    tryCall.setDisable(after == null);
                    toSession.setDisable(after == null);
                    explain(after);
                });
        tryCall.setDisable(true);
        toSession.setDisable(true);
        tryCall.setOnAction(_ -> selected(tryIt));
        toSession.setOnAction(
                _ -> selected(call -> navigation.showSessions("ref:" + call.session())));
        routes.judgementProperty().subscribe(this::show);
    }

    private void selected(Consumer<Call> then) {
        Call call = calls.getSelectionModel().getSelectedItem();
        if (call != null) {
            then.accept(call);
        }
    }

    private static void text(TableColumn<Call, String> column, Function<Call, String> value) {
        column.setCellValueFactory(cell -> new SimpleStringProperty(value.apply(cell.getValue())));
    }

    private static String orDash(@Nullable String text) {
        return text == null ? "–" : text;
    }

    private void show(Judgement judgement) {
        if (judgement instanceof Judgement.Running && shown != null) {
            result.setOpacity(0.5); // what is there is about the draft before
            return;
        }
        result.setOpacity(1);
        shown = null;
        switch (judgement) {
            case Judgement.Nothing() -> hint("fth-rewind", words.get("routes.whatif.hint"), false);
            case Judgement.Running() ->
                    hint("fth-rewind", words.get("routes.whatif.running"), false);
            case Judgement.Wrong(String text) -> hint("fth-alert-circle", text, false);
            case Judgement.Failed(String text) ->
                    hint("fth-alert-triangle", words.get("routes.whatif.failed", text), true);
            case Judgement.Done(WhatIfResult effect, var _) -> show(effect);
        }
    }

    private void hint(String icon, String text, boolean canRepeat) {
        hint.setVisible(true);
        result.setVisible(false);
        hintIcon.setIconLiteral(icon);
        hintText.setText(text);
        again.setVisible(canRepeat);
        again.setManaged(canRepeat);
    }

    private void show(WhatIfResult effect) {
        shown = effect;
        hint.setVisible(false);
        result.setVisible(true);
        refused.setText(
                words.get(
                        "routes.whatif.refusedCount",
                        formats.number(effect.newlyRefused().total())));
        trusted.setText(
                words.get(
                        "routes.whatif.trustedCount",
                        formats.number(effect.newlyTrusted().total())));
        tell(effect);
        list();
    }

    private void list() {
        WhatIfResult effect = shown;
        if (effect != null) {
            calls.getItems()
                    .setAll(
                            trusted.isSelected()
                                    ? effect.newlyTrusted().calls()
                                    : effect.newlyRefused().calls());
        }
    }

    private void tell(WhatIfResult effect) {
        List<Label> lines = new ArrayList<>();
        Label summary = new Label(summary(effect));
        summary.getStyleClass().add("card-title");
        lines.add(summary);
        List<RuleDraft> draft = List.copyOf(routes.draft());
        for (int i = 0; i < draft.size(); i++) {
            RuleDraft rule = draft.get(i);
            boolean isUnchanged = rule.changeProperty().get() == RuleDraft.Change.SAME;
            int place = i + 1;
            WhatIfResult.Line line =
                    effect.lines().stream()
                            .filter(each -> each.line() == place)
                            .findFirst()
                            .orElseGet(() -> new WhatIfResult.Line(place, 0, 0, 0, List.of()));
            if (!isUnchanged || line.newlyRefused() > 0 || line.newlyTrusted() > 0) {
                lines.add(sentence(rule, line));
            }
        }
        effect.lines().stream()
                .filter(line -> line.line() == 0)
                .filter(line -> line.newlyRefused() > 0 || line.newlyTrusted() > 0)
                .map(line -> new Label(words.get("routes.whatif.floor", effectOf(line))))
                .forEach(lines::add);
        if (effect.notJudgeable().total() > 0) {
            Label unknown =
                    new Label(
                            words.get(
                                    "routes.whatif.unknown",
                                    formats.number(effect.notJudgeable().total())));
            unknown.getStyleClass().add("muted");
            lines.add(unknown);
        }
        lines.forEach(line -> line.setWrapText(true));
        sentences.getChildren().setAll(lines);
    }

    /** The whole draft in one sentence. */
    String summary(WhatIfResult effect) {
        Instant from = effect.from();
        if (effect.considered() == 0 || from == null) {
            return words.get("routes.whatif.noCalls");
        }
        if (effect.newlyRefused().total() == 0 && effect.newlyTrusted().total() == 0) {
            return words.get(
                    "routes.whatif.noChange",
                    formats.number(effect.considered()),
                    formats.time(from));
        }
        return words.get(
                "routes.whatif.summary",
                formats.number(effect.considered()),
                formats.time(from),
                formats.number(effect.newlyRefused().total()),
                formats.number(effect.newlyTrusted().total()));
    }

    private Label sentence(RuleDraft rule, WhatIfResult.Line line) {
        Label label =
                new Label(
                        words.get(
                                "routes.whatif.sentence",
                                rule.modeProperty().get(),
                                rule.route(),
                                effectOf(line)));
        if (line.newlyRefused() > 0) {
            label.getStyleClass().add("problem-text");
            label.setGraphic(new FontIcon("fth-alert-triangle"));
        } else {
            label.setGraphic(new FontIcon("fth-check"));
        }
        return label;
    }

    private String effectOf(WhatIfResult.Line line) {
        if (line.calls() == 0) {
            return words.get("routes.effect.noCalls");
        }
        List<String> parts = new ArrayList<>();
        if (line.newlyRefused() > 0) {
            parts.add(
                    words.get(
                            "routes.effect.refused",
                            formats.number(line.newlyRefused()),
                            formats.number(line.calls()),
                            share(line.newlyRefused(), line.calls()),
                            say.reasons(line.reasons())));
        }
        if (line.newlyTrusted() > 0) {
            parts.add(
                    words.get(
                            "routes.effect.trusted",
                            formats.number(line.newlyTrusted()),
                            formats.number(line.calls())));
        }
        return parts.isEmpty()
                ? words.get("routes.effect.none", formats.number(line.calls()))
                : String.join("; ", parts);
    }

    /** Small shares are worth their digits. */
    private String share(long some, long all) {
        double percent = 100.0 * some / all;
        return words.get("unit.percent", formats.decimal(percent, percent < 1 ? 2 : 1));
    }

    private void explain(@Nullable Call call) {
        sentences.getChildren().remove(checks);
        if (call == null) {
            return;
        }
        routes.explain(
                call.requestId(),
                reply -> {
                    if (!call.equals(calls.getSelectionModel().getSelectedItem())) {
                        return;
                    }
                    if (reply instanceof Reply.Done(ExplainedCall explained)) {
                        checks.show(explained);
                    } else {
                        Label failed = new Label(replies.whyUnread(reply));
                        failed.setWrapText(true);
                        checks.getChildren().setAll(failed);
                    }
                    if (!sentences.getChildren().contains(checks)) {
                        sentences.getChildren().add(checks);
                    }
                });
    }
}
