package drawbridge.server.http;

import drawbridge.model.IpNetwork;
import drawbridge.server.account.Accounts;
import drawbridge.server.admin.Supervision;
import drawbridge.server.audit.AuditReading;
import drawbridge.server.audit.RefusalQueue;
import drawbridge.server.bridge.BridgeTrail;
import drawbridge.server.bridge.BridgeValidation;
import drawbridge.server.bridge.CallerRegistry;
import drawbridge.server.crypto.KeyedHash;
import drawbridge.server.crypto.Keys;
import drawbridge.server.event.EventHub;
import drawbridge.server.mail.Outbox;
import drawbridge.server.metrics.Meters;
import drawbridge.server.session.SessionFinder;
import drawbridge.server.session.Sessions;
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

/** The public and the admin listener. Opened and closed by one thread. */
public final class HttpListeners implements AutoCloseable {
    /** What the endpoints work with. */
    public record Services(
            Accounts accounts,
            Sessions sessions,
            SessionFinder finder,
            BridgeValidation validation,
            BridgeTrail trail,
            CallerRegistry callers,
            Supervision supervision,
            EventHub events,
            RefusalQueue refusals,
            Meters meters,
            TokenServices tokens,
            Keys keys,
            AuditReading auditReading) {}

    /** What the endpoints of trust tokens and mail work with. */
    public record TokenServices(
            TrustTokens tokens,
            AccountTokens accounts,
            TokenMail mail,
            TokenKeyring keyring,
            TokenSettings settings,
            Outbox outbox) {}

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
     */
    public record Bounds(
            String publicHost,
            int publicPort,
            String adminHost,
            int adminPort,
            long mostBodyBytes,
            Duration timeout,
            List<IpNetwork> trustedProxies) {
        public Bounds {
            trustedProxies = List.copyOf(trustedProxies);
        }
    }

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
        SessionCookie cookie = new SessionCookie(reader);
        ClientGate gate = new ClientGate(reader, with.finder(), cookie, clock);
        AccountEndpoint accounts =
                new AccountEndpoint(
                        reader, with.accounts(), with.sessions(), gate, cookie, devices);
        ValidateEndpoint validate =
                new ValidateEndpoint(
                        reader,
                        with.callers(),
                        with.validation(),
                        with.trail(),
                        devices,
                        with.meters(),
                        clock);
        PresentedTokens presented = new PresentedTokens(reader, gate);
        Routes.TokenRoutes tokens =
                new Routes.TokenRoutes(
                        new TokenEndpoint(
                                reader,
                                presented,
                                with.tokens(),
                                accounts,
                                with.callers(),
                                devices),
                        new PasswordResetEndpoint(
                                reader,
                                presented,
                                with.tokens().tokens(),
                                with.tokens().accounts(),
                                with.tokens().mail()),
                        new ConfirmPage(reader, presented, with.tokens(), accounts, with.keys()),
                        new TokenAdminEndpoint(reader, with.tokens(), clock),
                        new OutboxEndpoint(reader, with.tokens().outbox()));
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
                        config -> Routes.open(config, gate, accounts, validate, tokens, health));
        this.admin =
                Routes.listener(
                        reader,
                        bounds.adminHost(),
                        bounds.adminPort(),
                        bounds.timeout(),
                        config -> {
                            Routes.admin(config, adminGate, endpoint, tokens, stream);
                            Routes.audit(config, audit);
                        });
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
