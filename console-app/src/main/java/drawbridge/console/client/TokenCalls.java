package drawbridge.console.client;

import drawbridge.model.Secret;
import drawbridge.model.view.OutboxMail;
import drawbridge.model.view.Page;
import drawbridge.model.view.TokenInspection;
import drawbridge.model.view.TrustTokenRow;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * Trust tokens and the mails that bring them. Every method blocks until the answer is there and
 * never throws for what the network or the server does: call it from a background thread only. Safe
 * for many threads.
 */
public interface TokenCalls {
    /**
     * Which tokens are wanted; a part that is null does not choose.
     *
     * @param text a part of the address, or the whole id
     */
    record Wanted(
            @Nullable String text,
            @Nullable String tenant,
            @Nullable String purpose,
            @Nullable String user,
            @Nullable String state) {}

    /**
     * A new token, for an address or for a user.
     *
     * @param email null when it is for a user
     * @param userId null when it is for an address
     * @param userType what an invited user becomes; null for the usual
     * @param lifetime such as {@code 24h}; null for the usual
     * @param send whether it is mailed
     */
    record Wish(
            String tenant,
            String purpose,
            @Nullable String email,
            @Nullable String userId,
            @Nullable String userType,
            @Nullable String lifetime,
            boolean send) {}

    /**
     * A token that was issued.
     *
     * @param link brings it to the page that consumes it; whoever gets it closes it
     * @param mailed whether it is on its way by mail
     */
    record Issued(
            String id,
            String purpose,
            String email,
            Instant expiresAt,
            Secret link,
            boolean mailed) {}

    /** How many were revoked. */
    record Revoked(int revoked) {}

    /**
     * {@code GET /v1/tokens}: newest first.
     *
     * @param limit 1 to 1 000
     * @param after the previous page's {@code next}; null for the first page
     */
    Reply<Page<TrustTokenRow>> tokens(Wanted wanted, int limit, @Nullable String after);

    /** {@code POST /v1/tokens}. */
    Reply<Issued> issue(Wish wish);

    /**
     * {@code POST /v1/tokens/{id}/revoke}.
     *
     * @param reason may be empty
     */
    Reply<TrustTokenRow> revoke(String id, String reason);

    /**
     * {@code POST /v1/tokens/revoke}: the open ones of a kind, of a user, or of a kind of a user.
     */
    Reply<Revoked> revokeAll(
            @Nullable String tenant,
            @Nullable String purpose,
            @Nullable String user,
            String reason);

    /**
     * {@code POST /v1/tokens/inspect}: consumes nothing.
     *
     * @param token closed by whoever made it
     */
    Reply<TokenInspection> inspect(Secret token, String tenant);

    /**
     * {@code GET /v1/outbox}: newest first.
     *
     * @param state null for all
     */
    Reply<Page<OutboxMail>> outbox(@Nullable String state, int limit, @Nullable String after);

    /** {@code POST /v1/outbox/{id}/retry}. */
    Reply<OutboxMail> retry(String id);
}
