package drawbridge.console.model;

/**
 * How far the list of sessions has been read.
 *
 * @param loaded rows read so far
 * @param total rows that will be read, as far as it is known: as many as there are, or as are kept;
 *     at least {@code loaded}
 * @param done whether nothing more follows
 * @param problem why reading ended early; empty when it did not
 */
public record Loading(long loaded, long total, boolean done, String problem) {
    /** Nothing was asked for yet. */
    public static final Loading NONE = new Loading(0, 0, true, "");
}
