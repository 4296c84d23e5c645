package drawbridge.console.settings;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import drawbridge.console.Platform;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class ConsoleSettingsTest {
    @TempDir private Path folder;
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("console-settings.json");
    }

    private ConsoleSettings open() {
        return new ConsoleSettings(file, Platform.current(), Runnable::run);
    }

    @Test
    void remembersFromOneStartToTheNext() {
        ConsoleSettings first = open();
        first.put("theme", "dark");
        first.put("window.width", "1440");
        first.put("columns", "a,\"b\"\nü");
        first.forget("window.width");

        ConsoleSettings second = open();

        assertThat(second.find("theme")).contains("dark");
        assertThat(second.find("columns")).contains("a,\"b\"\nü");
        assertThat(second.find("window.width")).isEmpty();
    }

    @Test
    void neitherAFileThatIsNotThereYetNorAFolderThatIsGoneIsAnError() throws IOException {
        Path gone = Files.createDirectory(folder.resolve("gone"));
        Logger logger = (Logger) LoggerFactory.getLogger(ConsoleSettings.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try {
            ConsoleSettings settings =
                    new ConsoleSettings(
                            gone.resolve("console-settings.json"),
                            Platform.current(),
                            Runnable::run);
            Files.delete(gone);

            settings.put("theme", "dark");
        } finally {
            logger.detachAppender(lines);
        }

        assertThat(lines.list)
                .noneMatch(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
                .noneMatch(line -> line.getThrowableProxy() != null);
        assertThat(gone).doesNotExist();
    }

    @Test
    void writesOnceForManyChanges() {
        List<Runnable> due = new ArrayList<>();
        ConsoleSettings settings = new ConsoleSettings(file, Platform.current(), due::add);

        settings.put("a", "1");
        settings.put("a", "2");
        settings.put("b", "3");
        settings.put("b", "3");
        assertThat(due).hasSize(1);
        assertThat(file).doesNotExist();
        due.removeFirst().run();
        settings.put("b", "3");

        assertThat(due).isEmpty();
        assertThat(open().find("a")).contains("2");
        assertThat(open().find("b")).contains("3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "{\"a\":null}", "{\"a\":{\"b\":1}}", "\u0000"})
    void keepsADamagedFileAsideAndBeginsAnew(String content) throws IOException {
        Files.writeString(file, content);

        ConsoleSettings settings = open();
        settings.put("theme", "light");

        assertThat(folder.resolve("console-settings.json.bad")).hasContent(content);
        assertThat(open().find("theme")).contains("light");
        assertThat(open().find("a")).isEmpty();
    }

    @Test
    void goesOnWhereNothingCanBeWritten() throws IOException {
        file = Files.writeString(folder.resolve("no-folder"), "").resolve("settings.json");
        ConsoleSettings settings = open();

        settings.put("theme", "dark");

        assertThat(settings.find("theme")).contains("dark");
    }
}
