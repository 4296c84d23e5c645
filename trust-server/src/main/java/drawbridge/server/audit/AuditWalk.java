package drawbridge.server.audit;

import drawbridge.model.view.AuditReport;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;

import org.jdbi.v3.core.Handle;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Looks at the chains again and again, a thousand rows at a time, whether each row fits its hash
 * and whether each chain ends where its head says. So a small audit is seen whole each time, and a
 * large one within its rows divided by a thousand. It does not look at checkpoints, as a
 * verification does. One thread.
 */
public final class AuditWalk {
    private static final int PAGES = 8;

    private final Database database;
    private final DatabaseAuditLog audit;

    /** What was found on a walk through a chain; the latest complete walk and the present one. */
    private final Map<String, List<AuditReport.Finding>> complete = new TreeMap<>();

    private final Deque<String> waiting = new ArrayDeque<>();
    private List<AuditReport.Finding> present = new ArrayList<>();
    private String tenant = "";
    private long number;
    private String hash = AuditRow.GENESIS;

    public AuditWalk(Database database, DatabaseAuditLog audit) {
        this.database = database;
        this.audit = audit;
    }

    /** What does not fit, by tenant; empty when everything does. */
    public Map<String, List<AuditReport.Finding>> findings() {
        Map<String, List<AuditReport.Finding>> all = new TreeMap<>(complete);
        if (!present.isEmpty()) {
            all.put(tenant, List.copyOf(present));
        }
        return all;
    }

    /** Goes on: a thousand rows, or so many chains as have fewer together. */
    public void on() {
        database.snapshot(
                DataScope.server(Why.OPERATOR),
                "walking through the audit",
                handle -> {
                    step(handle);
                    return true;
                });
    }

    private void step(Handle handle) {
        if (tenant.isEmpty() && waiting.isEmpty()) {
            waiting.addAll(DatabaseAuditLog.tenants(handle));
            complete.keySet().retainAll(waiting);
        }
        for (int pages = 0; pages < PAGES; pages++) {
            if (tenant.isEmpty()) {
                if (waiting.isEmpty()) {
                    return;
                }
                begin(waiting.removeFirst());
            }
            List<AuditRow> rows = DatabaseAuditLog.page(handle, tenant, number, Long.MAX_VALUE);
            rows.forEach(this::row);
            if (rows.size() >= DatabaseAuditLog.PAGE) {
                return; // the rest next time
            }
            end(handle);
        }
    }

    private void begin(String next) {
        tenant = next;
        number = 0;
        hash = AuditRow.GENESIS;
        present = new ArrayList<>();
    }

    private void row(AuditRow row) {
        if (row.number() != number + 1) {
            find("missing", row.number(), "row %d is gone".formatted(number + 1));
        } else if (!row.hash().equals(row.hashBehind(hash))) {
            find("changed", row.number(), "row %d does not fit its hash".formatted(row.number()));
        }
        number = row.number();
        hash = row.hash();
    }

    private void end(Handle handle) {
        Optional<AuditHead> head = DatabaseAuditLog.head(handle, tenant);
        if (head.isEmpty()) {
            if (number > 0) {
                find("head", number, "the row that says where the chain ends is gone");
            } else if (DatabaseAuditLog.mustHaveRows(handle, tenant, null)) {
                find("cut", 1, "the whole chain is gone");
            }
        } else if (!head.get().isGenuine(audit.keyed())) {
            find("head", number, "the row that says where the chain ends is forged");
        } else if (head.get().number() > number) {
            find(
                    "cut",
                    number + 1,
                    "the tail is cut off: the chain ends with row %d, and its head saw row %d"
                            .formatted(number, head.get().number()));
        } else if (!head.get().hash().equals(hash)) {
            find("head", number, "the chain's last row is not the one its head saw");
        }
        if (present.isEmpty()) {
            complete.remove(tenant);
        } else {
            complete.put(tenant, List.copyOf(present));
        }
        present = new ArrayList<>();
        tenant = "";
    }

    private void find(String kind, long at, String text) {
        if (present.size() < AuditReport.MOST_FINDINGS) {
            present.add(new AuditReport.Finding(kind, tenant, at, text));
        }
    }
}
