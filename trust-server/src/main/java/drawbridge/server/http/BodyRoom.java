package drawbridge.server.http;

import drawbridge.model.ProblemCode;

import java.util.concurrent.Semaphore;

/**
 * How many large bodies are read at once, so that thousands of clients who each send one slowly
 * cannot fill the memory. Small ones, which nearly all are, need no room. Safe for many threads.
 */
final class BodyRoom {
    /** Up to so many bytes a body is small. */
    static final int SMALL = 4 * 1024;

    /** The part of the heap that they may take together. */
    private static final int PART = 8;

    /** A body is copied once when it is whole, or when what it is gathered in has to grow. */
    private static final int COPIES = 2;

    private static final int LEAST = 4;

    private final Semaphore places;

    /**
     * @param heapBytes the most that the heap may have
     * @param mostBytes of a body
     */
    BodyRoom(long heapBytes, long mostBytes) {
        long places = heapBytes / PART / (COPIES * mostBytes);
        this.places = new Semaphore(Math.toIntExact(Math.clamp(places, LEAST, Integer.MAX_VALUE)));
    }

    /**
     * For one more, until {@link #leave}.
     *
     * @throws ProblemException when there is none now
     */
    void enter() {
        if (!places.tryAcquire()) {
            throw ProblemException.later(
                    ProblemCode.TOO_MANY_REQUESTS,
                    "too many bodies of more than %d bytes are being sent at once".formatted(SMALL),
                    1);
        }
    }

    void leave() {
        places.release();
    }
}
