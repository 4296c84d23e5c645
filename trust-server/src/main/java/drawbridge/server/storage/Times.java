package drawbridge.server.storage;

import java.time.Instant;

/**
 * Instants as the database holds them: microseconds since 1970-01-01T00:00Z. By plain arithmetic:
 * each validation from memory does both.
 */
public final class Times {
    private static final long PER_SECOND = 1_000_000;
    private static final int NANOS = 1_000;

    private Times() {}

    /** The microseconds of an instant; what is finer is cut off. */
    public static long micros(Instant at) {
        return Math.addExact(
                Math.multiplyExact(at.getEpochSecond(), PER_SECOND), at.getNano() / NANOS);
    }

    /** The instant of so many microseconds. */
    public static Instant instant(long micros) {
        return Instant.ofEpochSecond(
                Math.floorDiv(micros, PER_SECOND), Math.floorMod(micros, PER_SECOND) * NANOS);
    }
}
