package drawbridge.console.ui.controls;

import drawbridge.console.ui.Em;

import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.TableView.ResizeFeatures;
import javafx.util.Callback;

import java.util.ArrayList;
import java.util.List;

/**
 * The columns of a table, as wide as its text is large. They share the room of the table as its
 * resize policy says; where their least widths find no room beside each other, the table is
 * scrolled sideways instead of being cut. Used on the FX thread.
 */
@SuppressWarnings("rawtypes") // a table's policy is declared so
public final class ColumnRoom<S> {
    private static final double SCROLL_BAR = 12;

    private final TableView<S> table;
    private final Runnable choose;
    private final List<Usual<S>> columns = new ArrayList<>();
    private final Callback<ResizeFeatures, Boolean> shared;
    private double em = Em.USUAL;

    /** How wide a column is with text of the usual size. */
    private record Usual<S>(TableColumn<S, ?> column, double least, double wanted, double most) {
        Usual(TableColumn<S, ?> column) {
            this(column, column.getMinWidth(), column.getPrefWidth(), column.getMaxWidth());
        }

        void scale(double by) {
            column.setMinWidth(least * by);
            column.setMaxWidth(most * by);
            column.setPrefWidth(wanted * by);
        }
    }

    private ColumnRoom(TableView<S> table, Runnable choose) {
        this.table = table;
        this.choose = choose;
        this.shared = table.getColumnResizePolicy();
        table.getColumns().forEach(column -> columns.add(new Usual<>(column)));
    }

    /** Makes a table do so; its columns and its policy are what they were given before. */
    public static <S> void follow(TableView<S> table) {
        follow(table, () -> {});
    }

    /**
     * Makes a table do so in which some columns give way to others.
     *
     * @param choose shows the columns that find room; run when the room or the text has changed
     */
    public static <S> void follow(TableView<S> table, Runnable choose) {
        ColumnRoom<S> room = new ColumnRoom<>(table, choose);
        table.getColumns()
                .forEach(column -> column.visibleProperty().subscribe(_ -> room.share(false)));
        table.widthProperty().subscribe(_ -> room.fit(false));
        Em.follow(table, room::scale);
    }

    private void scale(double now) {
        if (now != em) {
            em = now;
            columns.forEach(column -> column.scale(now / Em.USUAL));
            fit(true);
        }
    }

    private void fit(boolean isScaled) {
        choose.run();
        share(isScaled);
    }

    private void share(boolean isScaled) {
        double least =
                table.getColumns().stream()
                        .filter(TableColumn::isVisible)
                        .mapToDouble(TableColumn::getMinWidth)
                        .sum();
        boolean fits = table.getWidth() <= 0 || least <= table.getWidth() - SCROLL_BAR;
        Callback<ResizeFeatures, Boolean> wanted =
                fits ? shared : TableView.UNCONSTRAINED_RESIZE_POLICY;
        boolean isOther = !wanted.equals(table.getColumnResizePolicy());
        if (isOther) {
            table.setColumnResizePolicy(wanted);
        }
        if (isOther || isScaled) {
            if (fits) {
                wanted.call(new ResizeFeatures<>(table, null, 0.0));
            } else {
                table.getColumns()
                        .forEach(column ->
                                table.resizeColumn(
                                        column, column.getPrefWidth() - column.getWidth()));
            }
        }
    }
}
