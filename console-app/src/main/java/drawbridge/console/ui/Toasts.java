package drawbridge.console.ui;

/** Tells how an action ended, briefly and beside the work. Used on the FX thread. */
@FunctionalInterface
public interface Toasts {
    /** How good the news is; shown by icon and colour. */
    enum Tone {
        DONE,
        /** It has begun, and ends elsewhere. */
        UNDER_WAY,
        PROBLEM
    }

    /** Shows it for a while. */
    void tell(Tone tone, String title, String text);

    /**
     * Shows it for a while; whoever clicks it is led on.
     *
     * @param open leads there
     */
    default void tell(Tone tone, String title, String text, Runnable open) {
        tell(tone, title, text);
    }
}
