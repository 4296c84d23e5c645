package drawbridge.console.screen.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import javafx.collections.ListChangeListener;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class SwappedRowsTest {
    private final SwappedRows<String> rows = new SwappedRows<>();

    @Test
    void tellsEachListenerOnceWhatWentAndWhatCame() {
        rows.swap(List.of("a", "b"));
        List<String> told = new ArrayList<>();
        ListChangeListener<String> listener =
                change -> {
                    while (change.next()) {
                        told.add(
                                change.getRemoved()
                                        + ">"
                                        + change.getAddedSubList()
                                        + change.wasReplaced()
                                        + change.wasPermutated());
                    }
                };
        rows.addListener(listener);
        rows.addListener(listener);

        rows.swap(List.of("b", "c", "d"));

        assertThat(told).containsExactly("[a, b]>[b, c, d]truefalse", "[a, b]>[b, c, d]truefalse");
        assertThat(rows).containsExactly("b", "c", "d");
        assertThat(rows.indexOf("d")).isEqualTo(2);
    }
}
