package drawbridge.server.drill;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

import java.util.List;

/**
 * A request and its answer.
 *
 * @param request as it was sent, secrets masked
 * @param answer as it came, secrets masked
 * @param status the answer's status
 * @param body the answer's JSON; missing when it was none
 * @param cookies the values of {@code Set-Cookie}
 * @param began when it was sent, in nanoseconds of the run's ticker
 * @param ended when its answer was there
 */
record Exchange(
        String request,
        String answer,
        int status,
        JsonNode body,
        List<String> cookies,
        long began,
        long ended) {
    Exchange {
        cookies = List.copyOf(cookies);
    }

    /** Where something was looked at and nothing sent. */
    static Exchange none(long now) {
        return new Exchange("", "", 0, MissingNode.getInstance(), List.of(), now, now);
    }

    boolean isGood() {
        return status >= 200 && status < 300;
    }

    /** The stable code of a refusal; empty when there is none. */
    String code() {
        return body.path("code").asString("");
    }

    /** A field of the answer; empty when it is absent. */
    String text(String field) {
        return body.path(field).asString("");
    }

    long tookMicros() {
        return (ended - began) / 1_000;
    }

    /** The status, and why it was refused. */
    String brief() {
        String signal = text("signal");
        String reason = text("reason").isEmpty() ? code() : text("reason");
        return status
                + (reason.isEmpty() ? "" : " " + reason)
                + (signal.isEmpty() ? "" : " " + signal);
    }
}
