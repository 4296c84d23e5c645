package drawbridge.server.session;

import drawbridge.model.TenantId;

import org.jspecify.annotations.Nullable;

/**
 * A row of the revocation log as those who remember sessions need to know it.
 *
 * @param kind as in {@link RevocationLog#append}, or {@code secret}
 * @param tenant whose; null when everybody is meant
 * @param userId the user that is named; null when none is
 * @param ref the session that is named; null when none is, or when nothing is known of it any more
 * @param callerId the caller that is named; null when none is
 */
public record EndedRow(
        long number,
        String kind,
        @Nullable TenantId tenant,
        @Nullable String userId,
        @Nullable String ref,
        @Nullable String callerId) {
    /** Whether it concerns that tenant. */
    boolean isOf(TenantId other) {
        return tenant == null || tenant.equals(other);
    }
}
