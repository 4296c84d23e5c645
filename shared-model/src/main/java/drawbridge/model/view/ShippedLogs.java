package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

/**
 * How log lines fare that are sent to a receiver elsewhere.
 *
 * @param target where to, such as {@code tls://logs.example.com:6514}
 * @param arriving whether the receiver takes them now
 * @param shipped lines handed to it since the server started
 * @param lost lines that were given up since then: too many waited, or the server ended
 * @param waiting lines that wait now
 * @param capacity lines that may wait
 * @param connections how often a connection was made; more than 1 says it broke
 * @param fault why it does not take them; null while it does
 */
public record ShippedLogs(
        String target,
        boolean arriving,
        long shipped,
        long lost,
        int waiting,
        int capacity,
        long connections,
        @Nullable String fault) {}
