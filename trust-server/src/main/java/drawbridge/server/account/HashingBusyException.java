package drawbridge.server.account;

import java.time.Duration;

/** A password could not be hashed in time; nothing is known about it. Answered 503. */
public final class HashingBusyException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final Duration retryAfter;

    HashingBusyException(String message, Duration retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    HashingBusyException(String message, Duration retryAfter, Throwable cause) {
        super(message, cause);
        this.retryAfter = retryAfter;
    }

    /** When it is worth coming back; at least a second. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
