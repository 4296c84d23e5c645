package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * A trust token as an administrator sees it; the token itself is nowhere.
 *
 * @param id may be shown and logged
 * @param tenant the tenant's id
 * @param purpose {@code email_verify}, {@code password_reset}, {@code invite} or {@code magic_link}
 * @param userId whom it was issued to; null for an invitation
 * @param email the address it was issued for
 * @param keyId the key that signed it
 * @param issuedBy {@code user}, {@code admin}, {@code caller:} and its name, or a user's id
 * @param issuedAt when
 * @param expiresAt from this instant on it is refused
 * @param state {@code open}, {@code spent}, {@code revoked}, {@code superseded} or {@code expired}
 * @param endedAt null while it is open
 * @param endReason why it ended; null when nothing was said
 * @param endedBy null while it is open
 */
public record TrustTokenRow(
        String id,
        String tenant,
        String purpose,
        @Nullable String userId,
        String email,
        String keyId,
        String issuedBy,
        Instant issuedAt,
        Instant expiresAt,
        String state,
        @Nullable Instant endedAt,
        @Nullable String endReason,
        @Nullable String endedBy) {}
