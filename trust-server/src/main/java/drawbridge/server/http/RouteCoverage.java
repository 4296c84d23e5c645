package drawbridge.server.http;

import drawbridge.model.view.EndpointCoverage;
import drawbridge.server.limit.RateLimits;

import io.javalin.Javalin;
import io.javalin.router.Endpoint;
import io.javalin.router.ParsedEndpoint;
import io.javalin.security.Roles;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads from a route table what stands before each endpoint, and refuses a table that leaves one
 * uncovered: it would be open to all, or without end, by oversight.
 */
final class RouteCoverage {
    /** Methods whose requests can carry a body that somebody reads. */
    private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

    private static final String BRIDGE = "/bridge/";

    /** Which listener a table is for. */
    enum Side {
        /** Clients and back ends. */
        PUBLIC,
        /** The operator. */
        ADMIN
    }

    private RouteCoverage() {}

    /** Every route of a listener, in the order of its table. */
    static List<Routes.Route> read(Javalin listener, Side side) {
        return read(listener.unsafe.internalRouter.allHttpHandlers(), side);
    }

    /**
     * The same, of a table that no listener serves yet.
     *
     * @throws IllegalStateException when an endpoint is not covered; it names each of them and says
     *     what is missing
     */
    static List<Routes.Route> read(List<ParsedEndpoint> table, Side side) {
        List<Routes.Route> routes = new ArrayList<>();
        List<String> uncovered = new ArrayList<>();
        for (ParsedEndpoint parsed : table) {
            Endpoint endpoint = parsed.endpoint;
            if (endpoint.method.isHttpMethod()) {
                String fault = read(endpoint, side, routes);
                if (fault != null) {
                    uncovered.add(
                            "%s %s %s".formatted(endpoint.method.name(), endpoint.path, fault));
                }
            }
        }
        if (!uncovered.isEmpty()) {
            throw new IllegalStateException(
                    "the server does not start: "
                            + String.join("; ", uncovered)
                            + " (docs/checklist.md, Coverage)");
        }
        return List.copyOf(routes);
    }

    /** Adds the endpoint, and gives what it lacks; null when nothing. */
    private static @Nullable String read(Endpoint endpoint, Side side, List<Routes.Route> to) {
        List<Access> access = roles(Access.class, endpoint);
        List<Limit> limit = roles(Limit.class, endpoint);
        List<Input> input = roles(Input.class, endpoint);
        if (access.size() != 1) {
            return "says not who may call it: give it one Access";
        }
        boolean isOperators = access.getFirst() == Access.OPERATOR;
        if (isOperators != (side == Side.ADMIN)) {
            // Each listener's gate knows its own kind of callers only, and would let all others in.
            return isOperators
                    ? "is for operators and would be open on the public listener"
                    : "is not for operators and stands on the admin listener";
        }
        if (limit.size() > 1 || (!isOperators && limit.isEmpty())) {
            return "says not how often it may be called: give it one Limit";
        }
        boolean carries = WITH_BODY.contains(endpoint.method.name());
        if (input.size() > 1 || (carries && !isOperators && input.isEmpty())) {
            return "says not what it reads of a body: give it one Input";
        }
        if (isBridge(endpoint.path) != (access.getFirst() == Access.BRIDGE)) {
            // CORS goes by the path: pages are told nothing of what is under it.
            return "must be for back ends exactly when its path holds " + BRIDGE;
        }
        to.add(
                new Routes.Route(
                        endpoint.method.name(),
                        endpoint.path,
                        access.getFirst(),
                        limit.isEmpty() ? null : limit.getFirst(),
                        input.isEmpty() ? carries ? Input.FIELDS : Input.NOTHING : input.getFirst(),
                        roles(Query.class, endpoint).stream()
                                .flatMap(query -> query.names().stream())
                                .toList()));
        return null;
    }

    private static boolean isBridge(String path) {
        return path.contains(BRIDGE);
    }

    private static <T> List<T> roles(Class<T> kind, Endpoint endpoint) {
        Roles roles = endpoint.metadata(Roles.class);
        return roles == null
                ? List.of()
                : roles.getRoles().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** What stands before a route, in words, not tried yet. */
    static EndpointCoverage of(Routes.Route route, Side side, RateLimits limits, long mostBytes) {
        Limit limit = route.limit();
        boolean isPublic = side == Side.PUBLIC;
        return new EndpointCoverage(
                isPublic ? "public" : "admin",
                route.method(),
                route.path(),
                route.access() == Access.PUBLIC
                        ? "anybody"
                        : route.access().name().toLowerCase(Locale.ROOT),
                limit == null ? "operator_key" : limit.what().name().toLowerCase(Locale.ROOT),
                limit == null ? null : limits.perMinute(limit.what()),
                route.input().wireName(),
                route.input() == Input.NOTHING ? 0 : mostBytes,
                isPublic && route.access() != Access.BRIDGE ? "exact_origins" : "none",
                route.access() == Access.PUBLIC ? "open" : "not_tried",
                0);
    }
}
