package drawbridge.server.session;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;

/**
 * How a session goes on under new ids.
 *
 * @param lifetime how long one id lasts at most
 * @param until when no new id is given any more; the session's last end
 * @param replaced set when the id it was found by is not its newest one
 */
public record Renewal(Duration lifetime, Instant until, @Nullable Replaced replaced) {
    /**
     * That an id was replaced by another.
     *
     * @param at when
     * @param graceEnd from when on its use means that two parties hold it
     */
    public record Replaced(Instant at, Instant graceEnd) {}

    /** When an id that is given at that instant ends. */
    public Instant endOf(Instant given) {
        Instant end = given.plus(lifetime);
        return end.isBefore(until) ? end : until;
    }
}
