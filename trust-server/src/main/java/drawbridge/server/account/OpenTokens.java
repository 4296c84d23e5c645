package drawbridge.server.account;

import drawbridge.model.TenantId;
import drawbridge.model.UserId;
import drawbridge.server.session.Sessions.By;

import org.jdbi.v3.core.Handle;

/** The trust tokens of a user that nobody has spent yet. */
public interface OpenTokens {
    /**
     * Ends all of them in the caller's transaction: the password was changed, or the account was
     * disabled.
     *
     * @param reason for the audit, such as {@code password_changed}
     * @return how many there were
     */
    int endAll(Handle handle, TenantId tenant, UserId user, String reason, By by);
}
