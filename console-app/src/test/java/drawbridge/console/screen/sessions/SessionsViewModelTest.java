package drawbridge.console.screen.sessions;

import static drawbridge.console.model.Sessions.START;
import static drawbridge.console.model.Sessions.live;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.fake.FakeConsole;
import drawbridge.console.fake.FakeServer;
import drawbridge.console.fake.FakeSupervisor;
import drawbridge.console.fake.ManualLater;
import drawbridge.console.fake.MutableClock;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.model.SessionEntry;
import drawbridge.console.ui.AgentNames;
import drawbridge.console.ui.Background;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.model.Problem;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

class SessionsViewModelTest {
    private final FakeConsole console = new FakeConsole(START);
    private final MutableClock clock = console.clock();
    private final ManualLater later = console.later();
    private final FakeSupervisor supervisor = console.supervisor();
    private final FakeServer server = console.server();
    private final Background background = console.background();
    private final ConsoleModel model = console.model();
    private final Words words = Words.in(Locale.ENGLISH);
    private final List<String> toasts = new ArrayList<>();
    private final SessionsViewModel sessions =
            new SessionsViewModel(
                    model,
                    background,
                    later,
                    words,
                    new Formats(words, Locale.ENGLISH, ZoneOffset.UTC),
                    new AgentNames(),
                    (tone, title, text) -> toasts.add(tone + " " + title + " " + text));

    @BeforeEach
    void run() {
        server.hold(live("a", "ana"));
        server.hold(live("b", "bela"));
        server.hold(live("c", "ana"));
        model.open();
        supervisor.enter(server.running());
        settle();
    }

    private void settle() {
        model.tick();
        later.elapse();
        later.elapse();
    }

    private SessionEntry entry(String ref) {
        return model.sessions().find(ref).orElseThrow();
    }

    private List<String> shown() {
        return sessions.foundProperty().get().rows().stream().map(SessionEntry::ref).toList();
    }

    private RowStatus status(String ref) {
        return sessions.statusOf(entry(ref), clock.instant());
    }

    @Test
    void showsOnlyWhatPassesTheFilterAndCountsItTruly() {
        sessions.filterTextProperty().set("user:ana");
        settle();

        assertThat(shown()).containsExactlyInAnyOrder("a", "c");
        assertThat(sessions.foundProperty().get().live()).isEqualTo(2);
        assertThat(sessions.foundProperty().get().ended()).isZero();
    }

    @Test
    void waitsForAPauseInTypingBeforeItFilters() {
        sessions.filterTextProperty().set("user:ana");

        assertThat(shown()).hasSize(3);
    }

    @Test
    void goesByTheWordsBeforeOneThatIsOnlyBegun() {
        sessions.filterTextProperty().set("bela");
        settle();

        sessions.filterTextProperty().set("user:ana state:");
        settle();

        assertThat(shown()).containsExactlyElementsOf(shownWith("user:ana"));
        assertThat(shown()).isNotEmpty();
    }

    private List<String> shownWith(String line) {
        sessions.filterTextProperty().set(line);
        settle();
        return shown();
    }

    @Test
    void namesTheWrongWordAndKeepsWhatWasShown() {
        sessions.filterTextProperty().set("user:ana");
        settle();

        sessions.filterTextProperty().set("user:ana staet:live");
        settle();

        assertThat(sessions.problemProperty().get()).isPresent();
        assertThat(sessions.problemProperty().get().orElseThrow().position()).isEqualTo(9);
        assertThat(shown()).containsExactlyInAnyOrder("a", "c");
    }

    @Test
    void saysAfterRevokeOnHowManyNodesAndOffersUndo() {
        sessions.revoke(entry("a"));
        settle();

        assertThat(status("a"))
                .isEqualTo(
                        new RowStatus(
                                RowStatus.Look.HELD,
                                "refused on 1 of 1 nodes after 9 ms",
                                RowStatus.Action.UNDO));
        assertThat(sessions.undoText(entry("a"), clock.instant().plusMillis(2_500)))
                .isEqualTo("Undo (28 s)");
        assertThat(server.row("a").state()).isEqualTo("held");
    }

    @Test
    void keepsHeldRowWhereItWasWithoutCountingItAsLive() {
        sessions.revoke(entry("a"));
        settle();
        model.tick();

        assertThat(shown()).contains("a");
        assertThat(sessions.foundProperty().get().live()).isEqualTo(2);
        assertThat(sessions.foundProperty().get().ended()).isEqualTo(1);
    }

    @Test
    void undoMakesTheSessionLiveAgain() {
        sessions.revoke(entry("a"));
        settle();

        sessions.undo(entry("a"));
        settle();

        assertThat(status("a").action()).isEqualTo(RowStatus.Action.REVOKE);
        assertThat(server.row("a").state()).isEqualTo("live");
    }

    @Test
    void offersNoUndoOnceItsTimeIsOver() {
        sessions.revoke(entry("a"));
        clock.advance(Duration.ofSeconds(30));
        model.tick();

        sessions.undo(entry("a"));
        settle();

        assertThat(status("a").look()).isEqualTo(RowStatus.Look.REVOKED);
        assertThat(status("a").action()).isEqualTo(RowStatus.Action.NONE);
        assertThat(server.row("a").state()).isEqualTo("held");
    }

    @Test
    void saysWhyItWasNotRevokedAndOffersItAgain() {
        server.refuse(
                new Problem(
                        false,
                        "Not confirmed.",
                        "Not confirmed.",
                        "REVOCATION_PENDING",
                        null,
                        "r"));

        sessions.revoke(entry("a"));
        settle();

        assertThat(status("a"))
                .isEqualTo(
                        new RowStatus(
                                RowStatus.Look.PROBLEM,
                                "Not revoked: Not confirmed (REVOCATION_PENDING).",
                                RowStatus.Action.REVOKE));
        assertThat(toasts).hasSize(1);
    }

    @Test
    void saysThatNoAnswerLeavesItOpenWhetherItHappened() {
        server.fallSilent("connection refused");

        sessions.revoke(entry("a"));

        assertThat(status("a").text()).contains("may or may not have happened");
    }

    @Test
    void doesNothingWhileWhatIsShownMayBeOld() {
        server.breakFeed(START, "reset");

        sessions.revoke(entry("a"));

        assertThat(server.row("a").state()).isEqualTo("live");
        assertThat(sessions.canAct()).isFalse();
    }

    @Test
    void revokesAllOfOneUserAndSaysHowMany() {
        assertThat(sessions.liveOf("u-ana")).isEqualTo(2);

        sessions.revokeAllOf(entry("a").row(), "left");
        settle();

        assertThat(server.row("a").state()).isEqualTo("revoked");
        assertThat(server.row("c").state()).isEqualTo("revoked");
        assertThat(server.row("b").state()).isEqualTo("live");
        assertThat(toasts.getFirst()).contains("2 sessions revoked").contains("1 of 1 nodes");
    }

    @Test
    void turnsTheOrderRound() {
        sessions.sortProperty().set(SessionColumn.USER);
        sessions.descendingProperty().set(true);
        settle();

        assertThat(shown().getFirst()).isEqualTo("b");
    }
}
