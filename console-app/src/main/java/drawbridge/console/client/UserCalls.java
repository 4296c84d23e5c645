package drawbridge.console.client;

import drawbridge.model.Secret;
import drawbridge.model.view.Page;
import drawbridge.model.view.UserRow;

import org.jspecify.annotations.Nullable;

/**
 * Accounts. Every method blocks until the answer is there and never throws for what the network or
 * the server does: call it from a background thread only. Safe for many threads.
 */
public interface UserCalls {
    /**
     * Which accounts are wanted.
     *
     * @param text a part of the address or of a name, or the whole id; empty for all
     * @param tenant only that tenant's; null for all
     * @param state {@code active}, {@code locked} or {@code unverified}; null for all
     */
    record Wanted(String text, @Nullable String tenant, @Nullable String state) {}

    /**
     * A new account.
     *
     * @param password closed by whoever made it
     */
    record Wish(
            String tenant,
            String email,
            String name,
            String lastName,
            String userType,
            boolean verified,
            Secret password) {}

    /**
     * {@code GET /v1/users}: newest first.
     *
     * @param limit 1 to 1 000
     * @param after the previous page's {@code next}; null for the first page
     */
    Reply<Page<UserRow>> users(Wanted wanted, int limit, @Nullable String after);

    /** {@code GET /v1/users/{id}}. */
    Reply<UserRow> user(String id);

    /** {@code POST /v1/users}. */
    Reply<UserRow> create(Wish wish);

    /**
     * {@code POST /v1/users/{id}/disable}: ends its sessions and lets none begin.
     *
     * @param reason may be empty
     */
    Reply<UserRow> lock(String id, String reason);

    /** {@code POST /v1/users/{id}/enable}: it can log in again, from any device. */
    Reply<UserRow> unlock(String id);
}
