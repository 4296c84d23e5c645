package drawbridge.console.screen.alerts;

import drawbridge.console.screen.PagedTable;
import drawbridge.console.screen.PagedTable.State;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.model.view.AlertChannel;
import drawbridge.model.view.AlertTest;

import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.javafx.FontIcon;

import java.time.Instant;
import java.util.Optional;

/** One way on which alerts leave the server, or how it would be set up. */
final class DeliveryCard extends VBox {
    private final String channel;
    private final AlertsViewModel alerts;
    private final Words words;
    private final Formats formats;
    private final FontIcon icon = new FontIcon();
    private final Label text = new Label();
    private final HBox state = new HBox(icon, text);
    private final GridPane facts = new GridPane();
    private final Label result = new Label();
    private final Button test = new Button();
    private final Button setUp = new Button();

    /**
     * @param channel {@code webhook} or {@code mail}
     * @param showSettings goes to where it is set up
     */
    DeliveryCard(
            String channel,
            AlertsViewModel alerts,
            Runnable showSettings,
            Words words,
            Formats formats) {
        this.channel = channel;
        this.alerts = alerts;
        this.words = words;
        this.formats = formats;
        getStyleClass().addAll("card", "own-card");
        setId("delivery-" + channel);
        Label title = new Label(words.oneOf("alerts.way", channel));
        title.getStyleClass().add("card-title");
        text.setWrapText(true);
        text.setMinHeight(Region.USE_PREF_SIZE);
        HBox.setHgrow(text, Priority.ALWAYS);
        facts.getStyleClass().add("facts");
        result.setWrapText(true);
        result.setMinHeight(Region.USE_PREF_SIZE);
        test.setText(words.get("alerts.way.test"));
        test.setGraphic(new FontIcon("fth-send"));
        test.setId("test-" + channel);
        test.setMinWidth(Region.USE_PREF_SIZE);
        test.setOnAction(_ -> alerts.test(channel));
        setUp.setText(words.get("alerts.way.settings"));
        setUp.setMinWidth(Region.USE_PREF_SIZE);
        setUp.setOnAction(_ -> showSettings.run());
        HBox buttons = new HBox(test, setUp);
        buttons.getStyleClass().add("tools");
        getChildren().setAll(title, state, facts, buttons, result);
        result.managedProperty().bind(result.visibleProperty());
        facts.managedProperty().bind(facts.visibleProperty());
        test.managedProperty().bind(test.visibleProperty());
    }

    void show(Instant now, boolean mayTest) {
        Optional<AlertChannel> there =
                alerts.channels().stream().filter(each -> each.name().equals(channel)).findFirst();
        facts.setVisible(there.isPresent());
        test.setVisible(there.isPresent());
        test.setDisable(!mayTest || alerts.isTrying(channel));
        PagedTable.show(
                there.map(this::state)
                        .orElseGet(() ->
                                new State(
                                        "fth-bell-off",
                                        "expired",
                                        words.oneOf("alerts.way.notSetUp", channel))),
                state,
                icon,
                text);
        facts.getChildren().clear();
        there.ifPresent(way -> showFacts(way, now));
        showResult();
    }

    private State state(AlertChannel way) {
        return switch (way.state()) {
            case "delivered" ->
                    new State("fth-check-circle", "live", words.get("alerts.way.works"));
            case "failing" ->
                    new State(
                            "fth-alert-triangle",
                            "problem",
                            words.get("alerts.way.failing", way.why()));
            default -> new State("fth-clock", "working", words.get("alerts.way.idle"));
        };
    }

    private void showFacts(AlertChannel way, Instant now) {
        fact("to", way.to(), "");
        time("tried", way.triedAt(), now);
        time("delivered", way.lastAt(), now);
        fact("waiting", formats.number(way.waiting()), "");
        Instant next = way.nextAt();
        if (next != null) {
            fact("next", formats.until(next, now), formats.exact(next, now));
        }
        fact("sent", formats.number(way.delivered()), "");
        fact("dropped", formats.number(way.dropped()), "");
    }

    private void time(String key, @org.jspecify.annotations.Nullable Instant at, Instant now) {
        fact(
                key,
                at == null ? words.get("alerts.way.never") : formats.ago(at, now),
                at == null ? "" : formats.exact(at, now));
    }

    private void fact(String key, String value, String tooltip) {
        Label name = new Label(words.oneOf("alerts.way.fact", key));
        name.getStyleClass().add("fact-name");
        name.setMinWidth(Region.USE_PREF_SIZE);
        Label shown = new Label(value);
        shown.getStyleClass().add("fact-value");
        shown.setWrapText(true);
        shown.setMinHeight(Region.USE_PREF_SIZE);
        if (!tooltip.isEmpty()) {
            shown.setTooltip(new Tooltip(tooltip));
        }
        facts.addRow(facts.getRowCount(), name, shown);
    }

    private void showResult() {
        Optional<AlertTest> fared = alerts.tested(channel);
        result.setVisible(fared.isPresent() || alerts.isTrying(channel));
        result.getStyleClass().removeAll("success-text", "amber-text");
        if (alerts.isTrying(channel)) {
            result.setText(words.get("alerts.way.testing"));
        }
        fared.ifPresent(test -> {
            result.setText(
                    test.taken()
                            ? words.get(
                                    "alerts.way.taken",
                                    test.to(),
                                    formats.took(test.tookMillis() * 1_000))
                            : words.get("alerts.way.notTaken", test.why()));
            result.getStyleClass().add(test.taken() ? "success-text" : "amber-text");
        });
    }
}
