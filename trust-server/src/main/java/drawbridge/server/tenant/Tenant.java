package drawbridge.server.tenant;

import drawbridge.model.TenantId;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Set;

/**
 * One of those whose users, sessions and callers this server keeps apart.
 *
 * @param id its id, never given twice
 * @param name for people
 * @param createdAt since when there is one
 * @param suspendedAt since when it is suspended; null while it is not
 * @param exportedAt when it was last exported; null before
 * @param reach where its clients come from
 * @param bounds what it may have
 */
public record Tenant(
        TenantId id,
        String name,
        Instant createdAt,
        @Nullable Instant suspendedAt,
        @Nullable Instant exportedAt,
        Reach reach,
        Bounds bounds) {
    /**
     * Where the clients of a tenant come from.
     *
     * @param corsOrigins whose pages may call
     * @param hosts host names under which this tenant is meant
     */
    public record Reach(Set<String> corsOrigins, Set<String> hosts) {
        public Reach {
            corsOrigins = Set.copyOf(corsOrigins);
            hosts = Set.copyOf(hosts);
        }
    }

    /**
     * What a tenant may have; 0 is as much as there is.
     *
     * @param mostUsers users
     * @param mostSessions live sessions
     * @param mostMismatches calls with a differing signal, after which a session is ended
     */
    public record Bounds(int mostUsers, int mostSessions, int mostMismatches) {}

    /** Whether nobody may log in and nothing is validated. */
    public boolean isSuspended() {
        return suspendedAt != null;
    }
}
