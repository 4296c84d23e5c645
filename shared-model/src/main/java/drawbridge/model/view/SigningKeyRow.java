package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * A key that signs trust tokens, did so, or will.
 *
 * @param id its PASERK id
 * @param origin {@code drawn} by the server, or given by the {@code settings}
 * @param state {@code next}, {@code signing}, {@code verifying} or {@code gone}
 * @param createdAt when it was published
 * @param signingSince when it began to sign; null when it never has
 * @param stoppedAt when it signed no more; null before
 * @param lastExpiry when the last token it signed expires; null when it signed none
 * @param dueAt when another one should sign; null unless it signs
 */
public record SigningKeyRow(
        String id,
        String publicKey,
        String origin,
        String state,
        Instant createdAt,
        @Nullable Instant signingSince,
        @Nullable Instant stoppedAt,
        @Nullable Instant lastExpiry,
        @Nullable Instant dueAt) {}
