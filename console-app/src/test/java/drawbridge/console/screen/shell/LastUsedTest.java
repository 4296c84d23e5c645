package drawbridge.console.screen.shell;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.fake.RememberedInMemory;
import drawbridge.console.screen.ScreenAction;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.IntStream;

class LastUsedTest {
    private final RememberedInMemory remembered = new RememberedInMemory();
    private final List<ScreenAction> offered =
            IntStream.range(0, 30).mapToObj(i -> action("action " + i)).toList();

    private static ScreenAction action(String name) {
        return new ScreenAction("fth-play", name, () -> {});
    }

    private List<String> first(int many) {
        return new LastUsed(remembered)
                .sorted(offered).stream().limit(many).map(ScreenAction::name).toList();
    }

    @Test
    void offersWhatWasUsedLastFirstAlsoAfterARestart() {
        LastUsed lastUsed = new LastUsed(remembered);
        lastUsed.used(offered.get(7));
        lastUsed.used(offered.get(3));
        lastUsed.used(offered.get(7));

        assertThat(first(4)).containsExactly("action 7", "action 3", "action 0", "action 1");
    }

    @Test
    void offersAllInTheirOrderWhenNothingWasUsed() {
        assertThat(first(3)).containsExactly("action 0", "action 1", "action 2");
    }

    @Test
    void remembersOnlyTheLastDozen() {
        LastUsed lastUsed = new LastUsed(remembered);
        offered.forEach(lastUsed::used);

        assertThat(first(13)).startsWith("action 29").contains("action 18").endsWith("action 0");
    }
}
