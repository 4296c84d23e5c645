package drawbridge.server.checklist;

import com.github.benmanes.caffeine.cache.Ticker;

import drawbridge.model.Practice;
import drawbridge.model.Secret;
import drawbridge.model.view.EndpointCoverage;
import drawbridge.server.Platform;
import drawbridge.server.bridge.CallerRegistry;
import drawbridge.server.bridge.Callers;
import drawbridge.server.bridge.RecentValidations;
import drawbridge.server.checklist.ChecklistSettings.Place;
import drawbridge.server.checklist.ChecklistSettings.Shipping;
import drawbridge.server.checklist.ChecklistSettings.Watching;
import drawbridge.server.crypto.Keys;
import drawbridge.server.drill.DrillPass;
import drawbridge.server.drill.Threats;
import drawbridge.server.metrics.Meters;
import drawbridge.server.policy.DatabaseRouteUse;
import drawbridge.server.policy.Policies;
import drawbridge.server.secret.AdminTokens;
import drawbridge.server.secret.MasterKeyTurns;
import drawbridge.server.session.DatabaseSessionStore;
import drawbridge.server.storage.Database;
import drawbridge.server.tenant.Tenants;
import drawbridge.server.token.TokenKeyring;

import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The checklist, what covers endpoints and policies, and the search for secrets.
 *
 * @param checklist the ten practices
 * @param coverage both tables
 * @param scans the search
 * @param pass what the tries are known by
 */
public record ChecklistServices(
        Checklist checklist, Coverage coverage, SecretScans scans, DrillPass pass)
        implements AutoCloseable {
    /**
     * Whose secrets are judged and searched for.
     *
     * @param settings what the settings hold, by the setting's key
     * @param master the master key; whoever asks closes it
     */
    public record Secrets(
            AdminTokens adminTokens,
            MasterKeyTurns masterKey,
            TokenKeyring keyring,
            CallerRegistry registry,
            Map<String, Secret> settings,
            Supplier<Secret> master,
            Keys keys) {
        public Secrets {
            settings = Map.copyOf(settings);
        }
    }

    /** Whom the practices are judged of. */
    public record Subjects(
            Database database,
            DatabaseSessionStore sessions,
            Tenants tenants,
            Callers callers,
            Policies policies,
            DatabaseRouteUse routeUse,
            RecentValidations recent,
            Threats threats,
            Meters meters) {}

    /** What is attacked, and what is asked besides. */
    public record Surroundings(
            Supplier<Place> place,
            Supplier<List<EndpointCoverage>> endpoints,
            Planted.Bed bed,
            Shipping shipping,
            Watching watching,
            Platform platform) {}

    /** Makes all of it. */
    public static ChecklistServices of(
            ChecklistSettings settings,
            Subjects of,
            Secrets secrets,
            Surroundings at,
            Ticker ticker,
            Clock clock) {
        DrillPass pass = new DrillPass();
        SecretScans scans =
                new SecretScans(
                        new KnownSecrets.Sources(
                                of.database(),
                                secrets.registry(),
                                secrets.adminTokens(),
                                of.sessions(),
                                of.tenants(),
                                secrets.keys().hashFor("secret-search/v1"),
                                secrets.settings(),
                                secrets.master(),
                                clock),
                        settings.folder(),
                        ticker::read,
                        clock);
        Tries tries = new Tries(at.place(), at.endpoints(), settings, at.bed(), pass, clock);
        Walls walls = new Walls(of.database(), ticker);
        Map<Practice, Judge> judges = new EnumMap<>(Practice.class);
        judges.put(
                Practice.SECRETS,
                new OfSecrets(
                        of.callers(),
                        secrets.adminTokens(),
                        secrets.masterKey(),
                        secrets.keyring(),
                        scans,
                        settings));
        judges.put(
                Practice.AUTHENTICATION,
                new OfAuthentication(of.threats(), of.callers(), of.policies(), settings));
        judges.put(Practice.ROW_SECURITY, new OfRowSecurity(walls, of.tenants()));
        judges.put(
                Practice.LEAST_PRIVILEGE,
                new OfLeastPrivilege(of.callers(), walls, settings, at.platform()));
        judges.put(Practice.RATE_LIMITS, new OfLimits(of.threats(), at.endpoints(), settings));
        judges.put(
                Practice.CENTRAL_LOGS,
                new OfLogs(settings, of.meters(), at.shipping(), at.platform()));
        judges.put(Practice.INPUT, new OfInput(settings));
        judges.put(Practice.BROWSERS, new OfBrowsers(of.tenants(), settings));
        judges.put(Practice.MONITORING, new OfMonitoring(at.watching()));
        judges.put(Practice.LEFTOVERS, new OfLeftovers(settings, of.database()::readers));
        return new ChecklistServices(
                new Checklist(judges, tries, scans, walls, of.tenants(), clock),
                new Coverage(tries, of.tenants(), of.policies(), of.routeUse(), of.recent(), clock),
                scans,
                pass);
    }

    @Override
    public void close() {
        checklist.close();
    }
}
