package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

/**
 * So many calls were not trusted for that reason.
 *
 * @param signal the signal at fault; null when none is
 */
public record ReasonCount(String reason, @Nullable String signal, long count) {}
