package drawbridge.console.screen.sessions;

import static drawbridge.console.model.Sessions.START;
import static drawbridge.console.model.Sessions.live;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.fake.FakeConsole;
import drawbridge.console.fake.FakeServer;
import drawbridge.console.fake.ManualLater;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.model.SessionEntry;
import drawbridge.console.model.SessionsModel;
import drawbridge.console.ui.AgentNames;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/** The list of a server that has more sessions than the console holds. */
class SessionsPartTest {
    private final FakeConsole console = new FakeConsole(START, new SessionsModel.Most(3, 2));
    private final FakeServer server = console.server();
    private final ManualLater later = console.later();
    private final ConsoleModel model = console.model();
    private final Words words = Words.in(Locale.ENGLISH);
    private final SessionsViewModel sessions =
            new SessionsViewModel(
                    model,
                    console.background(),
                    later,
                    words,
                    new Formats(words, Locale.ENGLISH, ZoneOffset.UTC),
                    new AgentNames(),
                    (tone, title, text) -> {});

    @BeforeEach
    void run() {
        for (int i = 0; i < 12; i++) {
            server.hold(live("ref-" + i, i == 0 ? "ana" : "bela"));
        }
        model.open();
        console.supervisor().enter(server.running());
        settle();
    }

    private void settle() {
        model.tick();
        later.elapse();
        later.elapse();
    }

    private List<String> shown() {
        return sessions.foundProperty().get().rows().stream().map(SessionEntry::ref).toList();
    }

    @Test
    void saysHowManyOfHowManyItHolds() {
        assertThat(model.sessions().size()).isEqualTo(3);
        assertThat(sessions.wholeProperty().get()).isFalse();
        assertThat(sessions.partText().orElseThrow())
                .startsWith("The console holds 3 of about 12 live sessions:");
    }

    @Test
    void roundsToThreeDigits() {
        assertThat(SessionsViewModel.roughly(0)).isZero();
        assertThat(SessionsViewModel.roughly(999)).isEqualTo(999);
        assertThat(SessionsViewModel.roughly(1_004)).isEqualTo(1_000);
        assertThat(SessionsViewModel.roughly(152_499)).isEqualTo(152_000);
        assertThat(SessionsViewModel.roughly(999_700)).isEqualTo(1_000_000);
    }

    @Test
    void saysNothingOfPartsWhenAllAreHeld() {
        FakeConsole small = new FakeConsole(START);
        small.server().hold(live("a", "ana"));
        SessionsViewModel all =
                new SessionsViewModel(
                        small.model(),
                        small.background(),
                        small.later(),
                        words,
                        new Formats(words, Locale.ENGLISH, ZoneOffset.UTC),
                        new AgentNames(),
                        (tone, title, text) -> {});
        small.model().open();
        assertThat(all.partText()).isEmpty();

        small.supervisor().enter(small.server().running());
        small.model().tick();

        assertThat(all.partText()).isEmpty();
        all.find("user:ana");
        assertThat(all.canLook()).isFalse();
    }

    @Test
    void looksOnTheServerForWhatItDoesNotHold() {
        String unheld =
                server.rows().keySet().stream()
                        .filter(ref -> model.sessions().find(ref).isEmpty())
                        .findFirst()
                        .orElseThrow();
        sessions.filterTextProperty().set("ref:" + unheld);
        settle();
        assertThat(shown()).isEmpty();
        assertThat(sessions.canLook()).isTrue();

        sessions.look();
        settle();

        assertThat(shown()).contains(unheld);
        assertThat(sessions.lookedProperty().get().text()).endsWith(" here now.");
        sessions.filterTextProperty().set("user:nobody");
        settle();
        assertThat(sessions.lookedProperty().get()).isEqualTo(SessionsViewModel.Looked.NOT);
        sessions.look();
        assertThat(sessions.lookedProperty().get().text())
                .isEqualTo("The server has none that match.");
    }

    @Test
    void asksTheServerAtOnceForWhatAnotherScreenMeans() {
        sessions.find("user:ana");
        settle();

        assertThat(shown()).containsExactly("ref-0");
        assertThat(sessions.lookedProperty().get().text())
                .isEqualTo("The one that matches on the server is here now.");
    }

    @Test
    void saysWhyTheServerWasNotAsked() {
        server.breakDown(new OutOfMemoryError("Java heap space"));

        sessions.find("user:ana");

        assertThat(sessions.lookedProperty().get().working()).isFalse();
        assertThat(sessions.lookedProperty().get().text()).startsWith("Not found out:");
    }

    @Test
    void doesNotCallASessionLiveThatItNoLongerFollows() {
        SessionEntry shown = model.sessions().copy().getFirst();
        assertThat(sessions.statusOf(shown, START).look()).isEqualTo(RowStatus.Look.LIVE);
        for (int i = 20; i < 40; i++) {
            server.open(live("ref-" + i, "bela"));
        }
        model.tick();

        assertThat(model.sessions().size()).isEqualTo(3);
        assertThat(sessions.statusOf(shown, START))
                .isEqualTo(
                        new RowStatus(
                                RowStatus.Look.FORGOTTEN,
                                "no longer followed",
                                RowStatus.Action.NONE));
    }
}
