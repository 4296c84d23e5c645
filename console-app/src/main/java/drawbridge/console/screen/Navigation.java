package drawbridge.console.screen;

import javafx.scene.input.KeyCode;

import java.util.Set;

/** Goes from one screen to another. Used on the FX thread. */
public interface Navigation {
    /** The screens, in the order of the navigation. */
    enum Screen {
        OVERVIEW("fth-activity", KeyCode.DIGIT1, KeyCode.NUMPAD1),
        SESSIONS("fth-users", KeyCode.DIGIT2, KeyCode.NUMPAD2),
        USERS("fth-user", KeyCode.DIGIT3, KeyCode.NUMPAD3),
        ROUTES("fth-git-branch", KeyCode.DIGIT4, KeyCode.NUMPAD4),
        THREATS("fth-shield", KeyCode.DIGIT5, KeyCode.NUMPAD5),
        SECRETS("fth-key", KeyCode.DIGIT6, KeyCode.NUMPAD6),
        TOKENS("fth-link", KeyCode.DIGIT7, KeyCode.NUMPAD7),
        AUDIT("fth-book-open", KeyCode.DIGIT8, KeyCode.NUMPAD8),
        CHECKLIST("fth-check-square", KeyCode.DIGIT9, KeyCode.NUMPAD9),
        SERVER("fth-server", KeyCode.DIGIT0, KeyCode.NUMPAD0),

        /** Behind the bell, beside the others. */
        ALERTS("fth-bell", KeyCode.B),

        /** Below the others. */
        SETTINGS("fth-settings", KeyCode.COMMA);

        private final String icon;
        private final Set<KeyCode> keys;

        Screen(String icon, KeyCode... keys) {
            this.icon = icon;
            this.keys = Set.of(keys);
        }

        /** Its icon's name. */
        public String icon() {
            return icon;
        }

        /** Whether that key, with the shortcut key held, goes there. */
        public boolean isReachedBy(KeyCode code) {
            return keys.contains(code);
        }
    }

    /** Shows that screen. */
    void show(Screen screen);

    /** Shows the sessions that a filter finds, live and ended. */
    void showSessions(String filter);

    /** Shows the users that a filter finds, however they stand. */
    void showUsers(String filter);

    /** Shows the alert of that id. */
    void showAlert(String id);
}
