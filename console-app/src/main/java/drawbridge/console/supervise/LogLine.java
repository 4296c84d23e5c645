package drawbridge.console.supervise;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * One line of the server's log.
 *
 * @param at when; null for output that is not structured
 * @param level {@code ERROR}, {@code WARN}, {@code INFO} or {@code DEBUG}; {@code INFO} for output
 *     that is not structured
 * @param logger the short name of what wrote it; empty for output that is not structured
 * @param message the text, with fields as {@code key=value}, and a stack trace in the lines below
 */
public record LogLine(@Nullable Instant at, String level, String logger, String message) {}
