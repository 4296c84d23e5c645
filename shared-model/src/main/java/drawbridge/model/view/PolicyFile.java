package drawbridge.model.view;

import java.util.List;

/**
 * Route policies as a file carries them from one server to another.
 *
 * @param format {@value #FORMAT}
 * @param tenant whose they were
 * @param version the version they had
 * @param rules in their order
 */
public record PolicyFile(String format, String tenant, int version, List<RouteRule> rules) {
    /** What a file of policies says it is. */
    public static final String FORMAT = "drawbridge-policies/1";

    public PolicyFile {
        rules = List.copyOf(rules);
    }
}
