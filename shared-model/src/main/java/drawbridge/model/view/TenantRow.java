package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * A tenant and what bounds it.
 *
 * @param id its id
 * @param name what people call it
 * @param state {@code active}, or what it is while nobody may log in there
 * @param createdAt when it was made
 * @param suspendedAt null while it is active
 * @param hosts the host names that are its own
 * @param corsOrigins the origins its browsers may come from
 * @param mostUsers 0 for no bound
 * @param mostSessions 0 for no bound
 * @param mostMismatches so many differing signals end a session; 0 for never
 * @param users how many accounts it has
 * @param sessions how many sessions would be accepted now
 */
public record TenantRow(
        String id,
        String name,
        String state,
        Instant createdAt,
        @Nullable Instant suspendedAt,
        List<String> hosts,
        List<String> corsOrigins,
        long mostUsers,
        long mostSessions,
        long mostMismatches,
        long users,
        long sessions) {
    public TenantRow {
        hosts = List.copyOf(hosts);
        corsOrigins = List.copyOf(corsOrigins);
    }
}
