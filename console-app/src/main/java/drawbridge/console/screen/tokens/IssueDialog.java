package drawbridge.console.screen.tokens;

import drawbridge.console.client.TokenCalls;
import drawbridge.console.client.TokenCalls.Issued;
import drawbridge.console.screen.Asked;
import drawbridge.console.screen.FormFields;
import drawbridge.console.ui.FxmlViews;
import drawbridge.console.ui.Overlay;
import drawbridge.console.ui.Words;

import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.VBox;

import org.controlsfx.control.SegmentedButton;

import java.util.List;
import java.util.function.Consumer;

/** The form for a new token: what for, for whom, how long, and whether it is mailed or shown. */
final class IssueDialog {
    private final TokensViewModel tokens;
    private final List<String> tenants;
    private final Words words;
    private final Runnable closed;
    private final Consumer<Issued> shown;

    @FXML private ChoiceBox<String> purpose;
    @FXML private Label kindProblem;
    @FXML private Label effect;
    @FXML private TextField email;
    @FXML private Label emailProblem;
    @FXML private VBox tenantBox;
    @FXML private ChoiceBox<String> tenant;
    @FXML private Label tenantProblem;
    @FXML private TextField lifetime;
    @FXML private Label lifetimeProblem;
    @FXML private VBox typeBox;
    @FXML private ChoiceBox<String> type;
    @FXML private Label typeProblem;
    @FXML private SegmentedButton ways;
    @FXML private ToggleButton mailed;
    @FXML private Label way;
    @FXML private Label problem;
    @FXML private Button cancel;
    @FXML private Button send;

    private FormFields fields = new FormFields(new Label());

    private IssueDialog(
            TokensViewModel tokens,
            List<String> tenants,
            Words words,
            Runnable closed,
            Consumer<Issued> shown) {
        this.tokens = tokens;
        this.tenants = List.copyOf(tenants);
        this.words = words;
        this.closed = closed;
        this.shown = shown;
    }

    /**
     * Opens the form.
     *
     * @param tenants the ids of the tenants there are; empty when they are not known
     * @param shown gets a token that is not mailed, after the form was closed
     */
    static void open(
            TokensViewModel tokens,
            List<String> tenants,
            Words words,
            FxmlViews views,
            Overlay overlay,
            Consumer<Issued> shown) {
        IssueDialog dialog = new IssueDialog(tokens, tenants, words, overlay::close, shown);
        Node view = views.load(dialog, "issue.fxml");
        overlay.show(view, dialog.email, () -> {});
    }

    @FXML
    void initialize() {
        fields = new FormFields(problem);
        fields.put("purpose", purpose, kindProblem);
        fields.put("email", email, emailProblem);
        fields.put("tenant", tenant, tenantProblem);
        fields.put("lifetime", lifetime, lifetimeProblem);
        fields.put("userType", type, typeProblem);
        purpose.getItems().setAll(TokensViewModel.KINDS);
        purpose.setConverter(TokenWords.choice(value -> words.oneOf("tokens.kind", value)));
        tenant.getItems().setAll(tenants.isEmpty() ? List.of("default") : tenants);
        tenant.setValue(
                tenant.getItems().contains("default") ? "default" : tenant.getItems().getFirst());
        tenantBox.setVisible(tenant.getItems().size() > 1);
        type.getItems().setAll("user", "admin");
        type.setValue("user");
        for (VBox box : List.of(tenantBox, typeBox)) {
            box.managedProperty().bind(box.visibleProperty());
        }
        purpose.valueProperty()
                .subscribe(chosen -> {
                    typeBox.setVisible("invite".equals(chosen));
                    effect.setText(chosen == null ? "" : words.oneOf("tokens.effect", chosen));
                });
        purpose.setValue("magic_link");
        ways.getToggleGroup()
                .selectedToggleProperty()
                .addListener((property, before, after) -> {
                    if (after == null && before != null) {
                        before.setSelected(true); // one of them always holds
                    }
                });
        mailed.selectedProperty()
                .subscribe(isMailed ->
                        way.setText(
                                words.get(
                                        isMailed
                                                ? "tokens.issue.aboutMail"
                                                : "tokens.issue.aboutOnce")));
        cancel.setOnAction(_ -> closed.run());
        send.setOnAction(_ -> send());
        email.setOnAction(_ -> send());
        lifetime.setOnAction(_ -> send());
    }

    private void send() {
        fields.clear();
        String address = email.getText().strip();
        if (address.isEmpty()) {
            fields.tell("email", words.get("tokens.issue.noEmail"));
            return;
        }
        String howLong = lifetime.getText().strip();
        send.setDisable(true);
        tokens.issue(
                new TokenCalls.Wish(
                        tenant.getValue(),
                        purpose.getValue(),
                        address,
                        null,
                        typeBox.isVisible() ? type.getValue() : null,
                        howLong.isEmpty() ? null : howLong,
                        mailed.isSelected()),
                this::ended,
                shown);
    }

    private void ended(Asked how) {
        send.setDisable(false);
        switch (how) {
            case Asked.Well _ -> closed.run();
            case Asked.Badly(String field, String why) -> fields.tell(field, why);
        }
    }
}
