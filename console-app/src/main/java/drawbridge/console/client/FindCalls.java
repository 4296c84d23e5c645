package drawbridge.console.client;

import drawbridge.model.view.Page;
import drawbridge.model.view.UserRow;

/**
 * The part of the admin API that finds what somebody has half a name of. Blocks like every call of
 * {@link TrustClient}; safe for many threads.
 */
@FunctionalInterface
public interface FindCalls {
    /**
     * {@code GET /v1/users}: accounts whose address, names or id hold that text.
     *
     * @param limit 1 to 1 000
     */
    Reply<Page<UserRow>> users(String text, int limit);
}
