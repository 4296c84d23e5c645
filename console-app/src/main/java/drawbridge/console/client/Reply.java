package drawbridge.console.client;

import drawbridge.model.Problem;

/** How an action ended, as far as the console knows. */
public sealed interface Reply<T> {
    /** The server did it. */
    record Done<T>(T value) implements Reply<T> {}

    /**
     * The server refused, and nothing was changed.
     *
     * @param status the HTTP status
     * @param problem the server's own words
     */
    record Rejected<T>(int status, Problem problem) implements Reply<T> {}

    /**
     * No answer came; what was asked may or may not have happened.
     *
     * @param tried what was asked, such as {@code POST /v1/sessions/…/revoke}
     * @param why one sentence for a person
     */
    record Unreachable<T>(String tried, String why) implements Reply<T> {}
}
