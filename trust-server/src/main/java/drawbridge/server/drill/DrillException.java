package drawbridge.server.drill;

/** A drill could not be played; says what was tried and why it failed. */
final class DrillException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DrillException(String message) {
        super(message);
    }

    DrillException(String message, Throwable cause) {
        super(message, cause);
    }
}
