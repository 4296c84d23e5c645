package drawbridge.console.screen.routes;

import drawbridge.console.screen.routes.RuleDraft.Field;
import drawbridge.console.ui.Words;

import javafx.beans.InvalidationListener;
import javafx.beans.Observable;
import javafx.beans.WeakInvalidationListener;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.TableCell;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.util.Subscription;

import org.controlsfx.control.SegmentedButton;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A cell with the control that edits one field of a rule, bound to whichever rule it shows. */
abstract class RuleCell extends TableCell<RuleDraft, RuleDraft> {
    private static final PseudoClass ERROR = PseudoClass.getPseudoClass("error");
    private Subscription bound = Subscription.EMPTY;

    RuleCell() {
        getStyleClass().add("rule-cell");
    }

    /** Whatever has the focus in a row, the row is the selected one. */
    final void selectsRow(Node control) {
        control.focusWithinProperty()
                .subscribe(focused -> {
                    if (focused && hasFocus(control) && getTableView() != null && !isEmpty()) {
                        getTableView().getSelectionModel().select(getIndex());
                    }
                });
    }

    /** A line of a choice's list counts as focused as well, whoever has the keys. */
    private static boolean hasFocus(Node control) {
        Node owner = control.getScene() == null ? null : control.getScene().getFocusOwner();
        while (owner != null && !owner.equals(control)) {
            owner = owner.getParent();
        }
        return owner != null;
    }

    @Override
    protected final void updateItem(@Nullable RuleDraft rule, boolean empty) {
        RuleDraft before = getItem();
        super.updateItem(rule, empty);
        if (empty || rule == null) {
            bound.unsubscribe();
            bound = Subscription.EMPTY;
            setGraphic(null);
        } else if (getGraphic() == null || !rule.equals(before)) {
            bound.unsubscribe();
            bound = bind(rule);
            setGraphic(node());
        }
    }

    /** What the cell shows. */
    abstract Node node();

    /** Shows that rule from now on. */
    abstract Subscription bind(RuleDraft rule);

    /** Marks a control whose field is refused, with why as its tooltip. */
    static Subscription marks(Node control, RuleDraft rule, Field field) {
        return rule.wrongProperty()
                .subscribe(wrong -> {
                    boolean here = wrong.isPresent() && wrong.get().field() == field;
                    control.pseudoClassStateChanged(ERROR, here);
                    control.getStyleClass().remove("field-wrong");
                    if (here) {
                        control.getStyleClass().add("field-wrong");
                        control.setAccessibleHelp(wrong.get().text());
                    } else {
                        control.setAccessibleHelp(null);
                    }
                });
    }

    /** A text. */
    static final class Text extends RuleCell {
        private final TextField field = new TextField();
        private final Field which;
        private final Function<RuleDraft, StringProperty> property;

        Text(
                Field which,
                Function<RuleDraft, StringProperty> property,
                String name,
                String prompt,
                String style) {
            this.which = which;
            this.property = property;
            field.setAccessibleText(name);
            field.setPromptText(prompt);
            field.getStyleClass().addAll("cell-field", style);
            field.setUserData(which);
            selectsRow(field);
        }

        @Override
        Node node() {
            return field;
        }

        @Override
        Subscription bind(RuleDraft rule) {
            StringProperty edited = property.apply(rule);
            field.textProperty().bindBidirectional(edited);
            return Subscription.combine(
                    () -> field.textProperty().unbindBidirectional(edited),
                    marks(field, rule, which));
        }
    }

    /** One of a few words. */
    static final class Choice extends RuleCell {
        private final ComboBox<String> box = new ComboBox<>();
        private final List<String> options;
        private final Field which;
        private final Function<RuleDraft, StringProperty> property;
        private final Function<String, String> shown;

        Choice(
                Field which,
                List<String> options,
                Function<RuleDraft, StringProperty> property,
                Function<String, String> shown,
                String name) {
            this.which = which;
            this.options = options;
            this.property = property;
            this.shown = shown;
            box.setAccessibleText(name);
            box.getStyleClass().add("cell-choice");
            box.setMaxWidth(Double.MAX_VALUE);
            box.setUserData(which);
            box.setCellFactory(_ -> new Word());
            box.setButtonCell(new Word());
            selectsRow(box);
        }

        private final class Word extends ListCell<String> {
            @Override
            protected void updateItem(@Nullable String word, boolean empty) {
                super.updateItem(word, empty);
                setText(empty || word == null ? null : shown.apply(word));
            }
        }

        @Override
        Node node() {
            return box;
        }

        @Override
        Subscription bind(RuleDraft rule) {
            StringProperty edited = property.apply(rule);
            List<String> words = new ArrayList<>(options);
            if (!words.contains(edited.get())) {
                words.add(edited.get()); // a newer server's, or a rarer method
            }
            box.setItems(FXCollections.observableArrayList(words));
            box.setValue(edited.get());
            box.setOnAction(_ -> {
                if (box.getValue() != null) {
                    edited.set(box.getValue());
                }
            });
            return Subscription.combine(
                    () -> box.setOnAction(null),
                    edited.subscribe(value -> box.setValue(value)),
                    marks(box, rule, which));
        }
    }

    /** The mode, as segments; amber where a caller's settings weaken it. */
    static final class Mode extends RuleCell {
        private static final List<String> MODES = List.of("STANDARD", "ADVANCED", "STRICT");

        private final List<ToggleButton> buttons = new ArrayList<>();
        private final FontIcon weak = new FontIcon("fth-alert-triangle");
        private final Label mark = new Label(null, weak);
        private final Tooltip why = new Tooltip();
        private final HBox box;
        private final Function<RuleDraft, String> weakness;
        private final InvalidationListener again = _ -> showWeakness();

        /**
         * @param weakness why a rule's mode is weaker for some caller; empty when it is not
         * @param changes fires when that may have changed
         */
        Mode(Words words, Function<RuleDraft, String> weakness, Observable changes) {
            this.weakness = weakness;
            SegmentedButton segments = new SegmentedButton();
            segments.getStyleClass().add("mode-segments");
            for (String mode : MODES) {
                ToggleButton button = new ToggleButton(mode);
                button.setUserData(mode);
                button.setMinWidth(USE_PREF_SIZE);
                button.setAccessibleText(words.get("routes.mode.name", mode));
                button.setTooltip(new Tooltip(words.oneOf("mode", mode)));
                buttons.add(button);
            }
            segments.getButtons().addAll(buttons);
            segments.getToggleGroup()
                    .selectedToggleProperty()
                    .addListener((property, before, after) -> {
                        if (after == null && before != null) {
                            before.setSelected(true); // one of them always holds
                        }
                    });
            mark.getStyleClass().add("weak-mark");
            mark.setTooltip(why);
            box = new HBox(segments, mark);
            box.getStyleClass().add("mode-box");
            changes.addListener(new WeakInvalidationListener(again));
            selectsRow(box);
        }

        private void showWeakness() {
            RuleDraft rule = getItem();
            String text = rule == null ? "" : weakness.apply(rule);
            mark.setVisible(!text.isEmpty());
            why.setText(text);
            mark.setAccessibleText(text);
        }

        @Override
        Node node() {
            return box;
        }

        @Override
        Subscription bind(RuleDraft rule) {
            for (ToggleButton button : buttons) {
                button.setOnAction(_ -> rule.modeProperty().set((String) button.getUserData()));
            }
            return Subscription.combine(
                    rule.modeProperty()
                            .subscribe(mode -> {
                                for (ToggleButton button : buttons) {
                                    if (mode.equals(button.getUserData())) {
                                        button.setSelected(true);
                                    }
                                }
                                showWeakness();
                            }),
                    rule.evidenceProperty().subscribe(_ -> showWeakness()));
        }
    }
}
