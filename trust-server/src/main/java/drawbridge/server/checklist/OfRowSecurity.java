package drawbridge.server.checklist;

import drawbridge.model.TenantId;
import drawbridge.model.view.ChecklistEvidence;
import drawbridge.server.checklist.Evidence.At;
import drawbridge.server.storage.WallTrial;
import drawbridge.server.tenant.Tenants;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Every table keeps tenants apart, tried with each of the four commands. */
final class OfRowSecurity implements Judge {
    private final Walls walls;
    private final Tenants tenants;

    OfRowSecurity(Walls walls, Tenants tenants) {
        this.walls = walls;
        this.tenants = tenants;
    }

    @Override
    public List<ChecklistEvidence> judge(TenantId tenant, Instant now) {
        WallTrial.Outcome outcome = walls.now();
        List<ChecklistEvidence> found = new ArrayList<>();
        outcome.faults()
                .forEach(
                        fault -> found.add(Evidence.fail("wall_open", fault, At.screen("server"))));
        if (!found.isEmpty()) {
            return found;
        }
        String tried =
                "%d statements without a tenant, the four commands on each of %d tables, were refused"
                        .formatted(outcome.tried(), outcome.tables());
        if (walls.isOfDatabase()) {
            found.add(
                    Evidence.pass(
                            "walls_hold",
                            "row-level security is forced on every table, and " + tried));
        } else if (tenants.all().size() > 1) {
            found.add(
                    Evidence.pass(
                            "guard_holds",
                            "SQLite has no row-level security; the server's own guard stands before every statement, and "
                                    + tried));
        } else {
            found.add(
                    Evidence.notApplicable(
                            "one_tenant",
                            "SQLite has no row-level security, and there is one tenant to keep; the server's own guard holds all the same: "
                                    + tried));
        }
        return found;
    }
}
