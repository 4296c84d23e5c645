package drawbridge.console.screen;

import java.util.List;

/**
 * What the frame asks of the screen that is shown, mostly for a key that was pressed. Used on the
 * FX thread. What a screen does not have, it leaves as it is here.
 */
public interface ScreenController {
    /** The screen came to the front. */
    default void shown() {}

    /** The screen went behind another one. */
    default void hidden() {}

    /** Puts the cursor into the main list. */
    default void focusList() {}

    /** Puts the cursor into the filter line; false without one. */
    default boolean focusFilter() {
        return false;
    }

    /** Reads again what it shows; asked of every screen, shown or not. */
    default void refetch() {}

    /** Closes what lies open on it, such as a drawer; false when nothing did. */
    default boolean closeDrawer() {
        return false;
    }

    /** Revokes or deletes what is selected; false when that means nothing here. */
    default boolean deleteSelected() {
        return false;
    }

    /** Takes the last act on what is selected back; false when that means nothing here. */
    default boolean undoSelected() {
        return false;
    }

    /** Selects what has that name in its list, now or as soon as it was read. */
    default void showItem(String name) {}

    /** What the palette offers of it, whichever screen is shown. */
    default List<ScreenAction> actions() {
        return List.of();
    }
}
