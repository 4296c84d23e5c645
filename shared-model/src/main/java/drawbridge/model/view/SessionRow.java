package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * A session as an administrator sees it. Holds nothing a session could be used with.
 *
 * @param ref the session's public reference; never the id
 * @param userId whose it is
 * @param email the user's address
 * @param tenant the tenant's id
 * @param ip the address recorded at login, in canonical form; null when none was
 * @param device a short label of the device's keyed hash, such as {@code dev-1f0c9a}; null when
 *     none was told
 * @param agent the user agent recorded at login, as sent; null when none was
 * @param createdAt when it was opened
 * @param lastSeenAt when it was last trusted; exact in memory, up to a minute old after a restart
 * @param expiresAt when it ends if it is not used again: the sooner of idle and absolute end
 * @param state {@code live}, {@code held}, {@code revoked} or {@code expired}
 * @param strictestMode the strictest mode it has passed since this server started; null when none
 * @param endedAt when it was revoked; null unless held or revoked
 * @param endReason why, in the words given; null unless held or revoked
 * @param endedBy who ended it: {@code admin}, {@code user} or {@code server}; null unless held or
 *     revoked
 * @param undoUntil until when it can be restored; null unless held
 */
public record SessionRow(
        String ref,
        String userId,
        String email,
        String tenant,
        @Nullable String ip,
        @Nullable String device,
        @Nullable String agent,
        Instant createdAt,
        Instant lastSeenAt,
        Instant expiresAt,
        String state,
        @Nullable String strictestMode,
        @Nullable Instant endedAt,
        @Nullable String endReason,
        @Nullable String endedBy,
        @Nullable Instant undoUntil) {}
