package drawbridge.screenshots;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.ui.Theme;
import drawbridge.screenshots.ScreenshotTour.Room;
import drawbridge.screenshots.ScreenshotTour.Stop;

import javafx.application.Platform;
import javafx.geometry.BoundingBox;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.Control;
import javafx.scene.control.IndexedCell;
import javafx.scene.control.Labeled;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.skin.VirtualFlow;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * In a small window, and on a usual screen with text of twice the size, every label is read whole,
 * and every control reached: it lies in the window, or can be scrolled there. In cells of tables
 * and lists a text may be cut: it is told whole to who points at it.
 */
class NothingClippedTest {
    private static final Room SMALL = new Room(1_024, 640, Theme.Size.USUAL);
    private static final Room DOUBLED = new Room(1_280, 800, Theme.Size.DOUBLE);
    private static final double SLACK = 2;
    private static final double FAR = 1e6;
    private static final int LONGEST_WORD = 20;

    @BeforeAll
    static void startToolkit() throws InterruptedException {
        GoldenTest.startToolkit();
    }

    /** Every screen at its fullest, its drawer, and the dialogs that hold most. */
    static List<String> stops() {
        return List.of(
                "overview",
                "overview-tiers",
                "sessions",
                "sessions-drawer",
                "sessions-revoke-matching",
                "sessions-revoked-matching",
                "users-drawer",
                "users-create",
                "tenants",
                "routes",
                "routes-try",
                "routes-versions",
                "routes-review",
                "threats",
                "threats-steps",
                "threats-save",
                "secrets",
                "secrets-keys",
                "secrets-server",
                "secrets-new",
                "secrets-edit",
                "tokens-drawer",
                "tokens-inspect",
                "tokens-issue",
                "audit-row",
                "audit-failing",
                "checklist",
                "checklist-search",
                "checklist-endpoints",
                "checklist-policies",
                "server",
                "server-nodes",
                "server-backups-failing",
                "server-backups-restore",
                "server-log",
                "server-configuration",
                "alerts-drawer",
                "alerts-rules",
                "alerts-delivery",
                "settings",
                "servers",
                "servers-add",
                "remote-changed",
                "remote-offline",
                "remote-unlocked",
                "throw-away",
                "welcome",
                "palette",
                "shortcuts",
                "closing");
    }

    @ParameterizedTest
    @MethodSource("stops")
    void inASmallWindow(String stop) throws Exception {
        assertThat(clipped(stop, SMALL)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("stops")
    void withTextOfTwiceTheSize(String stop) throws Exception {
        assertThat(clipped(stop, DOUBLED)).isEmpty();
    }

    private static List<String> clipped(String name, Room room) throws Exception {
        Stop stop =
                ScreenshotTour.stops().stream()
                        .filter(each -> each.name().equals(name))
                        .findFirst()
                        .orElseThrow();
        CompletableFuture<List<String>> answer = new CompletableFuture<>();
        Platform.runLater(() -> {
            try {
                answer.complete(
                        ScreenshotTour.show(
                                stop, Theme.Choice.LIGHT, room, NothingClippedTest::clipped));
            } catch (RuntimeException | Error e) {
                answer.completeExceptionally(e);
            }
        });
        return answer.get(60, TimeUnit.SECONDS);
    }

    /** What cannot be read or reached, in words. */
    static List<String> clipped(Scene scene) {
        List<String> found = new ArrayList<>();
        look(
                scene.getRoot(),
                new BoundingBox(0, 0, scene.getWidth(), scene.getHeight()),
                false,
                found);
        return found;
    }

    private static void look(Node node, Bounds seen, boolean within, List<String> found) {
        if (!node.isVisible() || (node instanceof IndexedCell<?> cell && cell.isEmpty())) {
            return;
        }
        boolean inCell = within || node instanceof IndexedCell<?>;
        if (node instanceof Control control) {
            if (control instanceof Labeled label && isCut(label) && !inCell) {
                found.add("cut: " + name(label));
            }
            Bounds at = node.localToScene(node.getLayoutBounds());
            if (!lies(at, seen)) {
                found.add("outside: %s at %s".formatted(name(control), words(at)));
            }
        }
        if (node instanceof TableView<?> table && isShared(table)) {
            double wide =
                    table.getColumns().stream()
                            .filter(TableColumn::isVisible)
                            .mapToDouble(TableColumn::getWidth)
                            .sum();
            if (wide > table.getWidth() + SLACK) {
                found.add("columns cut: %.0f of %.0f".formatted(table.getWidth(), wide));
            }
        }
        Bounds there = scrolled(node, seen);
        if (node instanceof Parent parent) {
            for (Node child : parent.getChildrenUnmodifiable()) {
                look(child, there, inCell, found);
            }
        }
    }

    /** Columns that share the room are not scrolled. */
    private static boolean isShared(TableView<?> table) {
        return !TableView.UNCONSTRAINED_RESIZE_POLICY.equals(table.getColumnResizePolicy());
    }

    /** A scroll bar is thin, and its parts are the skin's matter. */
    private static boolean lies(Bounds at, Bounds seen) {
        return at.getWidth() == 0
                || at.getHeight() == 0
                || (at.getMinX() >= seen.getMinX() - SLACK
                        && at.getMaxX() <= seen.getMaxX() + SLACK
                        && at.getMinY() >= seen.getMinY() - SLACK
                        && at.getMaxY() <= seen.getMaxY() + SLACK);
    }

    /** Where the children of a node can be brought into view. */
    private static Bounds scrolled(Node node, Bounds seen) {
        boolean sideways =
                node instanceof VirtualFlow<?>
                        || (node instanceof ScrollPane pane
                                && pane.getHbarPolicy() != ScrollPane.ScrollBarPolicy.NEVER);
        if (!(node instanceof ScrollPane) && !sideways) {
            return seen;
        }
        Bounds at = node.localToScene(node.getLayoutBounds());
        return new BoundingBox(
                sideways ? -FAR : at.getMinX(), -FAR, sideways ? 2 * FAR : at.getWidth(), 2 * FAR);
    }

    /**
     * A key or an address that cannot be broken is told like the text of a cell. Of a single letter
     * that may wrap JavaFX says that it is cut, though it is shown.
     */
    private static boolean isCut(Labeled label) {
        String text = label.getText();
        return label.isTextTruncated()
                && text != null
                && text.length() > 1
                && !text.isBlank()
                && (text.length() <= LONGEST_WORD || text.contains(" "));
    }

    private static String name(Control control) {
        String text =
                control instanceof Labeled label ? label.getText() : control.getAccessibleText();
        return "%s “%s” %s"
                .formatted(control.getClass().getSimpleName(), text, control.getStyleClass());
    }

    private static String words(Bounds at) {
        return "%.0f,%.0f to %.0f,%.0f"
                .formatted(at.getMinX(), at.getMinY(), at.getMaxX(), at.getMaxY());
    }
}
