package drawbridge.console.screen.server;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.Platform;
import drawbridge.console.fake.FakeConsole;
import drawbridge.console.model.Sessions;
import drawbridge.console.screen.FileKeeper;
import drawbridge.console.screen.server.CareViewModel.Stage;
import drawbridge.console.supervise.ServerCommands;
import drawbridge.console.supervise.ServerState;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.model.view.BackupRow;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;

class CareViewModelTest {
    private final FakeConsole console = new FakeConsole(Sessions.START);
    private final Words words = Words.in(Locale.ENGLISH);
    private final CareViewModel care = paced(Runnable::run);
    private final List<Stage> stages = new ArrayList<>();

    @TempDir private Path temp = Path.of("");

    private CareViewModel paced(Executor paced) {
        return new CareViewModel(
                console.model(),
                console.background(),
                paced,
                new FileKeeper(Platform.current()),
                words,
                new Formats(words, Locale.ENGLISH, ZoneOffset.UTC));
    }

    @BeforeEach
    void open() {
        console.model().open();
        console.supervisor().enter(console.server().running());
        console.model().tick();
        care.doingProperty().subscribe(now -> stages.add(now.stage()));
        stages.clear();
    }

    @Test
    void bringsABackupToAFileAndReadsItAgain() throws Exception {
        Path file = temp.resolve("kept.db");

        care.backUp(file);

        assertThat(care.endedProperty().get().good()).isTrue();
        assertThat(care.endedProperty().get().text()).contains("found whole", "SHA-256");
        assertThat(Files.readString(file)).isEqualTo("a whole database");
        assertThat(stages)
                .containsSubsequence(Stage.COPYING, Stage.FETCHING, Stage.COMPARING, Stage.IDLE);
        assertThat(care.backups()).extracting(BackupRow::kind).containsExactly("backup");
    }

    @Test
    void staysAtTheEndWhenNewsOfItsProgressComeLate() {
        List<Runnable> late = new ArrayList<>();
        CareViewModel slow = paced(late::add);

        slow.backUp(temp.resolve("kept.db"));
        late.forEach(Runnable::run);

        assertThat(slow.doingProperty().get().stage()).isEqualTo(Stage.IDLE);
        assertThat(slow.endedProperty().get().good()).isTrue();
        assertThat(slow.canBackUp()).isTrue();
    }

    @Test
    void keepsNothingThatArrivedOtherThanItWasSent() {
        Path file = temp.resolve("kept.db");
        console.server().upkeep().tearApart();

        care.backUp(file);

        assertThat(care.endedProperty().get().good()).isFalse();
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void isNotOfferedWhereTheFolderIsElsewhere() {
        assertThat(care.isHere()).isFalse();
        assertThat(care.canRestore()).isFalse();
        assertThat(care.canBackUp()).isTrue();
    }

    @Test
    void restoresWhileTheServerIsStoppedAndStartsItAgain() {
        List<String> done = new ArrayList<>();
        commands(done, new ServerCommands.Outcome.Done("before-restore-1.db"));

        care.restore(temp.resolve("kept.db"));

        assertThat(console.supervisor().asked()).containsExactly("stop");
        assertThat(done).isEmpty();

        console.supervisor().enter(new ServerState.Stopping(Sessions.START));
        assertThat(done).isEmpty();

        console.supervisor().enter(new ServerState.Stopped());
        assertThat(done).containsExactly("restore kept.db");
        assertThat(console.supervisor().asked()).containsExactly("stop", "start");
        assertThat(care.canRestore()).as("while it goes on").isFalse();

        console.supervisor().enter(new ServerState.Starting(Sessions.START));
        console.supervisor().enter(console.server().running());
        assertThat(care.endedProperty().get().title()).contains("kept.db is restored");
        assertThat(care.endedProperty().get().text()).contains("before-restore-1.db");
        assertThat(stages)
                .containsSubsequence(Stage.STOPPING, Stage.RESTORING, Stage.STARTING, Stage.IDLE);
    }

    @Test
    void startsTheServerAlsoWhenTheBackupIsRefused() {
        commands(new ArrayList<>(), new ServerCommands.Outcome.Refused("it is damaged"));

        care.restore(temp.resolve("kept.db"));
        console.supervisor().enter(new ServerState.Stopped());
        console.supervisor().enter(console.server().running());

        assertThat(console.supervisor().asked()).containsExactly("stop", "start");
        assertThat(care.endedProperty().get().good()).isFalse();
        assertThat(care.endedProperty().get().text())
                .isEqualTo("Nothing was changed. it is damaged");
    }

    @Test
    void restoresTheDatabaseOfAServerThatCouldNotStart() {
        commands(new ArrayList<>(), new ServerCommands.Outcome.Done(""));
        console.supervisor().enter(new ServerState.Failed("its database is damaged", ""));

        care.restore(temp.resolve("kept.db"));

        assertThat(console.supervisor().asked()).containsExactly("start");
        assertThat(care.doingProperty().get().stage()).isEqualTo(Stage.STARTING);
        console.supervisor().enter(new ServerState.Starting(Sessions.START));
        console.supervisor().enter(console.server().running());
        assertThat(care.endedProperty().get().good()).isTrue();
        assertThat(care.endedProperty().get().text()).doesNotContain("does not start");
    }

    @Test
    void saysSoWhenTheServerDoesNotStartAfterARestore() {
        commands(new ArrayList<>(), new ServerCommands.Outcome.Done(""));

        care.restore(temp.resolve("kept.db"));
        console.supervisor().enter(new ServerState.Stopped());
        console.supervisor().enter(new ServerState.Starting(Sessions.START));
        console.supervisor().enter(new ServerState.Failed("the port is taken", ""));

        assertThat(care.endedProperty().get().text()).contains("does not start");
    }

    @Test
    void savesABundleOfAServerThatDoesNotRun() throws Exception {
        List<String> done = new ArrayList<>();
        commands(done, new ServerCommands.Outcome.Done(""));
        console.supervisor().enter(new ServerState.Stopped());
        console.model().tick();

        care.saveDiagnostics(temp.resolve("bundle.zip"));

        assertThat(done).containsExactly("diagnose bundle.zip");
        assertThat(care.endedProperty().get().good()).isTrue();
    }

    private void commands(List<String> done, ServerCommands.Outcome outcome) {
        console.supervisor()
                .commands(
                        new ServerCommands() {
                            @Override
                            public Outcome restore(Path backup) {
                                done.add("restore " + backup.getFileName());
                                return outcome;
                            }

                            @Override
                            public Outcome diagnose(Path file) {
                                done.add("diagnose " + file.getFileName());
                                return outcome;
                            }
                        });
    }
}
