package drawbridge.console.screen.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import javafx.beans.property.SimpleStringProperty;
import javafx.scene.Scene;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.skin.VirtualFlow;
import javafx.stage.Stage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;

@ExtendWith(ApplicationExtension.class)
class KeptScrollTest {
    private static final Logger CONTROLS = Logger.getLogger("javafx.scene.control");
    private static final int MANY = 100_000;

    private final SwappedRows<String> rows = new SwappedRows<>();

    @SuppressWarnings("NullAway.Init") // by show(), before any test
    private TableView<String> table;

    @Start
    void show(Stage stage) {
        table = new TableView<>();
        TableColumn<String, String> column = new TableColumn<>("row");
        column.setCellValueFactory(cell -> new SimpleStringProperty(cell.getValue()));
        table.getColumns().add(column);
        table.setFixedCellSize(34);
        table.setItems(rows);
        stage.setScene(new Scene(table, 600, 620));
        stage.show();
    }

    private static List<String> rows(String name, int count) {
        return IntStream.range(0, count).mapToObj(i -> name + i).toList();
    }

    private void layout() {
        table.applyCss();
        table.layout();
    }

    private void swap(List<String> fresh) {
        KeptScroll<String> scroll = KeptScroll.before(table, fresh.size());
        rows.swap(fresh);
        scroll.restore();
    }

    private String top() {
        return table.lookup(".virtual-flow") instanceof VirtualFlow<?> flow
                ? rows.get(flow.getFirstVisibleCell().getIndex())
                : "";
    }

    @Test
    void keepsTheRowAtTheTop(FxRobot robot) {
        robot.interact(() -> {
            rows.swap(rows("a", MANY));
            layout();
            table.scrollTo(5_000);
            layout();

            swap(rows("a", MANY).subList(40, MANY));
            layout();

            assertThat(top()).isEqualTo("a5000");
        });
    }

    /** However the list becomes shorter, and whether or not the last scroll was laid out. */
    @Test
    void isNeverScrolledBeyondTheEnd(FxRobot robot) {
        List<String> complaints = new ArrayList<>();
        String[] where = {""};
        Handler handler =
                new Handler() {
                    @Override
                    public void publish(LogRecord line) {
                        complaints.add(where[0] + " " + line.getMessage());
                    }

                    @Override
                    public void flush() {}

                    @Override
                    public void close() {}
                };
        Random random = new Random(1);
        robot.interact(() -> {
            CONTROLS.addHandler(handler);
            try {
                for (int i = 0; i < 150; i++) {
                    rows.swap(rows("a", MANY));
                    layout();
                    table.scrollTo(random.nextInt(MANY));
                    if (random.nextBoolean()) {
                        layout();
                    }
                    int left = random.nextInt(3) == 0 ? random.nextInt(40) : random.nextInt(MANY);
                    where[0] = i + ": " + left + " rows";
                    swap(rows("b", left));
                    layout();
                    where[0] = "after " + i;
                }
            } finally {
                CONTROLS.removeHandler(handler);
            }
        });
        assertThat(complaints).isEmpty();
    }
}
