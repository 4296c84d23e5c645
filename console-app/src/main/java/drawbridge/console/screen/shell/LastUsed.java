package drawbridge.console.screen.shell;

import drawbridge.console.screen.ScreenAction;
import drawbridge.console.ui.Remembered;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What was run from the palette, last first; remembered from one start to the next. Only what the
 * console itself offers is: what the server found has names of people in it.
 */
public final class LastUsed {
    private static final String KEY = "palette.used";
    private static final int MOST = 12;

    private final Remembered remembered;
    private final List<String> names;

    /** What was used up to now. */
    public LastUsed(Remembered remembered) {
        this.remembered = remembered;
        this.names =
                new ArrayList<>(
                        remembered.find(KEY).map(String::lines).stream()
                                .flatMap(lines -> lines)
                                .toList());
    }

    /** That one was run now. */
    void used(ScreenAction action) {
        names.remove(action.name());
        names.addFirst(action.name());
        if (names.size() > MOST) {
            names.removeLast();
        }
        remembered.put(KEY, String.join("\n", names));
    }

    /** The last used first, all others behind them in their order. */
    List<ScreenAction> sorted(List<ScreenAction> actions) {
        return actions.stream().sorted(Comparator.comparingInt(this::place)).toList();
    }

    private int place(ScreenAction action) {
        int at = names.indexOf(action.name());
        return at < 0 ? MOST : at;
    }
}
