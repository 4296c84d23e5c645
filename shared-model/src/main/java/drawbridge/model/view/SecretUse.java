package drawbridge.model.view;

import java.time.Instant;

/**
 * How much one version of a caller's secret is used on this node.
 *
 * @param callerId the caller
 * @param version the version of its secret
 * @param minuteUses calls within the last minute
 * @param lastUsedAt the last call's time
 */
public record SecretUse(String callerId, int version, long minuteUses, Instant lastUsedAt) {}
