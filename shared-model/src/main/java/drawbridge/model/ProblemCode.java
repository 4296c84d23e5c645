package drawbridge.model;

/**
 * Every error the server answers, by its stable code. A code is never renamed or reused; {@code
 * docs/errors.md} lists them for the people who meet them.
 */
public enum ProblemCode {
    /** The body is not JSON, or not the kind of JSON that is accepted. */
    MALFORMED_JSON(400),
    /** A field is missing, of the wrong type, too long or not one of its values. */
    INVALID_FIELD(400),
    /** Two different session ids in one request. */
    CONFLICTING_SESSION_IDS(400),
    /** A bridge call that vouches for a user id instead of presenting a session. */
    SESSION_ID_REQUIRED(400),
    /** The request line or the headers cannot be read. */
    BAD_REQUEST(400),
    /** No such session, or it has been ended; browsers are told no more than that. */
    INVALID_SESSION(401),
    /** The session's idle or absolute lifetime is over. */
    SESSION_EXPIRED(401),
    /** The session was revoked or logged out. */
    SESSION_REVOKED(401),
    /** A signal differs from what was recorded at login. */
    SIGNAL_DIFFERS(401),
    /** A signal that the mode needs is missing, in the call or in the session. */
    SIGNAL_MISSING(401),
    /** The device is the recorded one, but the route asks for stronger evidence of it. */
    SIGNAL_TOO_WEAK(401),
    /** Missing, unknown, retired or burned bridge secret: one answer for all of them. */
    INVALID_BRIDGE_SECRET(401),
    /** Unknown account, wrong password, disabled or locked account: one answer for all of them. */
    INVALID_CREDENTIALS(401),
    /** A trust token that is unknown, changed, expired, spent or ended: one answer for all. */
    INVALID_TOKEN(401),
    /** Missing or wrong admin token. */
    INVALID_ADMIN_TOKEN(401),
    /** The password is right, but the address is not proven yet. */
    EMAIL_NOT_VERIFIED(403),
    /** The session waits for a second factor and can do nothing else until then. */
    TWO_FACTOR_REQUIRED(401),
    /** What was given as the current password is not. */
    WRONG_PASSWORD(403),
    /** Accounts are not made here, or not by this one. */
    REGISTRATION_CLOSED(403),
    /** The session is good, but its user is no admin. */
    ADMIN_REQUIRED(403),
    /** A bridge or admin call that carries an Origin header: that secret is in a browser. */
    BROWSER_NOT_ALLOWED(403),
    /** The Host header names neither this listener nor a configured name. */
    HOST_NOT_ALLOWED(403),
    /** The bridge secret is good, but its caller may not do this. */
    SCOPE_MISSING(403),
    /** A page of another origin uses a browser's cookie. */
    ORIGIN_NOT_ALLOWED(403),
    /** The tenant is suspended: nobody logs in and nothing is validated. */
    TENANT_SUSPENDED(403),
    /** The tenant has as many users or sessions as it may. */
    QUOTA_REACHED(403),
    /** No such path. */
    NOT_FOUND(404),
    /** No such thing under that id; things of other tenants answer the same. */
    UNKNOWN_ID(404),
    /** No second factor is configured. */
    TWO_FACTOR_NOT_CONFIGURED(404),
    /** No social login is configured. */
    SOCIAL_NOT_CONFIGURED(404),
    /** No storage for pictures is configured. */
    PICTURES_NOT_CONFIGURED(404),
    /** The path exists, the method does not. */
    METHOD_NOT_ALLOWED(405),
    /** The client took too long to send its request. */
    REQUEST_TIMEOUT(408),
    /** The e-mail address is registered already. */
    DUPLICATE_ACCOUNT(409),
    /** The session can no longer be restored. */
    NOT_RESTORABLE(409),
    /** Another number of sessions matches than the administrator saw. */
    COUNT_CHANGED(409),
    /** A revocation of many is at work already. */
    REVOCATION_RUNNING(409),
    /** Another caller of the tenant has this name. */
    DUPLICATE_NAME(409),
    /** The only accepted secret of a caller cannot be retired; rotate it, or burn it. */
    LAST_SECRET(409),
    /** What was changed is not what was read: somebody changed it in between. */
    VERSION_CONFLICT(409),
    /** There is a tenant with that id, or there was one. */
    TENANT_EXISTS(409),
    /** The tenant is not suspended, or was not exported since. */
    TENANT_NOT_DELETABLE(409),
    /** A run of drills is under way; the message names it. */
    DRILL_RUNNING(409),
    /** A search for secrets is under way, and there is one at a time. */
    SCAN_RUNNING(409),
    /** The mail cannot be sent again: it was handed over, or no mail server is configured. */
    NOT_RETRYABLE(409),
    /** A secret of the server cannot be rotated here, or not now; the sentence says why. */
    NOT_ROTATABLE(409),
    /** The body is larger than this endpoint reads. */
    BODY_TOO_LARGE(413),
    /** The path and query are longer than the server reads. */
    URI_TOO_LONG(414),
    /** The body is not application/json. */
    UNSUPPORTED_MEDIA_TYPE(415),
    /** The password is on the list of common passwords, or too short, or too long. */
    WEAK_PASSWORD(422),
    /** Too many attempts; Retry-After says when to come back. */
    TOO_MANY_REQUESTS(429),
    /** The headers are larger than the server reads. */
    HEADERS_TOO_LARGE(431),
    /** A fault of ours; the request id finds it in the log. */
    INTERNAL_ERROR(500),
    /** Something needed for a sure answer is away; nothing was decided. */
    STORE_UNAVAILABLE(503),
    /** The revocation could not be confirmed; repeat it, that is safe. */
    REVOCATION_PENDING(503),
    /** The password hashing queue is full; Retry-After says when to come back. */
    HASHING_BUSY(503),
    /** The server is shutting down. */
    SHUTTING_DOWN(503);

    private final int status;

    ProblemCode(int status) {
        this.status = status;
    }

    /** The HTTP status this code is answered with. */
    public int status() {
        return status;
    }
}
