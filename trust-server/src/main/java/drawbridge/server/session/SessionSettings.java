package drawbridge.server.session;

import java.time.Duration;

/**
 * How long sessions last.
 *
 * @param usual of a session nobody asked more for
 * @param remembered of one whose user asked to be remembered
 * @param hold how long an administrator's revocation can be undone
 * @param grace how long an id still counts after it was replaced
 */
public record SessionSettings(
        Lifetimes usual, Lifetimes remembered, Duration hold, Duration grace) {
    /**
     * Three lifetimes.
     *
     * @param idle how long a session lasts unused
     * @param absolute how long one id of it lasts at most
     * @param renewable how long after its login it can be given new ids; never less than {@code
     *     absolute}
     */
    public record Lifetimes(Duration idle, Duration absolute, Duration renewable) {}

    /** The lifetimes for a login. */
    Lifetimes forLogin(boolean isRemembered) {
        return isRemembered ? remembered : usual;
    }
}
