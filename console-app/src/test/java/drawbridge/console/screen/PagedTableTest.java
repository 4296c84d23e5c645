package drawbridge.console.screen;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.model.Sessions;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.scene.Scene;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.stage.Stage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

@ExtendWith(ApplicationExtension.class)
class PagedTableTest {
    private final ObjectProperty<Instant> seconds = new SimpleObjectProperty<>(Sessions.START);

    @Start
    void open(Stage stage) {
        TableView<Instant> table = new TableView<>();
        TableColumn<Instant, Instant> column = new TableColumn<>("since");
        table.getColumns().setAll(List.of(column));
        PagedTable.ages(
                column,
                seconds,
                at -> Duration.between(at, seconds.get()).toSeconds() + " s ago",
                Instant::toString);
        table.getItems().setAll(Sessions.START);
        stage.setScene(new Scene(table, 300, 200));
        stage.show();
    }

    private static String said(FxRobot robot) {
        return robot.lookup(".table-cell").queryAllAs(TableCell.class).stream()
                .filter(cell -> cell.getItem() != null)
                .findFirst()
                .orElseThrow()
                .getText();
    }

    @Test
    void agesGoOnWhileTheRowStaysAsItIs(FxRobot robot) {
        assertThat(said(robot)).isEqualTo("0 s ago");

        robot.interact(() -> seconds.set(Sessions.START.plusSeconds(42)));

        assertThat(said(robot)).isEqualTo("42 s ago");
    }
}
