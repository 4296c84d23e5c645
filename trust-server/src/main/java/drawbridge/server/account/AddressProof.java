package drawbridge.server.account;

import drawbridge.model.TenantId;
import drawbridge.server.session.Sessions.By;

import org.jdbi.v3.core.Handle;

/** Whether an address must be proven before its account may be used, and how that is asked for. */
public interface AddressProof {
    /** Whether accounts may log in only once their address is proven. */
    boolean isRequired();

    /**
     * Asks the owner of the address for proof, or tells them that they have an account already; in
     * the caller's transaction and with the same work in both cases.
     */
    void ask(Handle handle, TenantId tenant, Email email, boolean hasAccount, By by);

    /** The transaction of {@link #ask} was committed. */
    void asked();
}
