package drawbridge.server.alert;

/**
 * When a rule fires.
 *
 * @param on whether it is judged
 * @param least below this it never fires, in the rule's unit
 * @param factor so many times what is usual it must be; 0 when that is not compared
 */
public record Terms(boolean on, int least, int factor) {
    /** The largest number of either kind. */
    public static final int MOST = 1_000_000_000;

    public Terms {
        if (least < 0 || least > MOST || factor < 0 || factor > 1_000) {
            throw new IllegalArgumentException("out of bounds: " + least + ", " + factor);
        }
    }
}
