package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * One thing that happened to a session, newest first in a list.
 *
 * @param at when
 * @param kind {@code opened}, {@code trusted}, {@code refused}, {@code revoked} or {@code restored}
 * @param actor who did it: a caller's name for validations, else {@code admin}, {@code user} or
 *     {@code server}
 * @param ip the address the request reported; null when none
 * @param agent the agent the request reported, masked to its product names; null when none
 * @param route method and path the caller reported; null when none
 * @param mode the mode it was judged by; null unless trusted or refused
 * @param source the tier that served it: {@code memory}, {@code redis}, {@code database}; null when
 *     none did
 * @param reason why: a refusal's reason such as {@code signal_differs}, or the words an
 *     administrator gave
 * @param signal the signal at fault: {@code ip}, {@code device} or {@code agent}; null when none is
 * @param requestId finds the request in the log; null when it had none
 */
public record TimelineEntry(
        Instant at,
        String kind,
        String actor,
        @Nullable String ip,
        @Nullable String agent,
        @Nullable String route,
        @Nullable String mode,
        @Nullable String source,
        @Nullable String reason,
        @Nullable String signal,
        @Nullable String requestId) {}
