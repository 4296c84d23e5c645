package drawbridge.console.model;

/**
 * How far the list of sessions has been read.
 *
 * @param loaded rows read so far
 * @param total rows there are, as the server last said; 0 before the first page
 * @param done whether nothing more follows
 * @param problem why reading ended early; empty when it did not
 */
public record Loading(long loaded, long total, boolean done, String problem) {
    /** Nothing was asked for yet. */
    public static final Loading NONE = new Loading(0, 0, true, "");
}
