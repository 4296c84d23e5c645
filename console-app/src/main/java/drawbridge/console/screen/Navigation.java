package drawbridge.console.screen;

import javafx.scene.input.KeyCode;

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
        SERVER("fth-server", KeyCode.DIGIT0, KeyCode.NUMPAD0);

        private final String icon;
        private final KeyCode digit;
        private final KeyCode onKeypad;

        Screen(String icon, KeyCode digit, KeyCode onKeypad) {
            this.icon = icon;
            this.digit = digit;
            this.onKeypad = onKeypad;
        }

        /** Its icon's name. */
        public String icon() {
            return icon;
        }

        /** Whether that key, with the shortcut key held, goes there. */
        public boolean isReachedBy(KeyCode code) {
            return code == digit || code == onKeypad;
        }
    }

    /** Shows that screen. */
    void show(Screen screen);

    /** Shows the sessions that a filter finds, live and ended. */
    void showSessions(String filter);
}
