package drawbridge.server.http;

import drawbridge.model.ProblemCode;

import org.jspecify.annotations.Nullable;

/**
 * Ends a request with an error answer. Carries no cause and no stack: it is an answer, not a fault.
 */
final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ProblemCode code;
    private final @Nullable String field;
    private final int retryAfterSeconds;

    ProblemException(
            ProblemCode code, String message, @Nullable String field, int retryAfterSeconds) {
        super(message, null, false, false);
        this.code = code;
        this.field = field;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    static ProblemException of(ProblemCode code, String message) {
        return new ProblemException(code, message, null, 0);
    }

    static ProblemException inField(String field, String message) {
        return new ProblemException(ProblemCode.INVALID_FIELD, field + ": " + message, field, 0);
    }

    static ProblemException later(ProblemCode code, String message, int retryAfterSeconds) {
        return new ProblemException(code, message, null, retryAfterSeconds);
    }

    ProblemCode code() {
        return code;
    }

    @Nullable String field() {
        return field;
    }

    /** For the Retry-After header; 0 when there is none. */
    int retryAfterSeconds() {
        return retryAfterSeconds;
    }

    @Override
    public String getMessage() {
        String message = super.getMessage();
        return message == null ? code.name() : message;
    }
}
