package drawbridge.server.http;

import io.javalin.security.RouteRole;

import java.util.Locale;

/**
 * What a route reads of a request's body, beside its {@link Access} and its {@link Limit}. Every
 * route of the public listener whose method can carry a body has exactly one; a server whose route
 * table names none, or two, for such a route does not start. Operators' routes read {@link #FIELDS}
 * and refuse those they do not know.
 */
enum Input implements RouteRole {
    /** A JSON object, field by field, each with its type and length. */
    FIELDS,
    /** What a form of our own page sends. */
    FORM,
    /** Nothing, but for the session id where one may stand there. */
    NOTHING;

    /** The name in JSON. */
    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
