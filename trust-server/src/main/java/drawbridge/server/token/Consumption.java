package drawbridge.server.token;

import java.util.Optional;

/**
 * How the consumption of a token ended.
 *
 * @param <T> what its effect gives
 */
public sealed interface Consumption<T> {
    /** It is spent, and its effect is done. */
    record Done<T>(T value) implements Consumption<T> {}

    /**
     * The one who spent it asks again: nothing was done now.
     *
     * @param token the spent token
     * @param answer what the first call was answered, where that is kept
     */
    record Repeated<T>(TokenRow token, Optional<String> answer) implements Consumption<T> {
        @Override
        public String toString() {
            return "Repeated[" + token.id() + "]";
        }
    }

    /** Nothing was done; clients are told no more than that, the audit holds why. */
    record Refused<T>(Layer layer, String reason) implements Consumption<T> {}
}
