package drawbridge.server.http;

import io.javalin.security.RouteRole;

/**
 * What a route asks for before its handler runs. Every route has exactly one; a server whose route
 * table names none, or two, for a route does not start.
 */
enum Access implements RouteRole {
    /** Nothing: anybody may call it. */
    PUBLIC,
    /** A live session that is fully logged in. */
    SESSION,
    /** A live session of a user of type {@code admin}; it reaches that user's tenant only. */
    TENANT_ADMIN,
    /** The bridge secret of a caller. */
    BRIDGE,
    /** The admin token; only routes of the admin listener. */
    OPERATOR
}
