package drawbridge.server.limit;

/** What is counted apart, each with a rate of its own. */
public enum Counted {
    /** Requests that cost little. */
    REQUESTS,
    /** Logins and what else guesses could be tried at. */
    AUTHENTICATION,
    /** Requests that set a password, which costs a hash whatever the answer is. */
    HASHING,
    /** Requests whose answer is large. */
    EXPORT,
    /** Bridge calls with a secret that is nobody's. */
    WRONG_SECRETS
}
