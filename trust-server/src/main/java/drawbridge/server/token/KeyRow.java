package drawbridge.server.token;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * What may be told of a signing key.
 *
 * @param id its PASERK id, {@code k4.pid.…}
 * @param publicKey its public half, {@code k4.public.…}
 * @param origin {@code drawn} here, or given by the {@code settings}
 * @param state its stage of life
 * @param createdAt when it was first known
 * @param signingSince when it began to sign; null when it never has
 * @param stoppedAt when it signed no more; null before
 * @param lastExpiry when the last token it signed expires; null when it signed none
 */
public record KeyRow(
        String id,
        String publicKey,
        String origin,
        KeyState state,
        Instant createdAt,
        @Nullable Instant signingSince,
        @Nullable Instant stoppedAt,
        @Nullable Instant lastExpiry) {}
