package drawbridge.model.view;

import java.time.Instant;

/**
 * That a drill was played once, and how it ended.
 *
 * @param run the run it was part of
 * @param at when it ended
 * @param outcome {@code holds}, {@code weak} or {@code open}
 */
public record DrillMark(String run, Instant at, String outcome) {}
