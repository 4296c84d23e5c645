package drawbridge.console.witness;

import java.time.Instant;

/**
 * Why the server's audit cannot be the one that was witnessed.
 *
 * @param tenant whose chain
 * @param sequence the checkpoint's
 * @param number the row it ends with
 * @param at when it was signed
 */
public record Contradiction(Kind kind, String tenant, long sequence, long number, Instant at) {
    /** What does not fit. */
    public enum Kind {
        /** The server signs with another key than before. */
        KEY,
        /** A checkpoint is not signed by the server's key. */
        SIGNATURE,
        /** The server shows another checkpoint in the place of the one that was kept. */
        OTHER,
        /** A checkpoint does not follow the one that was kept. */
        ORDER,
        /** The server no longer has a checkpoint that was kept. */
        LOST
    }
}
