package drawbridge.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The ten practices of a secure deployment, in the order in which the checklist shows them. */
public enum Practice {
    /** Secrets and environment are looked after; whatever was ever written down was rotated. */
    SECRETS,
    /** Every route asks who is there, and believes nothing that it need not. */
    AUTHENTICATION,
    /** Every table keeps tenants apart, for each of the four commands. */
    ROW_SECURITY,
    /** Callers, database roles and files have the rights they use, and no others. */
    LEAST_PRIVILEGE,
    /** Every public endpoint is counted. */
    RATE_LIMITS,
    /** Logins, refusals, limits and errors are logged, in one place. */
    CENTRAL_LOGS,
    /** What comes in is checked at the edge: type, size, fields. */
    INPUT,
    /** Pages of exact origins only, and what browsers must be told. */
    BROWSERS,
    /** Somebody is told when something goes wrong. */
    MONITORING,
    /** Connections are pooled, and nothing sensitive is left behind. */
    LEFTOVERS;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The name in JSON, such as {@code rate_limits}. */
    public String wireName() {
        return wireName;
    }

    /** The practice of that name; empty when there is none. */
    public static Optional<Practice> parse(String word) {
        return Arrays.stream(values())
                .filter(practice -> practice.wireName.equals(word))
                .findFirst();
    }
}
