package drawbridge.server.http;

import io.javalin.http.Context;
import io.javalin.security.RouteRole;

import java.util.List;
import java.util.Map;

/**
 * What an operator's route reads of a request's query, beside its {@link Access}; a route without
 * one reads nothing of it. What a route does not know is refused: whoever believes to have filtered
 * a list must not be given all of it.
 *
 * @param names the parameters' names, in the order in which they are told
 */
record Query(List<String> names) implements RouteRole {
    Query {
        names = List.copyOf(names);
    }

    /** These parameters. */
    static Query of(String... names) {
        return new Query(List.of(names));
    }

    /** Refuses a request with a parameter that its route does not know, or with one twice. */
    static void check(Context ctx) {
        List<String> known =
                ctx.routeRoles().stream()
                        .filter(Query.class::isInstance)
                        .map(Query.class::cast)
                        .flatMap(query -> query.names().stream())
                        .toList();
        for (Map.Entry<String, List<String>> given : ctx.queryParamMap().entrySet()) {
            if (!known.contains(given.getKey())) {
                throw ProblemException.inField(
                        Body.shown(given.getKey()),
                        known.isEmpty()
                                ? "is not known in this query; no parameters are"
                                : "is not known in this query; known are "
                                        + String.join(", ", known));
            }
            if (given.getValue().size() > 1) {
                throw ProblemException.inField(given.getKey(), "stands in the query twice");
            }
        }
    }
}
