package drawbridge.model;

import org.jspecify.annotations.Nullable;

/**
 * An error as it stands on the wire.
 *
 * @param success always false
 * @param error a sentence for a person; some clients compare it letter by letter on {@code /auth}
 * @param message the same sentence, where clients look for {@code message}
 * @param code the name of a {@link ProblemCode}; a newer server may send one this build does not
 *     know
 * @param field the field at fault, as the request spelled it; null when none is
 * @param requestId finds the request in the server's log; null when the server never saw it whole
 */
public record Problem(
        boolean success,
        String error,
        String message,
        String code,
        @Nullable String field,
        @Nullable String requestId) {}
