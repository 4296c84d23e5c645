package drawbridge.server.limit;

import drawbridge.model.TenantId;
import drawbridge.server.storage.Times;

import org.jdbi.v3.core.Handle;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** The failed logins that are counted, as they stand in the database. */
final class DatabaseFailures {
    private DatabaseFailures() {}

    /**
     * A count.
     *
     * @param account the hash of its account's name
     * @param isOfStrangers whether it counts those from devices that are not known
     */
    record Row(ByteBuffer account, boolean isOfStrangers, int count, Instant lastAt) {}

    /** Those of accounts that have any. */
    static List<Row> of(Handle handle, List<TenantId> tenants, Set<ByteBuffer> accounts) {
        return handle.createQuery(
                        "SELECT account, device, failures, last_at FROM login_failure"
                                + " WHERE tenant_id IN (<tenants>) AND account IN (<accounts>)"
                                + " AND failures > 0")
                .bindList("tenants", tenants.stream().map(TenantId::value).toList())
                .bindList("accounts", accounts.stream().map(ByteBuffer::array).toList())
                .map((row, context) ->
                        new Row(
                                ByteBuffer.wrap(row.getBytes("account")),
                                row.getBytes("device").length == 0,
                                row.getInt("failures"),
                                Times.instant(row.getLong("last_at"))))
                .list();
    }
}
