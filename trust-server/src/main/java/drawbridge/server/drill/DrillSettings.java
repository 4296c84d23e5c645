package drawbridge.server.drill;

import java.time.Duration;
import java.util.List;

/**
 * What of the server's settings a control depends on.
 *
 * @param base the path under which the public API is
 * @param limits requests a minute
 * @param passwords what guards passwords
 * @param cookieNames how the device cookie may be named, the most usual first; empty when there are
 *     no cookies
 * @param linkLifetime how long a link that logs in works
 * @param idle after which a session ends without use
 * @param memory the memory tier
 */
public record DrillSettings(
        String base,
        Limits limits,
        Passwords passwords,
        List<String> cookieNames,
        Duration linkLifetime,
        Duration idle,
        Memory memory) {
    public DrillSettings {
        cookieNames = List.copyOf(cookieNames);
    }

    /**
     * Requests a minute from one source.
     *
     * @param authentication logins and the like
     * @param secrets wrong bridge secrets
     */
    public record Limits(int authentication, int secrets) {}

    /**
     * What guards passwords.
     *
     * @param memoryKib Argon2id's memory, at least
     * @param iterations its passes, at least
     * @param lockout failures in a row that close an account to unknown devices
     * @param minLength of a password
     */
    public record Passwords(int memoryKib, int iterations, int lockout, int minLength) {}

    /**
     * The memory tier.
     *
     * @param sessions how many it keeps
     * @param isWarmed whether it is filled at the start
     */
    public record Memory(int sessions, boolean isWarmed) {}
}
