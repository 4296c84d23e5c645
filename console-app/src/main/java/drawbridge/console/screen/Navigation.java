package drawbridge.console.screen;

/** Goes from one screen to another. Used on the FX thread. */
public interface Navigation {
    /** The screens, in the order of the navigation. */
    enum Screen {
        OVERVIEW,
        SESSIONS,
        SERVER
    }

    /** Shows that screen. */
    void show(Screen screen);

    /** Shows the sessions that a filter finds, live and ended. */
    void showSessions(String filter);
}
