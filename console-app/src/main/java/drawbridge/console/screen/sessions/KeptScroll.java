package drawbridge.console.screen.sessions;

import javafx.scene.control.TableView;
import javafx.scene.control.skin.VirtualFlow;

import org.jspecify.annotations.Nullable;

/**
 * Where a table with rows of one height is scrolled to, over a swap of its rows: what was at the
 * top stays there where it can. A list that becomes shorter would leave the table scrolled beyond
 * its end; JavaFX lays that out before it can be corrected, and complains that an index exceeds
 * maxCellCount. So the table is scrolled while the old rows are still there.
 *
 * @param <E> a row
 */
final class KeptScroll<E> {
    private final TableView<E> table;
    private final @Nullable E top;

    private KeptScroll(TableView<E> table, @Nullable E top) {
        this.table = table;
        this.top = top;
    }

    /**
     * Keeps where the table is; the swap follows.
     *
     * @param coming how many rows it will have
     */
    static <E> KeptScroll<E> before(TableView<E> table, int coming) {
        if (!(table.lookup(".virtual-flow") instanceof VirtualFlow<?> flow)) {
            return new KeptScroll<>(table, null);
        }
        int rows = table.getItems().size();
        int index = flow.getFirstVisibleCell() == null ? 0 : flow.getFirstVisibleCell().getIndex();
        boolean isScrolled = index > 0 && index < rows;
        E top = isScrolled ? table.getItems().get(index) : null;
        // The position is that of the next layout, whatever is shown until then.
        double wanted = flow.getPosition() * lastTop(table, rows);
        double at = Math.max(wanted, isScrolled ? index : 0);
        if (at > 0 && at + 1 >= lastTop(table, coming)) {
            table.scrollTo(lastTop(table, coming));
        }
        return new KeptScroll<>(table, top);
    }

    /** The swap is done. */
    void restore() {
        int index = top == null ? -1 : table.getItems().indexOf(top);
        if (index >= 0) {
            table.scrollTo(Math.min(index, lastTop(table, table.getItems().size())));
        }
    }

    /** The last row that can be at the top without room being left below the last of all. */
    private static int lastTop(TableView<?> table, int rows) {
        double height = table.getFixedCellSize();
        double shown = height > 0 ? Math.ceil(table.getHeight() / height) : 0;
        return Math.max(0, rows - (int) shown);
    }
}
