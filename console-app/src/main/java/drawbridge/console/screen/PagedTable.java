package drawbridge.console.screen;

import drawbridge.console.screen.PagedList.Listing;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.console.ui.controls.ColumnRoom;

import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ChangeListener;
import javafx.beans.value.ObservableValue;
import javafx.beans.value.WeakChangeListener;
import javafx.collections.ObservableList;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import javafx.scene.layout.HBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A table on a {@link PagedList}: its cells, its selection, and the line below it. */
public final class PagedTable {
    /**
     * How a cell says a state: by an icon, words and a colour.
     *
     * @param icon the icon's name
     * @param look one of the stylesheet's looks, such as {@code live}
     * @param text the words
     */
    public record State(String icon, String look, String text) {}

    /** The line below a table: how many are shown, and a button for further ones. */
    public record Foot(HBox box, Label count, Button more) {}

    private PagedTable() {}

    /**
     * Binds a table to its rows; a click or Enter opens one.
     *
     * @param id tells rows apart, whatever else they say
     */
    public static <T> void bind(
            TableView<T> table, PagedList<T> list, Function<T, String> id, Consumer<T> open) {
        bind(table, list.rows(), id, open);
    }

    /** The same for rows that are read at once. */
    public static <T> void bind(
            TableView<T> table, ObservableList<T> rows, Function<T, String> id, Consumer<T> open) {
        for (TableColumn<T, ?> column : table.getColumns()) {
            column.setSortable(false);
            column.setReorderable(false);
        }
        table.setItems(rows);
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        ColumnRoom.follow(table);
        table.setOnKeyPressed(event -> {
            T selected = table.getSelectionModel().getSelectedItem();
            if (event.getCode() == KeyCode.ENTER && selected != null) {
                open.accept(selected);
                event.consume();
            }
        });
        table.setRowFactory(_ -> {
            TableRow<T> row = new TableRow<>();
            row.setOnMouseClicked(event -> {
                if (event.getButton() == MouseButton.PRIMARY && !row.isEmpty()) {
                    open.accept(row.getItem());
                }
            });
            return row;
        });
        new KeptSelection<>(table, id);
    }

    /** Selects again what was selected, after the rows were replaced by others. */
    private static final class KeptSelection<T> {
        private @Nullable String selected;

        KeptSelection(TableView<T> table, Function<T, String> id) {
            table.getSelectionModel()
                    .selectedItemProperty()
                    .subscribe(row -> {
                        if (row != null) {
                            selected = id.apply(row);
                        }
                    });
            table.getItems()
                    .addListener(
                            (javafx.collections.ListChangeListener<T>)
                                    _ -> {
                                        String wanted = selected;
                                        if (wanted == null) {
                                            return;
                                        }
                                        List<String> ids =
                                                table.getItems().stream().map(id).toList();
                                        int at = ids.indexOf(wanted);
                                        if (at >= 0
                                                && table.getSelectionModel().getSelectedIndex()
                                                        != at) {
                                            table.getSelectionModel().clearAndSelect(at);
                                        }
                                    });
        }
    }

    /**
     * Gives a column its words.
     *
     * @param tooltip said to whoever looks longer; empty for nothing
     */
    public static <T> void words(
            TableColumn<T, T> column,
            String style,
            Function<T, String> text,
            Function<T, String> tooltip) {
        column.setCellValueFactory(cell -> new ReadOnlyObjectWrapper<>(cell.getValue()));
        column.setCellFactory(_ -> new WordsCell<>(style, text, tooltip));
    }

    /** Gives a column its words, and nothing more. */
    public static <T> void words(TableColumn<T, T> column, String style, Function<T, String> text) {
        words(column, style, text, _ -> "");
    }

    /**
     * Gives a column its ages: words that another instant changes, while the row stays as it is.
     *
     * @param seconds the time, to which the words are made anew
     * @param tooltip said to whoever looks longer; empty for nothing
     */
    public static <T> void ages(
            TableColumn<T, T> column,
            ObservableValue<Instant> seconds,
            Function<T, String> text,
            Function<T, String> tooltip) {
        column.setCellValueFactory(cell -> new ReadOnlyObjectWrapper<>(cell.getValue()));
        column.setCellFactory(_ -> {
            WordsCell<T> cell = new WordsCell<>("", text, tooltip);
            cell.growOld(seconds);
            return cell;
        });
    }

    /** Gives a column its states. */
    public static <T> void states(TableColumn<T, T> column, Function<T, State> state) {
        column.setCellValueFactory(cell -> new ReadOnlyObjectWrapper<>(cell.getValue()));
        column.setCellFactory(_ -> new StateCell<>(state));
    }

    private static final class WordsCell<T> extends TableCell<T, T> {
        private final Function<T, String> text;
        private final Function<T, String> tooltip;
        private final Tooltip more = new Tooltip();
        private final ChangeListener<Instant> later = (_, _, _) -> say(getItem());

        WordsCell(String style, Function<T, String> text, Function<T, String> tooltip) {
            this.text = text;
            this.tooltip = tooltip;
            if (!style.isEmpty()) {
                getStyleClass().add(style);
            }
            more.setOnShowing(_ -> {
                T row = getItem();
                more.setText(row == null ? "" : tooltip.apply(row));
            });
        }

        /** Says it anew as time goes on; the clock lets go of a cell that its table dropped. */
        void growOld(ObservableValue<Instant> seconds) {
            seconds.addListener(new WeakChangeListener<>(later));
        }

        private void say(@Nullable T row) {
            setText(row == null ? null : text.apply(row));
        }

        @Override
        protected void updateItem(@Nullable T row, boolean none) {
            super.updateItem(row, none);
            say(none ? null : row);
            boolean says = !none && row != null && !tooltip.apply(row).isEmpty();
            setTooltip(says ? more : null);
        }
    }

    private static final class StateCell<T> extends TableCell<T, T> {
        private final Function<T, State> state;
        private final FontIcon icon = new FontIcon();
        private final Label label = new Label();
        private final HBox box = new HBox(icon, label);
        private @Nullable State shown;

        StateCell(Function<T, State> state) {
            this.state = state;
            getStyleClass().add("state-cell");
            label.setMinWidth(0);
        }

        @Override
        protected void updateItem(@Nullable T row, boolean none) {
            super.updateItem(row, none);
            if (none || row == null) {
                setGraphic(null);
                return;
            }
            State now = state.apply(row);
            if (!Objects.equals(now, shown)) {
                shown = now;
                icon.setIconLiteral(now.icon());
                label.setText(now.text());
                box.getStyleClass().setAll("state-box", "look-" + now.look());
            }
            setGraphic(box);
        }
    }

    /** Shows a state as the first line of a drawer does. */
    public static void show(State state, HBox box, FontIcon icon, Label text) {
        icon.setIconLiteral(state.icon());
        text.setText(state.text());
        box.getStyleClass().setAll("drawer-state", "look-" + state.look());
    }

    /** Says below a table how far it was read. */
    public static void foot(PagedList<?> list, Foot foot, Words words, Formats formats) {
        foot.box().managedProperty().bind(foot.box().visibleProperty());
        foot.more().setOnAction(_ -> list.readMore());
        list.listingProperty().subscribe(listing -> show(list, listing, foot, words, formats));
    }

    private static void show(
            PagedList<?> list, Listing listing, Foot foot, Words words, Formats formats) {
        int shown = list.rows().size();
        foot.box().setVisible(shown > 0);
        foot.count()
                .setText(
                        listing.problem().isEmpty()
                                ? words.get(
                                        "list.count",
                                        formats.number(shown),
                                        formats.number(Math.max(listing.total(), shown)))
                                : words.get("list.old", listing.problem()));
        foot.count().getStyleClass().remove("problem-text");
        if (!listing.problem().isEmpty()) {
            foot.count().getStyleClass().add("problem-text");
        }
        foot.more().setVisible(listing.more());
        foot.more().setDisable(listing.reading());
    }

    /** What stands in the middle of a table without rows. */
    public record Empty(Node box, FontIcon icon, Label title, Label text) {
        /** Shows it, or not. */
        public void show(boolean shown, String iconName, String titleWords, String textWords) {
            box.setVisible(shown);
            icon.setIconLiteral(iconName);
            title.setText(titleWords);
            text.setText(textWords);
        }
    }

    /** A button's words and work. */
    public record Offer(String text, Runnable run) {}

    /**
     * What a table without rows teaches.
     *
     * @param said its words: {@code failed}, {@code offTitle}, {@code offText}, {@code
     *     filteredTitle}, {@code filteredText}, {@code title}, {@code text}
     * @param icon of a list in which there is nothing at all
     * @param isChosen whether only some rows are wanted
     * @param all shows every row
     * @param first makes the first one
     */
    public record Lesson(
            UnaryOperator<String> said,
            String icon,
            BooleanSupplier isChosen,
            Offer all,
            Offer first) {}

    /** Says why a table has no rows, and offers what helps. */
    public static void empty(PagedList<?> list, Empty at, Button action, Lesson lesson) {
        action.managedProperty().bind(action.visibleProperty());
        list.listingProperty().subscribe(listing -> empty(list, listing, at, action, lesson));
    }

    private static void empty(
            PagedList<?> list, Listing listing, Empty at, Button action, Lesson lesson) {
        boolean none = list.rows().isEmpty() && !listing.reading();
        boolean failed = !listing.problem().isEmpty();
        boolean chosen = lesson.isChosen().getAsBoolean();
        UnaryOperator<String> said = lesson.said();
        if (failed) {
            at.show(none, "fth-alert-triangle", said.apply("failed"), listing.problem());
        } else if (!listing.isRead()) {
            at.show(none, "fth-power", said.apply("offTitle"), said.apply("offText"));
        } else if (chosen) {
            at.show(none, "fth-search", said.apply("filteredTitle"), said.apply("filteredText"));
        } else {
            at.show(none, lesson.icon(), said.apply("title"), said.apply("text"));
        }
        Offer offer = chosen ? lesson.all() : lesson.first();
        action.setVisible(!failed && listing.isRead());
        action.setText(offer.text());
        action.setOnAction(_ -> offer.run().run());
    }
}
