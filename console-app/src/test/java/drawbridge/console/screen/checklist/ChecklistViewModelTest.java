package drawbridge.console.screen.checklist;

import static drawbridge.console.model.Sessions.START;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.fake.FakeChecklist;
import drawbridge.console.fake.FakeConsole;
import drawbridge.console.ui.Words;
import drawbridge.model.Practice;
import drawbridge.model.view.ChecklistEvidence;
import drawbridge.model.view.ChecklistItem;
import drawbridge.model.view.ChecklistView;
import drawbridge.model.view.SecretScan;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

class ChecklistViewModelTest {
    private final FakeConsole console = new FakeConsole(START);
    private final FakeChecklist server = console.server().checklist();
    private final ChecklistViewModel checklist =
            new ChecklistViewModel(
                    console.model(),
                    console.background(),
                    console.later(),
                    Words.in(Locale.ENGLISH));

    private static ChecklistView judged(String verdict) {
        return new ChecklistView(
                "default",
                START,
                verdict,
                verdict.equals("pass") ? 1 : 0,
                null,
                false,
                List.of(
                        new ChecklistItem(
                                Practice.INPUT.wireName(),
                                verdict,
                                List.of(
                                        new ChecklistEvidence(
                                                "body_large",
                                                verdict,
                                                "bodies of up to 2 MiB are read",
                                                "settings",
                                                null,
                                                null,
                                                null,
                                                null)),
                                START,
                                null)));
    }

    private static SecretScan scan(String state) {
        return new SecretScan(
                state,
                null,
                START,
                state.equals("running") ? null : START,
                3,
                0,
                4_096,
                0,
                "server.log",
                "",
                List.of());
    }

    @BeforeEach
    void open() {
        server.checklist(judged("pass"));
        console.model().open();
        console.supervisor().enter(console.server().running());
    }

    private String verdict() {
        return checklist.checklistProperty().get().orElseThrow().verdict();
    }

    @Test
    void theTileHasItBeforeAnybodyLooks() {
        assertThat(verdict()).isEqualTo("pass");
    }

    @Test
    void aWeakenedServerIsSeenWithoutAnEventWhileTheScreenIsShown() {
        checklist.shown();
        server.checklist(judged("warn"));
        for (int second = 0; second < 16; second++) {
            console.clock().advance(Duration.ofSeconds(1));
            console.model().tick();
        }

        assertThat(verdict()).isEqualTo("warn");
    }

    @Test
    void tryingTellsHowItEnded() {
        checklist.shown();
        server.afterTrying(judged("fail"));

        checklist.tryNow();

        assertThat(verdict()).isEqualTo("fail");
        assertThat(checklist.noticeProperty().get().orElseThrow().mark()).isEqualTo(Mark.FAIL);
        assertThat(checklist.tryingProperty().get()).isFalse();
    }

    @Test
    void aTryThatFailedKeepsWhatWasRead() {
        checklist.shown();
        console.server().fallSilent("Nothing listens.");

        checklist.tryNow();

        assertThat(verdict()).isEqualTo("pass");
        assertThat(checklist.noticeProperty().get().orElseThrow().text())
                .contains("Nothing listens.");
    }

    @Test
    void aSearchIsFollowedToItsEnd() {
        checklist.shown();
        server.onSearch(scan("running"));
        checklist.search("  ");
        assertThat(checklist.isSearching()).isTrue();
        assertThat(server.searched()).containsExactly("");

        server.scan(scan("done"));
        console.later().elapse();

        assertThat(checklist.isSearching()).isFalse();
    }
}
