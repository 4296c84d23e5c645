package drawbridge.server.storage;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Instants as the database holds them: microseconds since 1970-01-01T00:00Z. */
public final class Times {
    private Times() {}

    /** The microseconds of an instant; what is finer is cut off. */
    public static long micros(Instant at) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, at);
    }

    /** The instant of so many microseconds. */
    public static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
