package drawbridge.console.screen.alerts;

import drawbridge.console.screen.FormFields;
import drawbridge.console.ui.Words;
import drawbridge.model.view.AlertRuleRow;

import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.VBox;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/** When a rule fires: a half-filled form stays while figures change below it. */
final class RuleForm {
    private static final int MOST_LEAST = 1_000_000_000;
    private static final int MOST_FACTOR = 1_000;

    /** The controls of the form. */
    record Controls(
            CheckBox on,
            VBox leastBox,
            Label leastName,
            TextField least,
            Label leastProblem,
            VBox factorBox,
            TextField factor,
            Label factorProblem,
            Label rest,
            Button save,
            Button usual) {}

    /** What was saved last. */
    private record Saved(String rule, boolean on, int least, int factor) {
        static Saved of(AlertRuleRow row) {
            return new Saved(row.rule(), row.on(), row.least(), row.factor());
        }
    }

    private final AlertsViewModel alerts;
    private final Controls form;
    private final Words words;
    private final FormFields fields;
    private Optional<Saved> filledFrom = Optional.empty();

    RuleForm(AlertsViewModel alerts, Controls form, Words words) {
        this.alerts = alerts;
        this.form = form;
        this.words = words;
        fields = new FormFields(form.rest());
        fields.put("least", form.least(), form.leastProblem());
        fields.put("factor", form.factor(), form.factorProblem());
        for (VBox box : new VBox[] {form.leastBox(), form.factorBox()}) {
            box.managedProperty().bind(box.visibleProperty());
        }
        form.save().setOnAction(_ -> row().ifPresent(this::save));
        form.least().setOnAction(_ -> form.save().fire());
        form.factor().setOnAction(_ -> form.save().fire());
        form.usual().setOnAction(_ -> row().ifPresent(this::fillUsual));
        form.on().selectedProperty().subscribe(_ -> allow());
        form.least().textProperty().subscribe(_ -> allow());
        form.factor().textProperty().subscribe(_ -> allow());
    }

    private Optional<AlertRuleRow> row() {
        return alerts.ruleProperty().get();
    }

    /** Fills it anew only when what is saved changed. */
    void show(AlertRuleRow row) {
        Saved now = Saved.of(row);
        if (!filledFrom.equals(Optional.of(now))) {
            filledFrom = Optional.of(now);
            fields.clear();
            form.leastBox().setVisible(row.usualLeast() > 0);
            form.factorBox().setVisible(row.usualFactor() > 0);
            form.leastName().setText(words.get("alerts.rule.least", row.unit()));
            form.least().setAccessibleText(form.leastName().getText());
            form.on().setSelected(row.on());
            form.least().setText(Integer.toString(row.least()));
            form.factor().setText(Integer.toString(row.factor()));
        }
        allow();
    }

    /** Forgets what was typed. */
    void forget() {
        filledFrom = Optional.empty();
    }

    private void fillUsual(AlertRuleRow row) {
        form.on().setSelected(true);
        form.least().setText(Integer.toString(row.usualLeast()));
        form.factor().setText(Integer.toString(row.usualFactor()));
    }

    void allow() {
        Optional<AlertRuleRow> row = row();
        boolean changed =
                row.filter(now ->
                                form.on().isSelected() != now.on()
                                        || !form.least()
                                                .getText()
                                                .strip()
                                                .equals(Integer.toString(now.least()))
                                        || !form.factor()
                                                .getText()
                                                .strip()
                                                .equals(Integer.toString(now.factor())))
                        .isPresent();
        form.save().setDisable(!alerts.canAct() || !changed);
        form.usual().setDisable(row.filter(RuleForm::isUsual).isPresent());
    }

    private static boolean isUsual(AlertRuleRow row) {
        return row.on() && row.least() == row.usualLeast() && row.factor() == row.usualFactor();
    }

    private void save(AlertRuleRow row) {
        fields.clear();
        OptionalInt least = number(form.least(), MOST_LEAST);
        OptionalInt factor = number(form.factor(), MOST_FACTOR);
        if (least.isEmpty()) {
            fields.tell("least", words.get("alerts.rule.wrong", MOST_LEAST));
        } else if (factor.isEmpty()) {
            fields.tell("factor", words.get("alerts.rule.wrong", MOST_FACTOR));
        } else {
            alerts.change(row, form.on().isSelected(), least.getAsInt(), factor.getAsInt());
        }
    }

    private static OptionalInt number(TextField field, int most) {
        String text = Objects.requireNonNullElse(field.getText(), "").strip();
        if (!text.matches("[0-9]{1,10}")) {
            return OptionalInt.empty();
        }
        long number = Long.parseLong(text);
        return number <= most ? OptionalInt.of(Math.toIntExact(number)) : OptionalInt.empty();
    }
}
