package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Objects;

/**
 * One entry of the audit: what was done, by whom, to whom, from where, and how it ended. What does
 * not apply is null.
 *
 * @param tenant whose chain it belongs to
 * @param number its place in that chain, from 1 without gaps
 * @param kind what was done, such as {@code session.revoked}
 * @param actor {@code admin}, {@code user}, {@code server}, or the caller's name
 * @param userId the user it was about
 * @param ref the session it was about
 * @param agent masked
 * @param requestId finds the request in the log
 * @param hash SHA-256 over the hash before it and its own contents, in hex
 */
public record AuditRowView(
        String tenant,
        long number,
        Instant at,
        String kind,
        String actor,
        @Nullable String userId,
        @Nullable String ref,
        @Nullable String ip,
        @Nullable String agent,
        @Nullable String route,
        @Nullable String mode,
        @Nullable String reason,
        @Nullable String signal,
        @Nullable String requestId,
        @Nullable String detail,
        String hash) {
    public AuditRowView {
        Objects.requireNonNull(tenant);
        Objects.requireNonNull(at);
        Objects.requireNonNull(kind);
        Objects.requireNonNull(actor);
        Objects.requireNonNull(hash);
    }
}
