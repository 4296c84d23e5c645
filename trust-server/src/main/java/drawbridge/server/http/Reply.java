package drawbridge.server.http;

/** An answer that is ready to be sent: JSON that nobody may keep. */
final class Reply {
    private final int status;
    private final byte[] body;
    private final long retryAfterSeconds;

    /**
     * @param body UTF-8; taken over, not copied
     * @param retryAfterSeconds for the header Retry-After; 0 for none
     */
    Reply(int status, byte[] body, long retryAfterSeconds) {
        this.status = status;
        this.body = body;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    static Reply of(int status, Object json) {
        return new Reply(status, Json.write(json), 0);
    }

    int status() {
        return status;
    }

    /** Not copied. */
    byte[] body() {
        return body;
    }

    long retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
