package drawbridge.model.view;

/**
 * How far memory is filled with the most recently active sessions at the server's start.
 *
 * @param state {@code running}, {@code done}, {@code out_of_time}, {@code failed} (the log says
 *     why) or {@code off}
 * @param loaded sessions taken into memory so far
 * @param wanted how many at most
 * @param tookMillis since it began, or in all when it is over
 */
public record Warming(String state, long loaded, long wanted, long tookMillis) {
    /** Whether it is over, or never was. */
    public boolean hasEnded() {
        return !state.equals("running");
    }
}
