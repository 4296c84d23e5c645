package drawbridge.console.client;

import drawbridge.model.view.Page;
import drawbridge.model.view.Receipt;
import drawbridge.model.view.TenantRow;

/**
 * Tenants. Every method blocks until the answer is there and never throws for what the network or
 * the server does: call it from a background thread only. Safe for many threads.
 */
public interface TenantCalls {
    /** What bounds a tenant; 0 for no bound. */
    record Bounds(long mostUsers, long mostSessions, long mostMismatches) {}

    /** {@code GET /v1/tenants}: all of them. */
    Reply<Page<TenantRow>> tenants();

    /** {@code POST /v1/tenants}. */
    Reply<TenantRow> create(String id, String name, Bounds bounds);

    /** {@code PATCH /v1/tenants/{tenant}}. */
    Reply<TenantRow> change(String id, String name, Bounds bounds);

    /**
     * {@code POST /v1/tenants/{tenant}/suspend}: ends its sessions and lets none begin.
     *
     * @param reason may be empty
     */
    Reply<TenantRow> suspend(String id, String reason);

    /** {@code POST /v1/tenants/{tenant}/resume}. */
    Reply<TenantRow> resume(String id);

    /** {@code POST /v1/tenants/{tenant}/revoke-sessions}: every session it has; no Undo. */
    Reply<Receipt> revokeSessions(String id, String reason);
}
