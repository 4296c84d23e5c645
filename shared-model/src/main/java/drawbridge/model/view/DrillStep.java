package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * One thing a drill tried.
 *
 * @param number from 1 within the drill
 * @param at when
 * @param tries what was tried, as a sentence
 * @param must what must happen, as a sentence
 * @param request the request as it was sent, with its secrets masked; empty when nothing was sent
 * @param answer the answer as it came, with its secrets masked; empty when none came
 * @param status the answer's status; 0 when none came
 * @param tookMicros from the request's first byte to the answer's last, in microseconds
 * @param calls how many such requests were sent; what is shown is one of them
 * @param verdict {@code held}, {@code weak} or {@code open}; {@code done} when it only prepared
 *     something
 * @param saw what happened, as a sentence; null when the answer says it
 */
public record DrillStep(
        int number,
        Instant at,
        String tries,
        String must,
        String request,
        String answer,
        int status,
        long tookMicros,
        int calls,
        String verdict,
        @Nullable String saw) {}
