package drawbridge.console.screen.audit;

import static drawbridge.console.model.Sessions.START;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.Platform;
import drawbridge.console.fake.FakeConsole;
import drawbridge.console.fake.WitnessedInMemory;
import drawbridge.console.screen.FileKeeper;
import drawbridge.console.ui.Words;
import drawbridge.console.witness.AuditWitness;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

class AuditExportTest {
    @TempDir private Path folder;

    private final FakeConsole console = new FakeConsole(START);
    private final AuditViewModel audit =
            new AuditViewModel(
                    console.model(),
                    console.background(),
                    Runnable::run,
                    console.later(),
                    new AuditWitness(
                            console.model(),
                            console.background(),
                            WitnessedInMemory.fresh(),
                            console.clock()),
                    new FileKeeper(Platform.current()),
                    Words.in(Locale.ENGLISH));

    @BeforeEach
    void open() {
        console.model().open();
        console.supervisor().enter(console.server().running());
        audit.setShown(true);
    }

    @Test
    void replacesTheFileByAWholeOneAndLeavesNothingBeside() throws IOException {
        Path file = Files.writeString(folder.resolve("audit.jsonl"), "an older export, longer");

        audit.export(file);

        assertThat(audit.workProperty().get())
                .isEqualTo(new AuditViewModel.Work.Exported(file, Files.size(file)));
        assertThat(Files.readString(file)).startsWith("{\"type\"").endsWith("}\n");
        try (Stream<Path> there = Files.list(folder)) {
            assertThat(there).containsExactly(file);
        }
    }

    @Test
    void saysWhatKeepsItFromBeingWritten() {
        Path file = folder.resolve("nowhere").resolve("audit.jsonl");

        audit.export(file);

        assertThat(audit.workProperty().get())
                .isEqualTo(
                        new AuditViewModel.Work.Failed(
                                true,
                                file
                                        + " cannot be written (there is no such folder). Choose a"
                                        + " folder that you may write to."));
    }

    @Test
    void keepsTheOldFileWhenTheServerFallsSilent() throws IOException {
        Path file = Files.writeString(folder.resolve("audit.jsonl"), "an older export");
        console.server().audit().breakOffExports("The connection was reset.");

        audit.export(file);

        assertThat(audit.workProperty().get())
                .isInstanceOfSatisfying(
                        AuditViewModel.Work.Failed.class,
                        failed -> assertThat(failed.why()).contains("The connection was reset."));
        assertThat(file).hasContent("an older export");
    }
}
