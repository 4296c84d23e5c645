package drawbridge.kit;

import tools.jackson.databind.JsonNode;

import java.util.concurrent.TimeUnit;

/** What the events of one stream, in their order, mean for what is remembered. One thread. */
final class EndedEvents {
    private final Remembered remembered;
    private final long askedAt;
    private boolean isFirst = true;
    private long last;

    /**
     * @param askedAt when the stream was asked for: the server cannot have begun it before
     */
    EndedEvents(Remembered remembered, long askedAt) {
        this.remembered = remembered;
        this.askedAt = askedAt;
    }

    /** Takes the next event. What is not understood ends everything that is remembered. */
    void take(JsonNode event) {
        long number = event.path("number").asLong(-1);
        long previous = event.path("previous").asLong(-1);
        String kind = event.path("kind").asString("");
        if (isFirst) {
            remembered.opened(number);
            isFirst = false;
        } else if (previous != last) {
            remembered.endedMany(number); // something passed unseen
        }
        last = number;
        switch (kind) {
            case "alive" -> remembered.reached(number);
            case "session", "undo", "replaced" ->
                    remembered.endedSession(number, event.path("ref").asString(""));
            case "user", "changed" ->
                    remembered.endedUser(number, event.path("userId").asString(""));
            default -> remembered.endedMany(number);
        }
        remembered.heard(askedAt + TimeUnit.MILLISECONDS.toNanos(event.path("ms").asLong(0)));
    }
}
