package drawbridge.console.real;

import static org.awaitility.Awaitility.await;

import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Labeled;
import javafx.scene.input.KeyCode;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The Checklist screen of a console with a real server. */
abstract class ChecklistOnScreen extends RealConsole {
    /** The rows by practice: what each says, its verdict first. */
    final Map<String, List<String>> rows() {
        return LookingRobot.onFx(this::shownRows);
    }

    private Map<String, List<String>> shownRows() {
        Map<String, List<String>> rows = new TreeMap<>();
        for (Node row : robot.lookup(".practice-row").queryAll()) {
            List<String> texts =
                    row.lookupAll(".label").stream()
                            .map(node -> ((Labeled) node).getText())
                            .filter(text -> text != null && !text.isBlank())
                            .toList();
            String name =
                    texts.stream()
                            .filter(text -> text.matches("[0-9]+\\. .*"))
                            .findFirst()
                            .orElse("?");
            rows.put(name.replaceFirst("^[0-9]+\\. ", ""), texts);
        }
        return rows;
    }

    /** That row's texts; none when there is no such row. */
    final List<String> row(String practice) {
        return rows().getOrDefault(practice, List.of());
    }

    final void lookAt() {
        go(KeyCode.DIGIT9);
        await().atMost(patience()).until(() -> rows().size() == 10);
    }

    /** The button of that practice's row that leads to where it is mended. */
    final Button mend(String practice) {
        return LookingRobot.onFx(() -> shownMend(practice));
    }

    private Button shownMend(String practice) {
        for (Node row : robot.lookup(".practice-row").queryAll()) {
            String name = row.getAccessibleText();
            if (name != null && name.contains(practice)) {
                return (Button) row.lookup(".link-button");
            }
        }
        throw new AssertionError("no row " + practice);
    }
}
