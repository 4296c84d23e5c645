package drawbridge.console.screen;

import drawbridge.model.filter.FilterProblem;

import javafx.beans.value.ObservableValue;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

import org.controlsfx.control.PopOver;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The line over a table that says which rows are shown: its keys, and the page on its words. */
public final class FilterLine {
    /**
     * What can be written into it.
     *
     * @param keys one for each line of help, in their order
     * @param example how it is written, by key
     * @param meaning what it finds, by key
     */
    public record Help(
            List<String> keys, UnaryOperator<String> example, UnaryOperator<String> meaning) {
        public Help {
            keys = List.copyOf(keys);
        }
    }

    private static final PseudoClass PROBLEM = PseudoClass.getPseudoClass("error");

    private FilterLine() {}

    /** Down and Enter go into the table, Esc and the button empty the line. */
    public static void bind(TextField line, Button clear, TableView<?> table) {
        clear.visibleProperty().bind(line.textProperty().isNotEmpty());
        clear.setOnAction(_ -> line.clear());
        line.setOnKeyPressed(event -> {
            if (event.getCode() == KeyCode.DOWN || event.getCode() == KeyCode.ENTER) {
                table.requestFocus();
                if (table.getSelectionModel().isEmpty()) {
                    table.getSelectionModel().selectFirst();
                }
                event.consume();
            } else if (event.getCode() == KeyCode.ESCAPE && !line.getText().isEmpty()) {
                line.clear();
                event.consume();
            }
        });
    }

    /**
     * Where below a line is said what is wrong in it.
     *
     * @param box around both; takes no room while nothing is wrong
     * @param word the wrong word
     * @param text what is wrong with it
     */
    public record Fault(Node box, Label word, Label text) {}

    /** Says what is wrong in the line, and with which word. */
    public static void tell(
            TextField line, Fault fault, ObservableValue<Optional<FilterProblem>> problem) {
        fault.box().managedProperty().bind(fault.box().visibleProperty());
        follow(
                line,
                problem,
                found -> {
                    fault.box().setVisible(found.isPresent());
                    line.pseudoClassStateChanged(PROBLEM, found.isPresent());
                    found.ifPresent(wrong -> {
                        String text = line.getText();
                        int from = Math.min(wrong.position(), text.length());
                        fault.word()
                                .setText(
                                        text.substring(
                                                from,
                                                Math.min(from + wrong.length(), text.length())));
                        fault.text().setText(wrong.message());
                    });
                });
    }

    /**
     * Tells what is to be said of the line, now and whenever that changes: a word that is still
     * being written, and may become right, is not wrong yet.
     */
    public static void follow(
            TextField line,
            ObservableValue<Optional<FilterProblem>> problem,
            Consumer<Optional<FilterProblem>> told) {
        Runnable tell =
                () ->
                        told.accept(
                                problem.getValue()
                                        .filter(wrong -> !wrong.isBegun() || !line.isFocused()));
        problem.subscribe(_ -> tell.run());
        line.focusedProperty().subscribe((_, _) -> tell.run());
    }

    /** The page that explains what can be written; shown below the button that asked for it. */
    public static PopOver help(Help help) {
        VBox lines = new VBox();
        lines.getStyleClass().add("help-lines");
        for (String key : help.keys()) {
            Label example = new Label(help.example().apply(key));
            example.getStyleClass().addAll("mono", "help-example");
            HBox line = new HBox(example, new Label(help.meaning().apply(key)));
            line.getStyleClass().add("help-line");
            lines.getChildren().add(line);
        }
        PopOver popOver = new PopOver(lines);
        popOver.setArrowLocation(PopOver.ArrowLocation.TOP_RIGHT);
        return popOver;
    }
}
