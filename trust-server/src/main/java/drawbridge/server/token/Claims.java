package drawbridge.server.token;

import drawbridge.model.TenantId;
import drawbridge.model.UserId;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * What a token says of itself, believed once its signature is.
 *
 * @param id {@code jti}
 * @param purpose {@code type} and {@code token_type}
 * @param tenant {@code tenant}
 * @param user {@code sub}, {@code userId} and {@code user_id}; null for an invitation
 * @param email {@code email}
 * @param issuedAt {@code iat} and {@code nbf}
 * @param expiresAt {@code exp}
 */
record Claims(
        String id,
        Purpose purpose,
        TenantId tenant,
        @Nullable UserId user,
        String email,
        Instant issuedAt,
        Instant expiresAt) {}
