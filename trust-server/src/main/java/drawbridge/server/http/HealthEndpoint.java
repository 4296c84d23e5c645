package drawbridge.server.http;

import drawbridge.server.storage.StoreUnavailableException;

import io.javalin.http.Context;

import tools.jackson.databind.node.ObjectNode;

/** Tells whether the server is up, and whether it can decide. */
final class HealthEndpoint {
    private final Runnable askDatabase;

    /**
     * @param askDatabase returns when the database answered, else throws StoreUnavailableException
     */
    HealthEndpoint(Runnable askDatabase) {
        this.askDatabase = askDatabase;
    }

    /** The process answers; says nothing of the database. */
    void health(Context ctx) {
        ObjectNode body = Json.object();
        body.put("success", true);
        body.put("health", "up");
        Answers.json(ctx, 200, body);
    }

    /** The database answers too, so that validations can be decided. */
    void ready(Context ctx) {
        ObjectNode body = Json.object();
        try {
            askDatabase.run();
            body.put("success", true);
            body.put("ready", true);
            Answers.json(ctx, 200, body);
        } catch (StoreUnavailableException e) {
            body.put("success", false);
            body.put("ready", false);
            body.put("error", "the " + e.store() + " does not answer");
            Answers.json(ctx, 503, body);
        }
    }
}
