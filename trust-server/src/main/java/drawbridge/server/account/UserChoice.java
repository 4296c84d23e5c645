package drawbridge.server.account;

import drawbridge.model.TenantId;

import org.jspecify.annotations.Nullable;

/**
 * Which accounts are wanted.
 *
 * @param tenant only that tenant's; null for all
 * @param text only those whose address, names or id hold it; empty for all
 * @param standing only those that stand so; null for all
 */
public record UserChoice(@Nullable TenantId tenant, String text, @Nullable Standing standing) {
    /** How an account stands. */
    public enum Standing {
        /** Its owner can log in from anywhere. */
        ACTIVE,
        /** Nobody can, or nobody from a device it has not logged in from. */
        LOCKED,
        /** Its address is not proven. */
        UNVERIFIED
    }

    /** All of a tenant. */
    static UserChoice of(TenantId tenant) {
        return new UserChoice(tenant, "", null);
    }
}
