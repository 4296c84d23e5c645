package drawbridge.server.http;

import drawbridge.server.storage.StoreUnavailableException;

import io.javalin.http.Context;

import tools.jackson.databind.node.ObjectNode;

import java.util.Optional;
import java.util.function.Supplier;

/** Tells whether the server is up, and whether it can decide. */
final class HealthEndpoint {
    private final Supplier<Optional<String>> missing;

    /**
     * @param missing what the server still waits for before it answers as fast as it can; throws
     *     StoreUnavailableException when the database does not answer
     */
    HealthEndpoint(Supplier<Optional<String>> missing) {
        this.missing = missing;
    }

    /** The process answers; says nothing of the database. */
    void health(Context ctx) {
        ObjectNode body = Json.object();
        body.put("success", true);
        body.put("health", "up");
        Answers.json(ctx, 200, body);
    }

    /**
     * The database answers too, so that validations can be decided, and memory holds what it is to
     * hold at the start. Requests are answered before that, only slower.
     */
    void ready(Context ctx) {
        Optional<String> wait;
        try {
            wait = missing.get();
        } catch (StoreUnavailableException e) {
            wait = Optional.of("the " + e.store() + " does not answer");
        }
        ObjectNode body = Json.object();
        body.put("success", wait.isEmpty());
        body.put("ready", wait.isEmpty());
        wait.ifPresent(why -> body.put("error", why));
        Answers.json(ctx, wait.isEmpty() ? 200 : 503, body);
    }
}
