package drawbridge.server.http;

import drawbridge.server.limit.Counted;

import io.javalin.http.Context;
import io.javalin.security.RouteRole;

/**
 * How often a route may be called. Every route of the public listener has exactly one, beside its
 * {@link Access}; a server whose route table names none, or two, for a route does not start.
 */
enum Limit implements RouteRole {
    /** Costs little: counted by source. */
    CHEAP(Counted.REQUESTS, false),
    /** Guesses could be tried at it: counted by source and by account. */
    GUESSABLE(Counted.AUTHENTICATION, true),
    /** The same, where the route's handler takes what is {@link LimitGate#owed}. */
    LOGIN(Counted.AUTHENTICATION, true),
    /** Sets a password, which costs a hash: counted by source and by account. */
    HASHING(Counted.HASHING, true),
    /** Its answer is large: counted by source. */
    EXPORT(Counted.EXPORT, false),
    /** Only calls with a wrong secret are counted, by source; a good one is never held up. */
    WRONG_SECRETS(Counted.WRONG_SECRETS, false);

    private final Counted what;
    private final boolean byAccount;

    Limit(Counted what, boolean byAccount) {
        this.what = what;
        this.byAccount = byAccount;
    }

    Counted what() {
        return what;
    }

    /** Whether requests are counted by the account they are about, too. */
    boolean byAccount() {
        return byAccount;
    }

    /** Whether every request of a source counts, and not only those that turn out bad. */
    boolean countsAll() {
        return this != WRONG_SECRETS;
    }

    /** Whether the route that was matched has this one. */
    boolean isOf(Context ctx) {
        return ctx.routeRoles().contains(this);
    }
}
