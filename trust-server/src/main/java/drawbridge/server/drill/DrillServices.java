package drawbridge.server.drill;

import com.github.benmanes.caffeine.cache.Ticker;

import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.storage.Database;
import drawbridge.server.token.TokenKeyring;

import java.time.Clock;
import java.util.List;

/**
 * The matrix and the drills.
 *
 * @param threats how tenants stand
 * @param drills what plays attacks
 */
public record DrillServices(Threats threats, Drills drills) {
    /** Where runs are kept, and what signs their reports. */
    public record Keeping(Database database, DatabaseAuditLog audit, TokenKeyring keyring) {}

    /** Makes both. */
    public static DrillServices of(Drills.Works with, Keeping keeping, Ticker ticker, Clock clock) {
        DatabaseDrillRuns store = new DatabaseDrillRuns(keeping.database(), keeping.audit());
        Drills drills =
                new Drills(
                        with,
                        store,
                        new DrillReports(keeping.keyring()),
                        List.of(
                                new TokenTheft(),
                                new Hijacking(),
                                new RevocationWindow(),
                                new BruteForce(),
                                new LinkReplay(),
                                new ColdStart(),
                                new AuthBypass()),
                        ticker::read,
                        clock);
        Controls controls =
                new Controls(
                        with.sandboxes().callers(), with.sandboxes().policies(), with.settings());
        Threats threats =
                new Threats(
                        with.tenants(), controls, keeping.database(), store, drills, ticker, clock);
        return new DrillServices(threats, drills);
    }
}
