package drawbridge.server.secret;

import drawbridge.model.Secret;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * A secret of the server itself as an administrator sees it; neither the secret nor a hash of it.
 *
 * @param kind {@code admin_token} or {@code master_key}
 * @param origin {@code folder} when the data folder keeps it, {@code settings} when they give it
 * @param since when it came into force, or was first seen
 * @param dueAt when it should be another one
 * @param lastUsedAt when it was last used since the server started; null when it was not
 * @param previousUntil until when the one before is accepted too; null when it is not
 * @param previousUsedAt when the one before was last used since the server started; null when it
 *     was not
 * @param whyNot why it cannot be rotated here; empty when it can
 */
public record OwnSecret(
        String kind,
        String origin,
        Instant since,
        Instant dueAt,
        @Nullable Instant lastUsedAt,
        @Nullable Instant previousUntil,
        @Nullable Instant previousUsedAt,
        String whyNot) {
    /** How a rotation ended. */
    public sealed interface Rotated {
        /** It is done. */
        record Done(OwnSecret now) implements Rotated {}

        /** It is done, and this is the new one, which whoever gets it closes. */
        record NewSecret(OwnSecret now, Secret secret) implements Rotated {}

        /** Nothing was changed. */
        record Not(String why) implements Rotated {}
    }
}
