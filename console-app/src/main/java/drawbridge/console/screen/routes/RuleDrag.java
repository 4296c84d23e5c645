package drawbridge.console.screen.routes;

import javafx.animation.AnimationTimer;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.event.EventHandler;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.IndexedCell;
import javafx.scene.control.TableView;
import javafx.scene.control.skin.VirtualFlow;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;

import org.jspecify.annotations.Nullable;

/**
 * A rule on its way to another place under the mouse. A gesture of the table's own: the platforms'
 * drag and drop is for what leaves the window, and each does it differently.
 */
final class RuleDrag {
    private static final double SLACK = 4; // pixels: a hand that clicks is not quite still
    private static final double SCROLL_STEP = 6; // pixels a frame

    /**
     * What is carried where.
     *
     * @param from the place of the rule that is carried; -1 when none is
     * @param to its place if it were let go now
     * @param y where its row's upper edge should be seen, in the table's rows
     */
    record Carried(int from, int to, double y) {
        static final Carried NOTHING = new Carried(-1, -1, 0);
    }

    private final TableView<RuleDraft> table;
    private final RoutesViewModel routes;
    private final ReadOnlyObjectWrapper<Carried> carried =
            new ReadOnlyObjectWrapper<>(this, "carried", Carried.NOTHING);
    private final EventHandler<KeyEvent> escape = this::pressed;
    private final AnimationTimer atEdge =
            new AnimationTimer() {
                @Override
                public void handle(long now) {
                    scrollAtEdge();
                }
            };
    private @Nullable RuleDraft rule;
    private @Nullable Scene scene;
    private double grabbedAt;
    private double sceneY;

    RuleDrag(TableView<RuleDraft> table, RoutesViewModel routes) {
        this.table = table;
        this.routes = routes;
    }

    /** What the rows show of it. */
    ReadOnlyObjectProperty<Carried> carriedProperty() {
        return carried.getReadOnlyProperty();
    }

    /** Takes hold of a row, at that height in the scene; it stays where it is until moved. */
    void hold(IndexedCell<RuleDraft> row, double atSceneY) {
        end();
        rule = row.getItem();
        grabbedAt = row.sceneToLocal(0, atSceneY).getY();
        sceneY = atSceneY;
    }

    /** Carries it to that height in the scene. */
    void moveTo(double toSceneY) {
        Scene here = table.getScene();
        if (rule == null || here == null) {
            return;
        }
        if (scene == null) {
            if (Math.abs(toSceneY - sceneY) < SLACK) {
                return;
            }
            scene = here;
            here.addEventFilter(KeyEvent.KEY_PRESSED, escape);
            atEdge.start();
        }
        sceneY = toSceneY;
        int from = routes.draft().indexOf(rule);
        if (from < 0 || !(table.lookup(".virtual-flow") instanceof VirtualFlow<?> rows)) {
            end(); // somebody else's rules came in force meanwhile
            return;
        }
        int gap = gapAt(rows);
        carried.set(
                new Carried(
                        from,
                        gap > from ? gap - 1 : gap,
                        rows.sceneToLocal(0, sceneY).getY() - grabbedAt));
    }

    /** Lets it go where it is; false when it was only held. */
    boolean drop() {
        boolean wasCarried = scene != null;
        Carried last = carried.get();
        end();
        if (routes.move(last.from(), last.to())) {
            table.getSelectionModel().clearAndSelect(last.to());
            table.requestFocus();
        }
        return wasCarried;
    }

    private void end() {
        atEdge.stop();
        if (scene != null) {
            scene.removeEventFilter(KeyEvent.KEY_PRESSED, escape);
        }
        scene = null;
        rule = null;
        carried.set(Carried.NOTHING);
    }

    private void pressed(KeyEvent event) {
        if (event.getCode() == KeyCode.ESCAPE) {
            end();
        }
        event.consume(); // no key changes the rules while one is in the hand
    }

    /** Before which row it would go. */
    private int gapAt(VirtualFlow<?> rows) {
        IndexedCell<?> first = rows.getFirstVisibleCell();
        IndexedCell<?> last = rows.getLastVisibleCell();
        if (first == null || last == null) {
            return 0;
        }
        for (int place = first.getIndex(); place <= last.getIndex(); place++) {
            if (sceneY < middle(rows.getCell(place))) {
                return place;
            }
        }
        return last.getIndex() + 1;
    }

    /** The row's own place: the one that is carried is seen elsewhere. */
    private static double middle(Node row) {
        Bounds bounds = row.getLayoutBounds();
        double y = row.getLayoutY() + bounds.getMinY() + bounds.getHeight() / 2;
        return row.getParent().localToScene(0, y).getY();
    }

    private void scrollAtEdge() {
        if (table.lookup(".virtual-flow") instanceof VirtualFlow<?> rows) {
            double y = rows.sceneToLocal(0, sceneY).getY();
            double edge = Math.min(table.getFixedCellSize(), rows.getHeight() / 4);
            double step = y < edge ? -SCROLL_STEP : y > rows.getHeight() - edge ? SCROLL_STEP : 0;
            if (step != 0 && rows.scrollPixels(step) != 0) {
                moveTo(sceneY);
            }
        }
    }
}
