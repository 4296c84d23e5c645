package drawbridge.console.screen.tokens;

import drawbridge.console.screen.tokens.TokensViewModel.Inspected;
import drawbridge.console.ui.Words;
import drawbridge.model.Secret;
import drawbridge.model.view.TokenInspection;
import drawbridge.model.view.TokenInspection.Layer;
import drawbridge.model.view.TrustTokenRow;

import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.PasswordField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.javafx.FontIcon;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Binds the part of the tokens screen that has a pasted token judged layer by layer. */
final class InspectPart {
    private final TokensViewModel tokens;
    private final Supplier<List<String>> tenants;
    private final Consumer<TrustTokenRow> showToken;
    private final Words words;

    @FXML private PasswordField pasted;
    @FXML private ChoiceBox<String> ofTenant;
    @FXML private Button inspect;
    @FXML private VBox inspectHint;
    @FXML private Label inspectProblem;
    @FXML private HBox verdictBox;
    @FXML private FontIcon verdictIcon;
    @FXML private Label verdictText;
    @FXML private Hyperlink verdictToken;
    @FXML private VBox layers;

    InspectPart(
            TokensViewModel tokens,
            Supplier<List<String>> tenants,
            Consumer<TrustTokenRow> showToken,
            Words words) {
        this.tokens = tokens;
        this.tenants = tenants;
        this.showToken = showToken;
        this.words = words;
    }

    @FXML
    void initialize() {
        inspect.disableProperty().bind(pasted.textProperty().isEmpty());
        inspect.setOnAction(_ -> send());
        pasted.setOnAction(_ -> send());
        ofTenant.managedProperty().bind(ofTenant.visibleProperty());
        for (Region node : List.of(inspectHint, inspectProblem, verdictBox, layers, verdictToken)) {
            node.managedProperty().bind(node.visibleProperty());
        }
        shown();
        tokens.inspectedProperty().subscribe(this::show);
    }

    /** The part came to the front. */
    void shown() {
        List<String> ids = tenants.get();
        String before = ofTenant.getValue();
        ofTenant.getItems().setAll(ids.isEmpty() ? List.of("default") : ids);
        boolean isKnown = before != null && ofTenant.getItems().contains(before);
        ofTenant.setValue(
                isKnown
                        ? before
                        : ofTenant.getItems().contains("default")
                                ? "default"
                                : ofTenant.getItems().getFirst());
        ofTenant.setVisible(ofTenant.getItems().size() > 1);
    }

    void focus() {
        pasted.requestFocus();
    }

    private void send() {
        if (pasted.getText().isBlank()) {
            return;
        }
        Secret token = Secret.ofText(PastedToken.in(pasted.getText()));
        pasted.clear(); // judged now, kept nowhere
        tokens.inspect(token, ofTenant.getValue());
    }

    private void show(Inspected inspected) {
        inspectHint.setVisible(inspected instanceof Inspected.None);
        boolean isJudged = inspected instanceof Inspected.Judged;
        verdictBox.setVisible(isJudged);
        layers.setVisible(isJudged);
        inspectProblem.setVisible(
                inspected instanceof Inspected.Failed || inspected instanceof Inspected.Asking);
        switch (inspected) {
            case Inspected.None _ -> {}
            case Inspected.Asking _ -> inspectProblem.setText(words.get("tokens.inspect.asking"));
            case Inspected.Failed(String why) ->
                    inspectProblem.setText(words.get("tokens.inspect.failed", why));
            case Inspected.Judged(TokenInspection found) -> show(found);
        }
    }

    private void show(TokenInspection found) {
        verdictBox
                .getStyleClass()
                .setAll("drawer-state", found.valid() ? "look-live" : "look-held");
        verdictIcon.setIconLiteral(found.valid() ? "fth-check-circle" : "fth-slash");
        verdictText.setText(
                found.layers().stream()
                        .filter(layer -> layer.verdict().equals("stopped"))
                        .findFirst()
                        .map(layer ->
                                words.get(
                                        "tokens.inspect.stopped",
                                        words.oneOf("tokens.layer", layer.layer())))
                        .orElse(words.get("tokens.inspect.valid")));
        TrustTokenRow item = found.item();
        verdictToken.setVisible(item != null);
        if (item != null) {
            verdictToken.setText(
                    words.get(
                            "tokens.inspect.token",
                            words.oneOf("tokens.kind", item.purpose()),
                            item.email()));
            verdictToken.setOnAction(_ -> showToken.accept(item));
        }
        layers.getChildren().clear();
        for (int i = 0; i < found.layers().size(); i++) {
            layers.getChildren().add(line(i + 1, found.layers().get(i)));
        }
    }

    private HBox line(int number, Layer layer) {
        String look =
                switch (layer.verdict()) {
                    case "passed" -> "live";
                    case "stopped" -> "held";
                    default -> "expired";
                };
        FontIcon icon =
                new FontIcon(
                        switch (layer.verdict()) {
                            case "passed" -> "fth-check-circle";
                            case "stopped" -> "fth-slash";
                            default -> "fth-minus-circle";
                        });
        Label name =
                new Label(
                        words.get(
                                "tokens.layer.line",
                                number,
                                words.oneOf("tokens.layer", layer.layer())));
        name.getStyleClass().add("layer-name");
        Label meaning = new Label(words.oneOf("tokens.layer.about", layer.layer()));
        meaning.getStyleClass().add("muted");
        meaning.setWrapText(true);
        VBox what = new VBox(name, meaning);
        what.setMinWidth(0);
        HBox.setHgrow(what, Priority.ALWAYS);
        boolean says = layer.verdict().equals("stopped") && !layer.reason().isEmpty();
        Label verdict =
                new Label(
                        says
                                ? words.oneOf("tokens.reason", layer.reason())
                                : words.oneOf("tokens.verdict", layer.verdict()));
        verdict.getStyleClass().add("layer-verdict");
        verdict.setWrapText(true);
        HBox line = new HBox(icon, what, verdict);
        line.getStyleClass().addAll("layer-line", "look-" + look);
        return line;
    }
}
