package drawbridge.console.screen.server;

import static drawbridge.console.model.Sessions.START;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.fake.FakeConsole;
import drawbridge.console.screen.Capabilities;
import drawbridge.console.screen.server.ServerViewModel.Look;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;

import org.junit.jupiter.api.Test;

import java.time.ZoneOffset;
import java.util.Locale;

class ServerViewModelTest {
    private final FakeConsole console = new FakeConsole(START);
    private final Words words = Words.in(Locale.ENGLISH);

    private ServerViewModel open(Capabilities offers) {
        Formats formats = new Formats(words, Locale.ENGLISH, ZoneOffset.UTC);
        ServerViewModel server = new ServerViewModel(console.model(), offers, words, formats);
        console.model().open();
        console.supervisor().enter(console.server().running());
        return server;
    }

    @Test
    void aServerElsewhereIsNotCalledConnectedWhileNothingIsHeardOfIt() {
        ServerViewModel server = open(Capabilities.ELSEWHERE);
        assertThat(server.cardProperty().get().look()).isEqualTo(Look.RUNNING);

        console.server().breakFeed(START, "Nothing listens.");

        assertThat(server.cardProperty().get().look()).isEqualTo(Look.WAITING);
        assertThat(server.cardProperty().get().text()).isEqualTo("Nothing listens.");
        assertThat(server.latest()).isEmpty();
    }

    @Test
    void anOwnServerRunsWhateverBecomesOfItsFeed() {
        ServerViewModel server = open(Capabilities.HERE);

        console.server().breakFeed(START, "Nothing listens.");

        assertThat(server.cardProperty().get().look()).isEqualTo(Look.RUNNING);
    }
}
