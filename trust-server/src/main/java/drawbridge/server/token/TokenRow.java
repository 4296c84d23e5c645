package drawbridge.server.token;

import drawbridge.model.TenantId;
import drawbridge.model.UserId;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * A token as the database knows it; the token itself is not in it.
 *
 * @param id its {@code jti}; may be shown and logged
 * @param tenant whose it is
 * @param purpose what it is for
 * @param user whom it was issued to; null for an invitation
 * @param email the address it was issued for
 * @param userType what an invited user becomes; null for other purposes
 * @param landing the page of a client that the link leads to; null for our own
 * @param keyId the key that signed it
 * @param issuedNumber the revocation log's number then
 * @param issuedBy {@code user}, {@code admin}, {@code caller:} and its name, or a user's id
 * @param issuedAt when
 * @param expiresAt from this instant on it is refused
 * @param state what became of it
 * @param endedAt when it ended; null while it is open
 * @param endReason why; null when nothing was said
 * @param endedBy who ended it; null while it is open
 */
public record TokenRow(
        String id,
        TenantId tenant,
        Purpose purpose,
        @Nullable UserId user,
        String email,
        @Nullable String userType,
        @Nullable String landing,
        String keyId,
        long issuedNumber,
        String issuedBy,
        Instant issuedAt,
        Instant expiresAt,
        TokenState state,
        @Nullable Instant endedAt,
        @Nullable String endReason,
        @Nullable String endedBy) {
    /** The state as an administrator reads it: an open token may have {@code expired}. */
    public String stateAt(Instant now) {
        boolean expired = state == TokenState.OPEN && !now.isBefore(expiresAt);
        return expired ? "expired" : state.wireName();
    }
}
