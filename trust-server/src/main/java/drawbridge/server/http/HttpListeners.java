package drawbridge.server.http;

import drawbridge.model.IpNetwork;
import drawbridge.server.account.Accounts;
import drawbridge.server.account.Users;
import drawbridge.server.admin.Supervision;
import drawbridge.server.audit.AuditReading;
import drawbridge.server.audit.RefusalQueue;
import drawbridge.server.bridge.BridgeTrail;
import drawbridge.server.bridge.BridgeValidation;
import drawbridge.server.bridge.CallerAccess;
import drawbridge.server.bridge.CallerUse;
import drawbridge.server.bridge.Callers;
import drawbridge.server.bridge.RecentValidations;
import drawbridge.server.crypto.KeyedHash;
import drawbridge.server.crypto.Keys;
import drawbridge.server.event.EventHub;
import drawbridge.server.metrics.Meters;
import drawbridge.server.policy.Policies;
import drawbridge.server.session.Renewals;
import drawbridge.server.session.SessionFinder;
import drawbridge.server.session.Sessions;

import io.javalin.Javalin;

import org.eclipse.jetty.server.NetworkConnector;

import java.time.Clock;
import java.time.Duration;
import java.util.List;

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
            Keys keys,
            AuditReading auditReading) {}

    /** What concerns back ends: who they are, and how they are judged. */
    public record CallerParts(
            CallerAccess access,
            CallerUse use,
            Callers callers,
            Policies policies,
            RecentValidations recent) {}

    /**
     * Where and within which bounds they listen.
     *
     * @param publicHost host of the public listener
     * @param publicPort its port; 0 for any free one
     * @param adminHost host of the admin listener
     * @param adminPort its port; 0 for any free one
     * @param mostBodyBytes the largest body that is read
     * @param timeout how long a client may be silent within a request
     * @param trustedProxies whose forwarded headers count
     * @param browser what is said to browsers
     */
    public record Bounds(
            String publicHost,
            int publicPort,
            String adminHost,
            int adminPort,
            long mostBodyBytes,
            Duration timeout,
            List<IpNetwork> trustedProxies,
            Browser browser) {
        public Bounds {
            trustedProxies = List.copyOf(trustedProxies);
        }
    }

    /**
     * What is said to browsers.
     *
     * @param cookies whether there are cookies
     * @param secure {@code AUTO}, {@code ALWAYS} or {@code NEVER}
     * @param isPrefixed whether Secure ones are named {@code __Host-}
     * @param sameSite as browsers spell it
     * @param registering who may make accounts: {@code OPEN}, {@code BRIDGE}, {@code ADMIN} or
     *     {@code OFF}
     */
    public record Browser(
            boolean cookies,
            String secure,
            boolean isPrefixed,
            String sameSite,
            String registering) {}

    private final Javalin open;
    private final Javalin admin;
    private final EventHub events;

    /**
     * Builds both, without opening a port.
     *
     * @param adminTokenHash the admin token under {@link #adminHash}
     * @param askDatabase returns when the database answered, else throws StoreUnavailableException
     * @param stop asks the server to end; returns at once
     */
    public HttpListeners(
            Services with,
            Bounds bounds,
            byte[] adminTokenHash,
            Runnable askDatabase,
            Runnable stop,
            Clock clock) {
        this.events = with.events();
        RequestReader reader =
                new RequestReader(
                        bounds.mostBodyBytes(),
                        bounds.timeout(),
                        new ClientAddresses(bounds.trustedProxies()));
        Devices devices = new Devices(with.keys());
        BrowserCookie.Rules rules = rules(bounds.browser());
        BrowserCookie cookie = new BrowserCookie("session_id", rules, reader);
        ClientGate gate = new ClientGate(reader, with.finder(), with.sessions(), cookie, clock);
        ProfileEndpoint profiles =
                new ProfileEndpoint(reader, with.users(), with.accounts()::drawId);
        UserAdminEndpoint userAdmin =
                new UserAdminEndpoint(reader, with.users(), with.accounts()::drawId);
        SessionEndpoint ownSessions =
                new SessionEndpoint(reader, with.sessions(), with.renewals(), cookie, clock);
        UnconfiguredEndpoint unconfigured = new UnconfiguredEndpoint(reader);
        CallerParts callers = with.callers();
        BridgeGate bridge =
                new BridgeGate(reader, callers.access(), with.trail(), with.meters(), clock);
        AccountEndpoint accounts =
                new AccountEndpoint(
                        reader,
                        with.accounts(),
                        with.sessions(),
                        gate,
                        new AccountEndpoint.Browsers(
                                cookie,
                                new DeviceCookie(
                                        new BrowserCookie("drawbridge_device", rules, reader),
                                        devices),
                                devices),
                        new AccountEndpoint.Registrations(
                                AccountEndpoint.Registering.valueOf(bounds.browser().registering()),
                                bridge,
                                profiles));
        ValidateEndpoint validate =
                new ValidateEndpoint(
                        reader,
                        bridge,
                        new BridgeSessionId(reader, callers.use(), clock),
                        with.validation(),
                        with.sessions(),
                        devices,
                        clock);
        CallerAdminEndpoint callerAdmin = new CallerAdminEndpoint(reader, callers.callers());
        PolicyAdminEndpoint policyAdmin = new PolicyAdminEndpoint(reader, callers.policies());
        InsightEndpoint insight =
                new InsightEndpoint(
                        reader, callers.recent(), callers.policies(), callers.callers());
        HealthEndpoint health = new HealthEndpoint(askDatabase);
        AdminGate adminGate =
                new AdminGate(
                        reader,
                        adminHash(with.keys()),
                        adminTokenHash,
                        bounds.adminHost(),
                        with.refusals(),
                        clock);
        AdminEndpoint endpoint =
                new AdminEndpoint(reader, with.supervision(), with.sessions(), stop);
        EventStream stream = new EventStream(with.events());
        AuditAdminEndpoint audit = new AuditAdminEndpoint(reader, with.auditReading());
        this.open =
                Routes.listener(
                        reader,
                        bounds.publicHost(),
                        bounds.publicPort(),
                        bounds.timeout(),
                        config ->
                                Routes.open(
                                        config,
                                        gate,
                                        bridge,
                                        accounts,
                                        ownSessions,
                                        profiles,
                                        unconfigured,
                                        validate,
                                        health));
        this.admin =
                Routes.listener(
                        reader,
                        bounds.adminHost(),
                        bounds.adminPort(),
                        bounds.timeout(),
                        config -> {
                            Routes.admin(config, adminGate, endpoint, userAdmin, stream);
                            Routes.audit(config, audit);
                            Routes.callers(config, callerAdmin, policyAdmin, insight);
                        });
    }

    private static BrowserCookie.Rules rules(Browser browser) {
        return new BrowserCookie.Rules(
                browser.cookies(),
                BrowserCookie.Security.valueOf(browser.secure()),
                browser.isPrefixed(),
                browser.sameSite());
    }

    /** The keyed hash under which the admin token is compared. */
    public static KeyedHash adminHash(Keys keys) {
        return keys.hashFor("admin-token/v1");
    }

    /** Opens the public port; from here on clients are answered. */
    public int openPublic() {
        return open(open);
    }

    /** Opens the admin port. */
    public int openAdmin() {
        return open(admin);
    }

    private static int open(Javalin listener) {
        listener.start();
        return ((NetworkConnector) listener.jettyServer().server().getConnectors()[0])
                .getLocalPort();
    }

    /** Refuses new requests, lets those under way end for up to 3 s, then closes both. */
    @Override
    public void close() {
        open.stop();
        events.close(); // the streams end by themselves, so that they do not hold the admin
        // listener
        admin.stop();
    }
}
