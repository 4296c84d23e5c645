package drawbridge.console.client;

import drawbridge.model.view.ConfigEntry;
import drawbridge.model.view.History;
import drawbridge.model.view.Page;
import drawbridge.model.view.Receipt;
import drawbridge.model.view.ServerSnapshot;
import drawbridge.model.view.SessionDetail;
import drawbridge.model.view.SessionRow;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The admin API of one running server. Every method blocks until the answer is there, at most a few
 * seconds, and never throws for what the network or the server does: call it from a background
 * thread only. Safe for many threads.
 */
public interface TrustClient extends AutoCloseable {
    /** {@code GET /v1/snapshot}. */
    Reply<ServerSnapshot> snapshot();

    /**
     * {@code GET /v1/sessions}: one page, newest first.
     *
     * @param filter a line as {@link drawbridge.model.filter.SessionFilter} reads it; empty for all
     * @param limit 1 to 5 000
     * @param after the previous page's {@code next}; null for the first page
     */
    Reply<Page<SessionRow>> sessions(String filter, int limit, @Nullable String after);

    /** {@code GET /v1/sessions/{ref}}. */
    Reply<SessionDetail> session(String ref);

    /**
     * {@code POST /v1/sessions/{ref}/revoke}: refused at once, destroyed after 30 s.
     *
     * @param reason may be empty
     */
    Reply<Receipt> revoke(String ref, String reason);

    /** {@code POST /v1/sessions/{ref}/restore}: Undo of a revocation that is still held. */
    Reply<Receipt> restore(String ref);

    /** {@code POST /v1/users/{id}/revoke-sessions}: every session the user has now; no Undo. */
    Reply<Receipt> revokeSessionsOf(String userId, String reason);

    /** Sessions by a filter. */
    RevocationCalls revocations();

    /** {@code GET /v1/config}: the settings in effect, in the order of the documentation. */
    Reply<List<ConfigEntry>> configuration();

    /** The audit. */
    AuditCalls audit();

    /** Route policies. */
    RouteCalls routes();

    /** Finding by a few letters. */
    FindCalls find();

    /**
     * {@code GET /v1/history}: the minutes that are over.
     *
     * @param minutes how many back, 1 to 1 440
     */
    Reply<History> history(int minutes);

    /** Callers, their secrets, signing keys and the server's own secrets. */
    SecretCalls secrets();

    /** Accounts. */
    UserCalls users();

    /** Trust tokens and mails. */
    TokenCalls tokens();

    /** Tenants. */
    TenantCalls tenants();

    /** Threats and drills. */
    DrillCalls drills();

    /** The checklist, and the search for secrets. */
    ChecklistCalls checklist();

    /** Alerts and their rules. */
    AlertCalls alerts();

    /** Nodes, condition, backups and diagnostics. */
    UpkeepCalls upkeep();

    @Override
    void close();
}
