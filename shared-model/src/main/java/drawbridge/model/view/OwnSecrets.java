package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * The secrets of the server itself.
 *
 * @param quiet how long nothing may have used an old version of a secret before it is called safe
 *     to retire, such as {@code 10m}
 * @param age after which a secret is called overdue, such as {@code 90d}
 */
public record OwnSecrets(Own adminToken, Own masterKey, String quiet, String age) {
    /**
     * One of them.
     *
     * @param kind {@code admin_token} or {@code master_key}
     * @param origin {@code folder} or {@code settings}
     * @param since when it came into force, or was first seen
     * @param dueAt when it should be another one
     * @param due whether that time is over
     * @param lastUsedAt when last, since the server started; null when not
     * @param previousUntil until when the one before is accepted too; null when it is not
     * @param previousUsedAt when that one was last used; null when not
     * @param rotatable whether it can be rotated over the admin API
     * @param whyNot why it cannot; empty when it can
     */
    public record Own(
            String kind,
            String origin,
            Instant since,
            Instant dueAt,
            boolean due,
            @Nullable Instant lastUsedAt,
            @Nullable Instant previousUntil,
            @Nullable Instant previousUsedAt,
            boolean rotatable,
            String whyNot) {}
}
