package drawbridge.console.screen;

import javafx.css.PseudoClass;
import javafx.scene.control.Control;
import javafx.scene.control.Label;

import java.util.LinkedHashMap;
import java.util.Map;

/** The fields of a form by the server's names for them, each with the line that says its fault. */
public final class FormFields {
    private static final PseudoClass PROBLEM = PseudoClass.getPseudoClass("error");

    private record Field(Control control, Label problem) {}

    private final Map<String, Field> fields = new LinkedHashMap<>();
    private final Label rest;

    /**
     * @param rest says what no field is at fault for
     */
    public FormFields(Label rest) {
        this.rest = rest;
        hideWhileEmpty(rest);
    }

    private static void hideWhileEmpty(Label label) {
        if (!label.managedProperty().isBound()) {
            label.managedProperty().bind(label.visibleProperty());
            label.visibleProperty().bind(label.textProperty().isNotEmpty());
        }
    }

    /** A field; several names may share one line. */
    public void put(String name, Control control, Label problem) {
        hideWhileEmpty(problem);
        fields.put(name, new Field(control, problem));
    }

    /** Takes all faults away. */
    public void clear() {
        rest.setText("");
        fields.values()
                .forEach(field -> {
                    field.problem().setText("");
                    field.control().pseudoClassStateChanged(PROBLEM, false);
                });
    }

    /** Says what is wrong, at its field, which gets the cursor. */
    public void tell(String name, String why) {
        Field field = fields.get(name);
        if (field == null) {
            rest.setText(why);
            return;
        }
        field.problem().setText(why);
        field.control().pseudoClassStateChanged(PROBLEM, true);
        field.control().requestFocus();
    }
}
