package drawbridge.server.mail;

import drawbridge.model.TenantId;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * What may be told of a mail without opening it.
 *
 * @param id names it
 * @param tenant whose it is
 * @param template which mail it is
 * @param recipient the address it goes to
 * @param subject its subject
 * @param tokenId the trust token it carries; null when it carries none
 * @param state {@code kept} where no mail server is configured, {@code waiting}, {@code sent} or
 *     {@code failed}
 * @param attempts how often it was tried
 * @param nextAt when it is tried next; null when it is not
 * @param lastError how the last attempt failed; null when none did
 * @param createdAt when it was written
 * @param sentAt when it was handed over; null before
 */
public record OutboxRow(
        String id,
        TenantId tenant,
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
