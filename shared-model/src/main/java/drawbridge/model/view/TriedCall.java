package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A call to be judged that nobody made. What is null is not reported.
 *
 * @param tenant whose rules
 * @param rules a proposal; null for what is in force
 * @param caller the id of the caller that would ask; null for the tenant's first
 * @param session a session's reference, never its id; null to ask for the mode only
 * @param asAtLogin signals that are as the session's login recorded them
 */
public record TriedCall(
        String tenant,
        @Nullable List<RouteRule> rules,
        @Nullable String caller,
        @Nullable String session,
        @Nullable String method,
        @Nullable String path,
        @Nullable String ip,
        @Nullable String device_id,
        @Nullable String user_agent,
        List<String> asAtLogin) {
    public TriedCall {
        rules = rules == null ? null : List.copyOf(rules);
        asAtLogin = List.copyOf(asAtLogin);
    }
}
