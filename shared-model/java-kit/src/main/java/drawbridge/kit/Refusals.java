package drawbridge.kit;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** How a back end tells its client that a request does not pass. */
public final class Refusals {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Refusals() {}

    /** What a client is told. */
    public static final class Told {
        private final int status;
        private final int retryAfterSeconds;
        private final byte[] body;

        Told(int status, int retryAfterSeconds, byte[] body) {
            this.status = status;
            this.retryAfterSeconds = retryAfterSeconds;
            this.body = body;
        }

        /** The HTTP status. */
        public int status() {
            return status;
        }

        /** For the header {@code Retry-After}; 0 when there is none. */
        public int retryAfterSeconds() {
            return retryAfterSeconds;
        }

        /** JSON in UTF-8; not copied. */
        public byte[] body() {
            return body;
        }
    }

    /** The answer to a request without a session. */
    public static Answer noSession() {
        return new Answer.Refused("INVALID_SESSION", "Invalid session", null);
    }

    /**
     * What to tell: 401 when the session is not good, 503 when nobody knows.
     *
     * @throws IllegalArgumentException for a session that is good
     */
    public static Told told(Answer answer) {
        return switch (answer) {
            case Answer.Trusted _ ->
                    throw new IllegalArgumentException("the session is good; let it pass");
            case Answer.Refused refused -> told(401, 0, refused.code(), refused.error());
            case Answer.Unsure unsure ->
                    told(
                            503,
                            (int) Math.max(1, unsure.retryAfter().toSeconds()),
                            "TRUST_UNAVAILABLE",
                            "it cannot be checked now whether you are logged in; try again");
        };
    }

    private static Told told(int status, int retryAfter, String code, String error) {
        ObjectNode body = JSON.createObjectNode();
        body.put("success", false);
        body.put("error", error);
        body.put("code", code);
        return new Told(status, retryAfter, JSON.writeValueAsBytes(body));
    }
}
