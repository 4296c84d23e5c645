package drawbridge.console.client;

/** Faults of the console's own, in words for the person at it. */
public final class Faults {
    private Faults() {}

    /** One sentence: what went wrong, and what the console or the person does about it. */
    public static String words(Throwable fault) {
        if (fault instanceof OutOfMemoryError) {
            return "The console ran out of memory. It reads everything again; restart it if this"
                    + " happens again.";
        }
        return "The console ran into a fault of its own (%s). It reads everything again."
                .formatted(fault.getClass().getSimpleName());
    }
}
