package drawbridge.console.fake;

import drawbridge.console.client.Reply;
import drawbridge.console.client.TenantCalls;
import drawbridge.model.Problem;
import drawbridge.model.view.Page;
import drawbridge.model.view.Receipt;
import drawbridge.model.view.TenantRow;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps tenants in memory; the default one is there. Safe for many threads. */
public final class FakeTenants implements TenantCalls {
    private final FakeServer server;
    private final Clock clock;
    private final Map<String, TenantRow> rows = new LinkedHashMap<>();

    FakeTenants(FakeServer server, Clock clock) {
        this.server = server;
        this.clock = clock;
        hold(tenant("default", "Default", "active", new Bounds(0, 0, 0), 0, 0));
    }

    private TenantRow tenant(
            String id, String name, String state, Bounds bounds, long users, long sessions) {
        Instant now = clock.instant();
        return new TenantRow(
                id,
                name,
                state,
                now,
                state.equals("active") ? null : now,
                List.of(),
                List.of(),
                bounds.mostUsers(),
                bounds.mostSessions(),
                bounds.mostMismatches(),
                users,
                sessions);
    }

    /** Holds a tenant, instead of one with that id. */
    public synchronized void hold(TenantRow row) {
        rows.put(row.id(), row);
    }

    private synchronized <T> Reply<T> answer(String tried, T value) {
        String silence = server.silence();
        if (silence != null) {
            return new Reply.Unreachable<>(tried, silence);
        }
        Problem refusal = server.refusal();
        return refusal == null ? new Reply.Done<>(value) : new Reply.Rejected<>(503, refusal);
    }

    private TenantRow known(String id) {
        TenantRow row = rows.get(id);
        if (row == null) {
            throw new IllegalArgumentException("no tenant " + id);
        }
        return row;
    }

    @Override
    public synchronized Reply<Page<TenantRow>> tenants() {
        return answer(
                "GET /v1/tenants", new Page<>(new ArrayList<>(rows.values()), null, rows.size()));
    }

    private Reply<TenantRow> put(TenantRow row) {
        Reply<TenantRow> reply = answer("POST /v1/tenants", row);
        if (reply instanceof Reply.Done<TenantRow>) {
            rows.put(row.id(), row);
        }
        return reply;
    }

    @Override
    public synchronized Reply<TenantRow> create(String id, String name, Bounds bounds) {
        return put(tenant(id, name, "active", bounds, 0, 0));
    }

    @Override
    public synchronized Reply<TenantRow> change(String id, String name, Bounds bounds) {
        TenantRow row = known(id);
        return put(tenant(id, name, row.state(), bounds, row.users(), row.sessions()));
    }

    @Override
    public synchronized Reply<TenantRow> suspend(String id, String reason) {
        TenantRow row = known(id);
        return put(tenant(id, row.name(), "suspended", bounds(row), row.users(), 0));
    }

    @Override
    public synchronized Reply<TenantRow> resume(String id) {
        TenantRow row = known(id);
        return put(tenant(id, row.name(), "active", bounds(row), row.users(), 0));
    }

    private static Bounds bounds(TenantRow row) {
        return new Bounds(row.mostUsers(), row.mostSessions(), row.mostMismatches());
    }

    @Override
    public synchronized Reply<Receipt> revokeSessions(String id, String reason) {
        TenantRow row = known(id);
        Instant now = clock.instant();
        Reply<Receipt> reply =
                answer(
                        "POST /v1/tenants/…/revoke-sessions",
                        new Receipt(
                                null,
                                null,
                                7,
                                row.sessions(),
                                now,
                                now,
                                List.of(),
                                List.of(),
                                FakeServer.TOOK_MICROS,
                                null,
                                null));
        if (reply instanceof Reply.Done<Receipt>) {
            hold(tenant(id, row.name(), row.state(), bounds(row), row.users(), 0));
        }
        return reply;
    }
}
