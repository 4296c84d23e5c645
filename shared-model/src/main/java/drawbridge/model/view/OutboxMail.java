package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * A mail on its way, without its text.
 *
 * @param id its id
 * @param tenant the tenant's id
 * @param template what kind of mail it is
 * @param recipient the address
 * @param subject its subject line
 * @param tokenId the token it brings; null for none
 * @param state {@code kept} (there is no mail server), {@code waiting}, {@code sent} or {@code
 *     failed}
 * @param attempts how often handing it over was tried
 * @param nextAt when it is tried next; null when it is not
 * @param lastError what the mail server said last; null for nothing
 * @param createdAt when it was written
 * @param sentAt when it was handed over; null before
 */
public record OutboxMail(
        String id,
        String tenant,
        String template,
        String recipient,
        String subject,
        @Nullable String tokenId,
        String state,
        int attempts,
        @Nullable Instant nextAt,
        @Nullable String lastError,
        Instant createdAt,
        @Nullable Instant sentAt) {}
