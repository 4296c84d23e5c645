package drawbridge.console.screen.secrets;

import drawbridge.console.client.SecretCalls.CallerWish;
import drawbridge.console.screen.secrets.SecretsViewModel.Asked;
import drawbridge.console.ui.FxmlViews;
import drawbridge.console.ui.Overlay;
import drawbridge.console.ui.Words;
import drawbridge.model.view.CallerRow;

import javafx.css.PseudoClass;
import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Control;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.util.StringConverter;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Makes or changes a caller. What the server finds wrong is told at its field, and the form stays
 * as it was filled in, also when no answer came.
 */
final class CallerDialog {
    private static final PseudoClass PROBLEM = PseudoClass.getPseudoClass("error");

    private final Optional<CallerRow> known;
    private final Words words;
    private final Runnable closed;
    private final BiConsumer<CallerWish, Consumer<Asked>> send;
    private final Map<String, Field> fields = new LinkedHashMap<>();

    /** A control and where its problem is told. */
    private record Field(Control control, Label problem) {}

    @FXML private Label title;
    @FXML private Label fromEnvironment;
    @FXML private TextField name;
    @FXML private Label nameProblem;
    @FXML private TextField tenant;
    @FXML private Label tenantProblem;
    @FXML private ChoiceBox<String> kit;
    @FXML private Label kitProblem;
    @FXML private ChoiceBox<String> floor;
    @FXML private Label floorProblem;
    @FXML private ChoiceBox<String> signals;
    @FXML private Label signalsProblem;
    @FXML private ChoiceBox<String> means;
    @FXML private Label meansProblem;
    @FXML private Label rememberName;
    @FXML private TextField remember;
    @FXML private Label rememberProblem;
    @FXML private CheckBox validate;
    @FXML private CheckBox revokeOwn;
    @FXML private CheckBox issueToken;
    @FXML private Label scopesProblem;
    @FXML private TextArea networks;
    @FXML private Label networksProblem;
    @FXML private Label problem;
    @FXML private Button cancel;
    @FXML private Button save;

    private CallerDialog(
            Optional<CallerRow> known,
            Words words,
            Runnable closed,
            BiConsumer<CallerWish, Consumer<Asked>> send) {
        this.known = known;
        this.words = words;
        this.closed = closed;
        this.send = send;
    }

    /**
     * Opens the form.
     *
     * @param known the caller to change; empty for a new one
     * @param send sends it, and tells how that ended
     */
    static void open(
            Optional<CallerRow> known,
            Words words,
            FxmlViews views,
            Overlay overlay,
            BiConsumer<CallerWish, Consumer<Asked>> send) {
        CallerDialog dialog = new CallerDialog(known, words, overlay::close, send);
        Node view = views.load(dialog, "caller.fxml");
        overlay.show(view, known.isPresent() ? dialog.networks : dialog.name, () -> {});
    }

    @FXML
    void initialize() {
        put("name", name, nameProblem);
        put("tenant", tenant, tenantProblem);
        put("kit", kit, kitProblem);
        put("floor", floor, floorProblem);
        put("signals", signals, signalsProblem);
        put("advancedMeans", means, meansProblem);
        put("lease", remember, rememberProblem);
        put("remember", remember, rememberProblem);
        put("scopes", validate, scopesProblem);
        put("networks", networks, networksProblem);
        problem.managedProperty().bind(problem.visibleProperty());
        problem.visibleProperty().bind(problem.textProperty().isNotEmpty());
        choices(kit, "kit", "drawbridge", "flowfull");
        choices(floor, "floor", "STANDARD", "ADVANCED", "STRICT");
        choices(signals, "signals", "required", "when-sent");
        choices(means, "means", "device", "agent");
        kit.valueProperty().subscribe(this::showMemory);
        title.setText(
                known.map(row -> words.get("secrets.form.change", row.name()))
                        .orElse(words.get("secrets.form.create")));
        save.setText(
                words.get(known.isPresent() ? "secrets.form.save" : "secrets.form.createButton"));
        boolean isFixed = known.filter(row -> row.settingsFrom().equals("environment")).isPresent();
        fromEnvironment.setVisible(isFixed);
        fromEnvironment.setManaged(isFixed);
        name.setDisable(isFixed);
        kit.setDisable(isFixed);
        floor.setDisable(isFixed);
        signals.setDisable(isFixed);
        tenant.setDisable(known.isPresent());
        known.ifPresentOrElse(this::fill, this::fillUsual);
        remember.setDisable(isFixed && kit.getValue().equals("flowfull"));
        cancel.setOnAction(_ -> closed.run());
        save.setOnAction(_ -> send());
    }

    private void put(String field, Control control, Label told) {
        fields.put(field, new Field(control, told));
        if (!told.managedProperty().isBound()) {
            told.managedProperty().bind(told.visibleProperty());
            told.visibleProperty().bind(told.textProperty().isNotEmpty());
        }
    }

    private void choices(ChoiceBox<String> box, String family, String... values) {
        box.getItems().setAll(values);
        box.setConverter(
                new StringConverter<>() {
                    @Override
                    public String toString(String value) {
                        return value == null
                                ? ""
                                : words.oneOf(
                                        "secrets.choice", family + "_" + value.replace('-', '_'));
                    }

                    @Override
                    public String fromString(String text) {
                        return text; // a choice is not typed
                    }
                });
    }

    /** What a kit remembers has another name, and another meaning, for each. */
    private void showMemory(String chosen) {
        boolean isFlowfull = "flowfull".equals(chosen);
        String name = words.get(isFlowfull ? "secrets.form.lease" : "secrets.form.remember");
        rememberName.setText(name);
        remember.setAccessibleText(name);
        known.ifPresentOrElse(
                row -> remember.setText(isFlowfull ? row.lease() : row.remember()),
                () -> remember.setText(isFlowfull ? "60s" : "0s"));
    }

    private void fillUsual() {
        tenant.setText("default");
        kit.setValue("drawbridge");
        floor.setValue("STANDARD");
        signals.setValue("required");
        means.setValue("device");
        validate.setSelected(true);
    }

    private void fill(CallerRow row) {
        name.setText(row.name());
        tenant.setText(row.tenant());
        kit.setValue(row.kit());
        floor.setValue(row.floor());
        signals.setValue(row.signals());
        means.setValue(row.advancedMeans());
        List<String> granted =
                row.scopes().stream()
                        .filter(CallerRow.Right::granted)
                        .map(CallerRow.Right::scope)
                        .toList();
        validate.setSelected(granted.contains("validate"));
        revokeOwn.setSelected(granted.contains("revoke-own"));
        issueToken.setSelected(granted.contains("issue-token"));
        networks.setText(String.join("\n", row.networks()));
    }

    private CallerWish wish() {
        List<String> scopes = new ArrayList<>();
        if (validate.isSelected()) {
            scopes.add("validate");
        }
        if (revokeOwn.isSelected()) {
            scopes.add("revoke-own");
        }
        if (issueToken.isSelected()) {
            scopes.add("issue-token");
        }
        boolean isFlowfull = kit.getValue().equals("flowfull");
        String memory = remember.getText().strip();
        return new CallerWish(
                name.getText().strip(),
                tenant.getText().isBlank() ? null : tenant.getText().strip(),
                kit.getValue(),
                signals.getValue(),
                floor.getValue(),
                isFlowfull ? memory : known.map(CallerRow::lease).orElse("60s"),
                isFlowfull ? known.map(CallerRow::remember).orElse("0s") : memory,
                means.getValue(),
                scopes,
                networks.getText()
                        .lines()
                        .flatMap(line -> List.of(line.split("[,\\s]+", -1)).stream())
                        .filter(text -> !text.isBlank())
                        .toList());
    }

    private void send() {
        fields.values().forEach(field -> field.problem().setText(""));
        fields.values().forEach(field -> field.control().pseudoClassStateChanged(PROBLEM, false));
        problem.setText("");
        if (!validate.isSelected() && !revokeOwn.isSelected() && !issueToken.isSelected()) {
            tell("scopes", words.get("secrets.form.noScope"));
            return;
        }
        save.setDisable(true);
        send.accept(
                wish(),
                asked -> {
                    save.setDisable(false);
                    switch (asked) {
                        case Asked.Well _ -> closed.run();
                        case Asked.Badly(String field, String why) -> tell(field, why);
                    }
                });
    }

    private void tell(String at, String why) {
        Field field = fields.get(at);
        if (field == null) {
            problem.setText(why);
            return;
        }
        field.problem().setText(why);
        field.control().pseudoClassStateChanged(PROBLEM, true);
        field.control().requestFocus();
    }
}
