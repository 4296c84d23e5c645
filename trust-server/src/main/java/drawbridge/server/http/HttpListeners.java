package drawbridge.server.http;

import com.github.benmanes.caffeine.cache.Ticker;

import drawbridge.model.IpNetwork;
import drawbridge.model.view.EndpointCoverage;
import drawbridge.model.view.NodeRow;
import drawbridge.server.account.Accounts;
import drawbridge.server.account.Users;
import drawbridge.server.admin.Supervision;
import drawbridge.server.alert.Alerts;
import drawbridge.server.audit.AuditReading;
import drawbridge.server.audit.RefusalQueue;
import drawbridge.server.backup.BackupDesk;
import drawbridge.server.bridge.BridgeTrail;
import drawbridge.server.bridge.BridgeValidation;
import drawbridge.server.bridge.CallerAccess;
import drawbridge.server.bridge.CallerUse;
import drawbridge.server.bridge.Callers;
import drawbridge.server.bridge.RecentValidations;
import drawbridge.server.bridge.Trial;
import drawbridge.server.checklist.ChecklistServices;
import drawbridge.server.crypto.Keys;
import drawbridge.server.diagnostics.DiagnosticsDesk;
import drawbridge.server.drill.DrillPass;
import drawbridge.server.drill.DrillServices;
import drawbridge.server.event.EventHub;
import drawbridge.server.http.RouteCoverage.Side;
import drawbridge.server.limit.LoginGuard;
import drawbridge.server.limit.RateLimits;
import drawbridge.server.mail.Outbox;
import drawbridge.server.metrics.Meters;
import drawbridge.server.policy.DatabaseRouteUse;
import drawbridge.server.policy.Policies;
import drawbridge.server.secret.AdminTokens;
import drawbridge.server.secret.MasterKeyTurns;
import drawbridge.server.secret.SecretNews;
import drawbridge.server.session.EndedFeed;
import drawbridge.server.session.Renewals;
import drawbridge.server.session.RevocationJobs;
import drawbridge.server.session.SessionExport;
import drawbridge.server.session.SessionFinder;
import drawbridge.server.session.Sessions;
import drawbridge.server.session.Standing;
import drawbridge.server.tenant.TenantDirectory;
import drawbridge.server.tenant.Tenants;
import drawbridge.server.token.AccountTokens;
import drawbridge.server.token.TokenKeyring;
import drawbridge.server.token.TokenMail;
import drawbridge.server.token.TokenSettings;
import drawbridge.server.token.TrustTokens;

import io.javalin.Javalin;

import org.eclipse.jetty.server.NetworkConnector;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The public and the admin listener. Opened and closed by one thread. */
public final class HttpListeners implements AutoCloseable {
    /** What the endpoints work with. */
    public record Services(
            Accounts accounts,
            Users users,
            Sessions sessions,
            Renewals renewals,
            SessionFinder finder,
            BridgeValidation validation,
            BridgeTrail trail,
            CallerParts callers,
            Supervision supervision,
            EventHub events,
            RefusalQueue refusals,
            Meters meters,
            TokenServices tokens,
            Keys keys,
            OwnSecrets secrets,
            AuditReading auditReading,
            Edge edge,
            BackupDesk backups,
            Supplier<List<NodeRow>> nodes,
            DrillParts drills,
            ManySessionParts many,
            ChecklistServices checklist,
            Alerts alerts,
            DiagnosticsDesk diagnostics) {}

    /** The threat matrix and its drills, and what their calls are known by. */
    public record DrillParts(DrillServices services, DrillPass pass) {}

    /** What concerns many sessions at once. */
    public record ManySessionParts(RevocationJobs jobs, SessionExport export) {}

    /**
     * The secrets of the server itself.
     *
     * @param quiet how long nothing may have used an old version before it is safe to retire
     * @param age how old the signing key becomes before it is overdue
     */
    public record OwnSecrets(
            AdminTokens adminTokens,
            MasterKeyTurns masterKey,
            SecretNews news,
            Duration quiet,
            Duration age) {}

    /** What decides who gets in, and how often. */
    public record Edge(
            RateLimits limits,
            LoginGuard guard,
            Tenants tenants,
            TenantDirectory directory,
            Standing standing) {}

    /** What the endpoints of trust tokens and mail work with. */
    public record TokenServices(
            TrustTokens tokens,
            AccountTokens accounts,
            TokenMail mail,
            TokenKeyring keyring,
            TokenSettings settings,
            Outbox outbox) {}

    /** What concerns back ends: who they are, and how they are judged. */
    public record CallerParts(
            CallerAccess access,
            CallerUse use,
            Callers callers,
            Policies policies,
            DatabaseRouteUse routeUse,
            RecentValidations recent,
            EndedFeed ended,
            LongSupplier applied) {}

    /**
     * Where and within which bounds they listen.
     *
     * @param publicHost host of the public listener
     * @param publicPort its port; 0 for any free one
     * @param adminHost host of the admin listener
     * @param adminPort its port; 0 for any free one
     * @param mostBodyBytes the largest body that is read
     * @param timeout how long a client may be silent within a request
     * @param connections to each listener at most
     * @param trustedProxies whose forwarded headers count
     * @param browser what is said to browsers
     * @param base the path under which the public API is
     * @param corsOrigins whose pages may call for the tenant {@code default}
     * @param tls what the public listener proves itself with; empty for plain HTTP
     * @param adminNames host names under which the admin listener may be called, besides its own
     * @param adminTls what the admin listener proves itself with; empty for plain HTTP
     */
    public record Bounds(
            String publicHost,
            int publicPort,
            String adminHost,
            int adminPort,
            long mostBodyBytes,
            Duration timeout,
            int connections,
            List<IpNetwork> trustedProxies,
            Browser browser,
            String base,
            List<String> corsOrigins,
            Optional<TlsFiles> tls,
            List<String> adminNames,
            Optional<TlsFiles> adminTls) {
        public Bounds {
            adminNames = List.copyOf(adminNames);
            trustedProxies = List.copyOf(trustedProxies);
            corsOrigins = List.copyOf(corsOrigins);
        }
    }

    /** When a cookie is marked Secure. */
    public enum Security {
        /** When the request arrived by TLS. */
        AUTO,
        /** Always. */
        ALWAYS,
        /** Never. */
        NEVER
    }

    /** Who may make accounts. */
    public enum Registering {
        /** Anybody. */
        OPEN,
        /** Back ends, with their bridge secret. */
        BRIDGE,
        /** Users of type admin. */
        ADMIN,
        /** Nobody. */
        OFF
    }

    /**
     * What is said to browsers.
     *
     * @param cookies whether there are cookies
     * @param secure when they are marked Secure
     * @param isPrefixed whether Secure ones are named {@code __Host-}
     * @param sameSite as browsers spell it
     * @param registering who may make accounts
     */
    public record Browser(
            boolean cookies,
            Security secure,
            boolean isPrefixed,
            String sameSite,
            Registering registering) {}

    private final Javalin open;
    private final Javalin admin;
    private final EventHub events;
    private final EndedFeed ended;
    private final BridgeEventStream endedStream;
    private final Optional<ListenerTls> tls;
    private final Optional<ListenerTls> adminTls;
    private final ValidateEndpoint validate;
    private final RateLimits limits;
    private final long mostBodyBytes;

    /**
     * Builds both, without opening a port.
     *
     * @param missing what the server still waits for before it is ready; throws
     *     StoreUnavailableException when the database does not answer
     * @param stop asks the server to end; returns at once
     */
    public HttpListeners(
            Services with,
            Bounds bounds,
            Supplier<Optional<String>> missing,
            Runnable stop,
            Clock clock) {
        this.events = with.events();
        this.ended = with.callers().ended();
        this.limits = with.edge().limits();
        this.mostBodyBytes = bounds.mostBodyBytes();
        RequestReader reader = reader(with, bounds);
        RequestReader adminReader = reader(with, bounds); // strangers take none of its room
        Devices devices = new Devices(with.keys());
        BrowserCookie.Rules rules = rules(bounds.browser());
        BrowserCookie cookie = new BrowserCookie("session_id", rules, reader);
        DeviceCookie deviceCookie =
                new DeviceCookie(new BrowserCookie("drawbridge_device", rules, reader), devices);
        PublicTenants tenants = new PublicTenants(with.edge().directory(), bounds.corsOrigins());
        OriginGate origins = new OriginGate(tenants);
        LimitGate counting =
                new LimitGate(
                        reader,
                        with.edge().limits(),
                        with.edge().guard(),
                        with.callers().access(),
                        new LimitGate.Known(devices, deviceCookie));
        ClientGate gate =
                new ClientGate(
                        reader,
                        with.finder(),
                        with.sessions(),
                        cookie,
                        new ClientGate.Edge(tenants, origins, counting, with.edge().standing()),
                        clock);
        ProfileEndpoint profiles =
                new ProfileEndpoint(reader, with.users(), with.accounts()::drawId);
        UserAdminEndpoint userAdmin =
                new UserAdminEndpoint(adminReader, with.users(), with.accounts()::drawId);
        SessionEndpoint ownSessions =
                new SessionEndpoint(reader, with.sessions(), with.renewals(), cookie, clock);
        UnconfiguredEndpoint unconfigured = new UnconfiguredEndpoint(reader);
        CallerParts callers = with.callers();
        BridgeGate bridge =
                new BridgeGate(
                        reader,
                        callers.access(),
                        new BridgeGate.Edge(tenants, counting, with.edge().standing()),
                        with.trail(),
                        with.meters(),
                        clock);
        AccountEndpoint accounts =
                new AccountEndpoint(
                        reader,
                        with.accounts(),
                        with.sessions(),
                        gate,
                        new AccountEndpoint.Browsers(cookie, deviceCookie, devices),
                        new AccountEndpoint.Registrations(
                                bounds.browser().registering(), bridge, profiles));
        this.validate =
                new ValidateEndpoint(
                        reader,
                        bridge,
                        new BridgeSessionId(callers.use(), clock),
                        with.validation(),
                        with.sessions(),
                        devices,
                        callers.applied(),
                        clock);
        this.endedStream =
                new BridgeEventStream(
                        bridge, callers.access(), tenants, ended, Ticker.systemTicker());
        with.meters()
                .gauge(
                        "drawbridge_bridge_streams",
                        "Back ends that follow ended sessions",
                        endedStream::followers);
        PresentedTokens presented = new PresentedTokens(reader, gate);
        Routes.TokenRoutes tokens =
                new Routes.TokenRoutes(
                        new TokenEndpoint(
                                reader, presented, with.tokens(), accounts, bridge, devices),
                        new BridgeTokenEndpoint(reader, bridge, with.tokens()),
                        new PasswordResetEndpoint(
                                reader,
                                presented,
                                with.tokens().tokens(),
                                with.tokens().accounts(),
                                with.tokens().mail()),
                        new ConfirmPage(reader, presented, with.tokens(), accounts, with.keys()),
                        new TokenAdminEndpoint(adminReader, with.tokens(), with.secrets(), clock),
                        new OutboxEndpoint(adminReader, with.tokens().outbox()));
        CallerAdminEndpoint callerAdmin = new CallerAdminEndpoint(adminReader, callers.callers());
        PolicyAdminEndpoint policyAdmin =
                new PolicyAdminEndpoint(adminReader, callers.policies(), callers.routeUse(), clock);
        InsightEndpoint insight =
                new InsightEndpoint(
                        adminReader,
                        callers.recent(),
                        callers.policies(),
                        callers.callers(),
                        new InsightEndpoint.Trials(
                                new Trial(callers.recent()),
                                devices,
                                ref -> with.supervision().find(ref).map(with.finder()::found),
                                clock));
        HealthEndpoint health = new HealthEndpoint(missing);
        AdminGate adminGate =
                new AdminGate(
                        adminReader,
                        with.secrets().adminTokens(),
                        Stream.concat(Stream.of(bounds.adminHost()), bounds.adminNames().stream())
                                .toList(),
                        counting,
                        with.refusals(),
                        clock);
        AdminEndpoint endpoint =
                new AdminEndpoint(
                        adminReader, with.supervision(), with.sessions(), with.nodes(), stop);
        EventStream stream = new EventStream(with.events());
        AuditAdminEndpoint audit = new AuditAdminEndpoint(adminReader, with.auditReading());
        TenantAdminEndpoint tenantAdmin =
                new TenantAdminEndpoint(adminReader, with.edge().tenants());
        this.tls = bounds.tls().map(ListenerTls::new);
        this.adminTls = bounds.adminTls().map(ListenerTls::new);
        BackupAdminEndpoint backup = new BackupAdminEndpoint(adminReader, with.backups());
        DrillAdminEndpoint drills = new DrillAdminEndpoint(adminReader, with.drills().services());
        AlertEndpoint alertEndpoint = new AlertEndpoint(adminReader, with.alerts());
        DiagnosticsEndpoint diagnostics = new DiagnosticsEndpoint(adminReader, with.diagnostics());
        ChecklistEndpoint checklist = new ChecklistEndpoint(adminReader, with.checklist());
        SecretAdminEndpoint secrets = new SecretAdminEndpoint(adminReader, with.secrets(), clock);
        RevocationEndpoint revocations =
                new RevocationEndpoint(adminReader, with.many().jobs(), with.many().export());
        this.open =
                Routes.listener(
                        reader,
                        new Routes.Place(
                                bounds.publicHost(),
                                bounds.publicPort(),
                                bounds.timeout(),
                                bounds.connections(),
                                Optional.of(
                                        new Routes.Entrance(
                                                bounds.base(), new BridgeLane(reader, validate))),
                                tls),
                        config ->
                                Routes.open(
                                        config,
                                        gate,
                                        bridge,
                                        origins,
                                        accounts,
                                        ownSessions,
                                        profiles,
                                        unconfigured,
                                        validate,
                                        endedStream,
                                        tokens,
                                        health));
        this.admin =
                Routes.listener(
                        adminReader,
                        new Routes.Place(
                                bounds.adminHost(),
                                bounds.adminPort(),
                                bounds.timeout(),
                                bounds.connections(),
                                Optional.empty(),
                                adminTls),
                        config -> {
                            Routes.manySessions(config, revocations); // before those with {ref}
                            Routes.admin(
                                    config,
                                    adminGate,
                                    endpoint,
                                    userAdmin,
                                    tokens,
                                    stream,
                                    counting,
                                    tenantAdmin);
                            Routes.upkeep(config, audit, backup);
                            Routes.diagnostics(config, diagnostics);
                            Routes.drills(config, drills);
                            Routes.alerts(config, alertEndpoint);
                            Routes.checklist(config, checklist);
                            Routes.callers(config, callerAdmin, policyAdmin, insight);
                            Routes.secrets(config, secrets);
                        });
    }

    private static RequestReader reader(Services with, Bounds bounds) {
        return new RequestReader(
                bounds.mostBodyBytes(),
                bounds.timeout(),
                new ClientAddresses(bounds.trustedProxies()),
                new RequestReader.OwnCalls(with.drills().pass(), with.checklist().pass()));
    }

    private static BrowserCookie.Rules rules(Browser browser) {
        return new BrowserCookie.Rules(
                browser.cookies(), browser.secure(), browser.isPrefixed(), browser.sameSite());
    }

    /** What answers validations, without the ports before it. */
    ValidateEndpoint validate() {
        return validate;
    }

    /** The routes of the public listener. */
    List<Routes.Route> publicRoutes() {
        return RouteCoverage.read(open, RouteCoverage.Side.PUBLIC);
    }

    /** The routes of the admin listener. */
    List<Routes.Route> adminRoutes() {
        return RouteCoverage.read(admin, RouteCoverage.Side.ADMIN);
    }

    /** What stands before every endpoint, in the order of the route tables. */
    public List<EndpointCoverage> endpoints() {
        return Stream.concat(
                        publicRoutes().stream().map(route -> covered(route, Side.PUBLIC)),
                        adminRoutes().stream().map(route -> covered(route, Side.ADMIN)))
                .toList();
    }

    private EndpointCoverage covered(Routes.Route route, Side side) {
        return RouteCoverage.of(route, side, limits, mostBodyBytes);
    }

    /** Opens the public port; from here on clients are answered. */
    public int openPublic() {
        return open(open);
    }

    /** Opens the admin port. */
    public int openAdmin() {
        return open(admin);
    }

    /**
     * The certificates that are shown now, and again whenever one has changed.
     *
     * @param changed hears so on another thread
     */
    public Certificates certificates(Runnable changed) {
        tls.ifPresent(of -> of.onChange(changed));
        adminTls.ifPresent(of -> of.onChange(changed));
        return new Certificates() {
            @Override
            public Optional<String> open() {
                return tls.map(ListenerTls::sha256);
            }

            @Override
            public Optional<String> admin() {
                return adminTls.map(ListenerTls::sha256);
            }
        };
    }

    /** What the listeners prove themselves with: SHA-256 of their certificates, in hexadecimal. */
    public interface Certificates {
        /** Of the public listener; empty for plain HTTP. */
        Optional<String> open();

        /** Of the admin listener; empty for plain HTTP. */
        Optional<String> admin();
    }

    private static int open(Javalin listener) {
        listener.start();
        return ((NetworkConnector) listener.jettyServer().server().getConnectors()[0])
                .getLocalPort();
    }

    /** Connections to both listeners now. */
    public int connections() {
        return connections(open) + connections(admin);
    }

    private static int connections(Javalin listener) {
        // It comes with its port: there is none before that is open.
        return Optional.ofNullable(listener.jettyServer().server().getBean(ConnectionLimit.class))
                .map(ConnectionLimit::getNetworkConnectionCount)
                .orElse(0);
    }

    /** Refuses new requests, lets those under way end for up to 3 s, then closes both. */
    @Override
    public void close() {
        ended.close(); // its streams end by themselves, so that they do not hold the listener
        endedStream.close();
        open.stop();
        events.close(); // the streams end by themselves, so that they do not hold the admin
        // listener
        admin.stop();
        tls.ifPresent(ListenerTls::close);
        adminTls.ifPresent(ListenerTls::close);
    }
}
