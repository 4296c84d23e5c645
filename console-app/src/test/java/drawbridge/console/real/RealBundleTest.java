package drawbridge.console.real;

import static org.assertj.core.api.Assertions.assertThat;

import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The diagnostic bundle from the screen, with a real server as the child. */
class RealBundleTest extends RealConsole {
    @Test
    void theBundleIsShownBeforeItIsSaved() throws Exception {
        register("ana@example.test");
        go(KeyCode.DIGIT0);
        robot.clickOn("#careTab").clickOn("#diagnose");
        awaitText("configuration.json");
        awaitText("Left out");
        Path file = data.resolveSibling("bundle.zip");
        fill("#file", file.toString());
        robot.clickOn("#save");
        awaitText("Saved to");

        assertThat(names(file)).contains("manifest.json", "log.jsonl", "threads.txt");
        awaitText("Backups");
        robot.clickOn("#standingTab");
        awaitText("node-1 (this one)");
        awaitText("SQLite, schema");
    }

    private static List<String> names(Path zip) throws IOException {
        List<String> names = new ArrayList<>();
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                names.add(entry.getName().replace("drawbridge-diagnostics/", ""));
            }
        }
        names.sort(Comparator.naturalOrder());
        return names;
    }
}
