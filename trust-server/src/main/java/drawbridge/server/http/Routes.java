package drawbridge.server.http;

import static drawbridge.server.http.Access.BRIDGE;
import static drawbridge.server.http.Access.OPERATOR;
import static drawbridge.server.http.Access.PUBLIC;
import static drawbridge.server.http.Access.SESSION;
import static drawbridge.server.http.Access.TENANT_ADMIN;
import static drawbridge.server.http.Input.FIELDS;
import static drawbridge.server.http.Input.FORM;
import static drawbridge.server.http.Input.NOTHING;
import static drawbridge.server.http.Limit.CHEAP;
import static drawbridge.server.http.Limit.EXPORT;
import static drawbridge.server.http.Limit.GUESSABLE;
import static drawbridge.server.http.Limit.HASHING;
import static drawbridge.server.http.Limit.LOGIN;
import static drawbridge.server.http.Limit.WRONG_SECRETS;

import drawbridge.model.ProblemCode;
import drawbridge.server.storage.StoreUnavailableException;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.HttpResponseException;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Every route of both listeners on one screen, and what all of them share. */
final class Routes {
    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
    private static final int HEADER_BYTES = 16 * 1024;

    /** In the paths of what must be repeated when it could not be made sure. */
    private static final List<String> ENDINGS = List.of("/revoke", "/retire", "/burn");

    /**
     * Larger than the headers that are read, so that a client which sends somewhat too much has
     * been read whole before it is answered: closing on unread bytes resets the connection, and the
     * client would never see the answer.
     */
    private static final int INPUT_BYTES = 2 * HEADER_BYTES;

    /**
     * None: a cache of the headers that a connection repeats takes 100 kB of each, and saves little
     * of what a call costs.
     */
    private static final int HEADER_CACHE = 0;

    /** What an answer is copied through; most are smaller, and each would take as much. */
    private static final int ANSWER_BYTES = 4 * 1024;

    /** One, so that nobody is let in beyond the limit and turned away again. */
    private static final int ACCEPTORS = 1;

    private Routes() {}

    static void open(
            JavalinConfig config,
            ClientGate gate,
            BridgeGate bridge,
            OriginGate origins,
            AccountEndpoint accounts,
            SessionEndpoint sessions,
            ProfileEndpoint profiles,
            UnconfiguredEndpoint unconfigured,
            ValidateEndpoint validate,
            BridgeEventStream ended,
            TokenRoutes tokens,
            HealthEndpoint health) {
        config.routes
                .before(origins::tell)
                .beforeMatched(gate::check)
                .beforeMatched(bridge::check)
                .post("/auth/register", accounts::register, PUBLIC, HASHING, FIELDS)
                .post("/auth/login", accounts::logIn, PUBLIC, LOGIN, FIELDS)
                .post("/auth/logout", accounts::logOut, SESSION, CHEAP, NOTHING)
                .get("/auth/validation", accounts::validation, SESSION, CHEAP)
                .post("/auth/validation", accounts::oldValidation, SESSION, CHEAP, NOTHING)
                .post("/auth/bridge/validate", validate::validate, BRIDGE, WRONG_SECRETS, FIELDS)
                .post("/bridge/validate", validate::olderValidate, BRIDGE, WRONG_SECRETS, FIELDS)
                .post("/auth/bridge/revoke", validate::revoke, BRIDGE, WRONG_SECRETS, FIELDS)
                .get("/auth/bridge/events", ended::follow, BRIDGE, WRONG_SECRETS)
                .get("/health", health::health, PUBLIC, CHEAP)
                .get("/ready", health::ready, PUBLIC, CHEAP);
        config.routes
                .post("/auth/register/public", accounts::register, PUBLIC, HASHING, FIELDS)
                .get("/auth/validate-session", accounts::validation, SESSION, CHEAP)
                .post("/auth/refresh", sessions::refresh, SESSION, CHEAP, NOTHING)
                .post("/auth/refresh-session", sessions::refresh, SESSION, CHEAP, NOTHING)
                .get("/auth/session/current", sessions::current, SESSION, CHEAP)
                .get("/auth/sessions", sessions::list, SESSION, CHEAP)
                .delete("/auth/sessions/{ref}", sessions::endOne, SESSION, CHEAP)
                .post("/auth/sessions/end-others", sessions::endOthers, SESSION, CHEAP, NOTHING)
                .post("/auth/invalidate/me", sessions::endAll, SESSION, CHEAP, NOTHING)
                .get("/auth/me", profiles::own, SESSION, CHEAP)
                .get("/auth/user/me", profiles::own, SESSION, CHEAP)
                .put("/auth/user/me", profiles::changeOwn, SESSION, GUESSABLE, FIELDS)
                .put("/auth/profile", profiles::changeOwn, SESSION, GUESSABLE, FIELDS)
                .post(
                        "/auth/password-change/self",
                        profiles::changePassword,
                        SESSION,
                        HASHING,
                        FIELDS)
                .post(
                        "/auth/password-change/admin",
                        profiles::setPassword,
                        TENANT_ADMIN,
                        HASHING,
                        FIELDS)
                .get("/auth/users", profiles::list, TENANT_ADMIN, CHEAP)
                .post("/auth/users", profiles::create, TENANT_ADMIN, HASHING, FIELDS)
                .put("/auth/users/{id}", profiles::change, TENANT_ADMIN, CHEAP, FIELDS)
                .delete("/auth/users/{id}", profiles::delete, TENANT_ADMIN, CHEAP)
                .get("/auth/two_factor/system", unconfigured::twoFactorSystem, PUBLIC, CHEAP)
                .get("/auth/two_factor/methods", unconfigured::twoFactorMethods, SESSION, CHEAP)
                .post(
                        "/auth/two_factor/toggle",
                        unconfigured::toggleTwoFactor,
                        SESSION,
                        CHEAP,
                        FIELDS)
                .post("/auth/two_factor/verify", unconfigured::noTwoFactor, SESSION, CHEAP, NOTHING)
                .post(
                        "/auth/two_factor/{method}/setup",
                        unconfigured::noTwoFactor,
                        SESSION,
                        CHEAP,
                        NOTHING)
                .post(
                        "/auth/two_factor/{method}/start",
                        unconfigured::noTwoFactor,
                        SESSION,
                        CHEAP,
                        NOTHING)
                .delete("/auth/two_factor/{id}", unconfigured::removeTwoFactor, SESSION, CHEAP)
                .get("/auth/social/providers", unconfigured::socialProviders, PUBLIC, CHEAP)
                .get("/auth/social/accounts", unconfigured::socialAccounts, SESSION, CHEAP)
                .delete(
                        "/auth/social/accounts/{provider}",
                        unconfigured::removeSocialAccount,
                        SESSION,
                        CHEAP)
                .get("/auth/social/{provider}/login", unconfigured::noSocial, PUBLIC, CHEAP)
                .get("/auth/social/{provider}/callback", unconfigured::noSocial, PUBLIC, CHEAP)
                .post(
                        "/auth/social/{provider}/login-api",
                        unconfigured::noSocial,
                        PUBLIC,
                        CHEAP,
                        NOTHING)
                .post("/auth/upload/picture", unconfigured::noPictures, SESSION, CHEAP, NOTHING)
                .delete("/auth/upload/picture", unconfigured::noPictures, SESSION, CHEAP);
        tokens.open(config);
    }

    static void admin(
            JavalinConfig config,
            AdminGate gate,
            AdminEndpoint admin,
            UserAdminEndpoint users,
            TokenRoutes tokens,
            EventStream events,
            LimitGate limits,
            TenantAdminEndpoint tenants) {
        config.routes
                .beforeMatched(limits::countSource)
                .beforeMatched(Query::check)
                .get("/v1/tenants", tenants::list, OPERATOR)
                .post("/v1/tenants", tenants::create, OPERATOR)
                .get("/v1/tenants/{tenant}", tenants::show, OPERATOR)
                .patch("/v1/tenants/{tenant}", tenants::change, OPERATOR)
                .post("/v1/tenants/{tenant}/suspend", tenants::suspend, OPERATOR)
                .post("/v1/tenants/{tenant}/resume", tenants::resume, OPERATOR)
                .post("/v1/tenants/{tenant}/delete", tenants::delete, OPERATOR)
                .post("/v1/tenants/{tenant}/export", tenants::export, OPERATOR, EXPORT);
        config.routes
                .before(gate::check)
                .get("/v1/snapshot", admin::snapshot, OPERATOR)
                .get("/v1/tiers", admin::tiers, OPERATOR)
                .get("/v1/history", admin::history, OPERATOR, Query.of("minutes"))
                .get("/v1/config", admin::configuration, OPERATOR)
                .get("/v1/sessions", admin::list, OPERATOR, Query.of("filter", "limit", "after"))
                .get("/v1/sessions/{ref}", admin::show, OPERATOR)
                .post("/v1/sessions/{ref}/revoke", admin::revoke, OPERATOR)
                .post("/v1/sessions/{ref}/restore", admin::restore, OPERATOR)
                .post("/v1/users/{id}/revoke-sessions", admin::revokeUser, OPERATOR)
                .post("/v1/tenants/{id}/revoke-sessions", admin::revokeTenant, OPERATOR)
                .post("/v1/revoke-everything", admin::revokeEverything, OPERATOR)
                .get("/v1/nodes", admin::nodes, OPERATOR)
                .get("/v1/events", events::follow, OPERATOR, Query.of("after"))
                .post("/v1/stop", admin::stop, OPERATOR)
                .get("/metrics", admin::metrics, OPERATOR);
        config.routes
                .get(
                        "/v1/users",
                        users::list,
                        OPERATOR,
                        Query.of("filter", "tenant", "state", "limit", "after"))
                .post("/v1/users", users::create, OPERATOR)
                .get("/v1/users/{id}", users::show, OPERATOR)
                .patch("/v1/users/{id}", users::change, OPERATOR)
                .delete("/v1/users/{id}", users::delete, OPERATOR)
                .post("/v1/users/{id}/disable", users::disable, OPERATOR)
                .post("/v1/users/{id}/enable", users::enable, OPERATOR)
                .post("/v1/users/{id}/set-password", users::setPassword, OPERATOR);
        tokens.admin(config);
    }

    /** The endpoints of trust tokens and mail. */
    record TokenRoutes(
            TokenEndpoint tokens,
            BridgeTokenEndpoint bridge,
            PasswordResetEndpoint passwords,
            ConfirmPage page,
            TokenAdminEndpoint keeper,
            OutboxEndpoint outbox) {
        private void open(JavalinConfig config) {
            config.routes
                    .post(
                            "/auth/password-reset/request",
                            passwords::request,
                            PUBLIC,
                            GUESSABLE,
                            FIELDS)
                    .get(
                            "/auth/password-reset/validate",
                            passwords::validateInQuery,
                            PUBLIC,
                            GUESSABLE)
                    .get(
                            "/auth/password-reset/validate/{token}",
                            passwords::validateInPath,
                            PUBLIC,
                            GUESSABLE)
                    .post(
                            "/auth/password-reset/validate",
                            passwords::validateInBody,
                            PUBLIC,
                            GUESSABLE,
                            FIELDS)
                    .post(
                            "/auth/password-reset/reset",
                            passwords::complete,
                            PUBLIC,
                            HASHING,
                            FIELDS)
                    .post(
                            "/auth/password-reset/complete",
                            passwords::complete,
                            PUBLIC,
                            HASHING,
                            FIELDS)
                    .post(
                            "/auth/resend-verification",
                            passwords::resendVerification,
                            PUBLIC,
                            GUESSABLE,
                            FIELDS)
                    .get("/auth/verify-email", passwords::previewVerification, PUBLIC, GUESSABLE)
                    .post("/auth/verify-email", passwords::verifyEmail, PUBLIC, GUESSABLE, FIELDS)
                    .post("/auth/token/create", tokens::create, PUBLIC, GUESSABLE, FIELDS)
                    .post("/auth/token/login", tokens::logIn, PUBLIC, GUESSABLE, FIELDS)
                    .get("/auth/token/validate", tokens::validateInQuery, PUBLIC, GUESSABLE)
                    .post("/auth/token/validate", tokens::validateInBody, PUBLIC, GUESSABLE, FIELDS)
                    .post("/auth/bridge/tokens", bridge::issue, BRIDGE, WRONG_SECRETS, FIELDS)
                    .post("/auth/invitations", tokens::invite, TENANT_ADMIN, GUESSABLE, FIELDS)
                    .post("/auth/invitations/accept", tokens::accept, PUBLIC, HASHING, FIELDS)
                    .get("/auth/confirm", page::show, PUBLIC, CHEAP)
                    // A form, and no JSON that could name an account; what it hashes, a good token
                    // paid for.
                    .post("/auth/confirm", page::confirm, PUBLIC, CHEAP, FORM)
                    .get("/.well-known/drawbridge-keys", keeper::published, PUBLIC, CHEAP);
        }

        private void admin(JavalinConfig config) {
            config.routes
                    .get(
                            "/v1/tokens",
                            keeper::list,
                            OPERATOR,
                            Query.of(
                                    "filter", "tenant", "purpose", "user", "state", "limit",
                                    "after"))
                    .post("/v1/tokens", keeper::issue, OPERATOR)
                    .post("/v1/tokens/inspect", keeper::inspect, OPERATOR)
                    .post("/v1/tokens/revoke", keeper::revoke, OPERATOR)
                    .post("/v1/tokens/{id}/revoke", keeper::revokeOne, OPERATOR)
                    .get("/v1/keys", keeper::keys, OPERATOR)
                    .post("/v1/keys/rotate", keeper::rotate, OPERATOR)
                    .get("/v1/outbox", outbox::list, OPERATOR, Query.of("state", "limit", "after"))
                    .get("/v1/outbox/{id}", outbox::show, OPERATOR)
                    .post("/v1/outbox/{id}/retry", outbox::retry, OPERATOR);
        }
    }

    static void upkeep(JavalinConfig config, AuditAdminEndpoint audit, BackupAdminEndpoint backup) {
        config.routes
                .get(
                        "/v1/audit",
                        audit::list,
                        OPERATOR,
                        Query.of(
                                "tenant", "kind", "actor", "user", "ref", "from", "until", "limit",
                                "after"))
                .get(
                        "/v1/audit/checkpoints",
                        audit::checkpoints,
                        OPERATOR,
                        Query.of("tenant", "limit", "after"))
                .get("/v1/audit/export", audit::export, OPERATOR, EXPORT, Query.of("tenant"))
                .post("/v1/audit/verify", audit::verify, OPERATOR)
                .get("/v1/backup", backup::list, OPERATOR)
                .post("/v1/backup", backup::make, OPERATOR, EXPORT)
                .get("/v1/backup/{name}", backup::download, OPERATOR, EXPORT);
    }

    /** What the server stands on, and a file of it for whoever is asked for help. */
    static void diagnostics(JavalinConfig config, DiagnosticsEndpoint diagnostics) {
        config.routes
                .get("/v1/condition", diagnostics::condition, OPERATOR)
                .get("/v1/diagnostics", diagnostics::contents, OPERATOR)
                .get("/v1/diagnostics/bundle", diagnostics::bundle, OPERATOR, EXPORT);
    }

    /** The threat matrix, and the drills that prove it. */
    static void drills(JavalinConfig config, DrillAdminEndpoint drills) {
        config.routes
                .get("/v1/threats", drills::threats, OPERATOR, Query.of("tenant"))
                .get("/v1/drills", drills::list, OPERATOR, Query.of("tenant"))
                .post("/v1/drills", drills::begin, OPERATOR)
                .get("/v1/drills/{id}", drills::show, OPERATOR)
                .post("/v1/drills/{id}/cancel", drills::cancel, OPERATOR)
                .get("/v1/drills/{id}/report", drills::report, OPERATOR, Query.of("format"));
    }

    /** What fires, what is said of it, and when it fires. */
    static void alerts(JavalinConfig config, AlertEndpoint alerts) {
        config.routes
                .get("/v1/alerts", alerts::list, OPERATOR)
                .get("/v1/alerts/rules", alerts::rules, OPERATOR)
                .put("/v1/alerts/rules", alerts::change, OPERATOR)
                .post("/v1/alerts/{id}/acknowledge", alerts::acknowledge, OPERATOR)
                .post("/v1/alerts/{id}/reopen", alerts::reopen, OPERATOR)
                .post("/v1/alerts/{id}/snooze", alerts::snooze, OPERATOR)
                .post("/v1/alerts/{id}/wake", alerts::wake, OPERATOR)
                .post("/v1/alerts/test", alerts::test, OPERATOR);
    }

    /** The ten practices, what covers endpoints and policies, and the search for secrets. */
    static void checklist(JavalinConfig config, ChecklistEndpoint checklist) {
        config.routes
                .get("/v1/checklist", checklist::show, OPERATOR, Query.of("tenant"))
                .post("/v1/checklist/try", checklist::tryNow, OPERATOR)
                .get("/v1/checklist/coverage", checklist::coverage, OPERATOR, Query.of("tenant"))
                .get("/v1/checklist/scan", checklist::scan, OPERATOR)
                .post("/v1/checklist/scan", checklist::beginScan, OPERATOR)
                .post("/v1/checklist/scan/cancel", checklist::cancelScan, OPERATOR);
    }

    /** Sessions by a filter: all of them ended, or written out. */
    static void manySessions(JavalinConfig config, RevocationEndpoint many) {
        config.routes
                .get(
                        "/v1/sessions/export",
                        many::export,
                        OPERATOR,
                        EXPORT,
                        Query.of("filter", "format"))
                .get("/v1/revocations", many::list, OPERATOR)
                .post("/v1/revocations", many::begin, OPERATOR)
                .get("/v1/revocations/{id}", many::show, OPERATOR)
                .post("/v1/revocations/{id}/cancel", many::cancel, OPERATOR)
                .post("/v1/revocations/{id}/undo", many::undo, OPERATOR);
    }

    /** Back ends, route policies, and what became of their calls. */
    static void callers(
            JavalinConfig config,
            CallerAdminEndpoint callers,
            PolicyAdminEndpoint policies,
            InsightEndpoint insight) {
        config.routes
                .get("/v1/callers", callers::list, OPERATOR, Query.of("tenant"))
                .post("/v1/callers", callers::create, OPERATOR)
                .post("/v1/callers/burn", callers::burnEverything, OPERATOR)
                .get("/v1/callers/{id}", callers::show, OPERATOR)
                .patch("/v1/callers/{id}", callers::change, OPERATOR)
                .delete("/v1/callers/{id}", callers::delete, OPERATOR)
                .post("/v1/callers/{id}/rotate", callers::rotate, OPERATOR)
                .put("/v1/callers/{id}/rotation", callers::plan, OPERATOR)
                .post("/v1/callers/{id}/burn", callers::burnAll, OPERATOR)
                .post("/v1/callers/{id}/secrets/{version}/retire", callers::retire, OPERATOR)
                .post("/v1/callers/{id}/secrets/{version}/burn", callers::burn, OPERATOR)
                .get("/v1/policies", policies::show, OPERATOR, Query.of("tenant"))
                .put("/v1/policies", policies::replace, OPERATOR)
                .get("/v1/policies/use", policies::use, OPERATOR, Query.of("tenant"))
                .post("/v1/policies/try", insight::tryOne, OPERATOR)
                .get("/v1/policies/versions", policies::versions, OPERATOR, Query.of("tenant"))
                .get(
                        "/v1/policies/versions/{version}",
                        policies::version,
                        OPERATOR,
                        Query.of("tenant"))
                .post("/v1/policies/versions/{version}/restore", policies::restore, OPERATOR)
                .get(
                        "/v1/policies/diff",
                        policies::diff,
                        OPERATOR,
                        Query.of("tenant", "from", "to"))
                .get("/v1/policies/export", policies::export, OPERATOR, EXPORT, Query.of("tenant"))
                .post("/v1/policies/import", policies::importFile, OPERATOR)
                .post("/v1/whatif", insight::whatIf, OPERATOR)
                .get("/v1/explain/{requestId}", insight::explain, OPERATOR);
    }

    /** The secrets of the server itself. */
    static void secrets(JavalinConfig config, SecretAdminEndpoint secrets) {
        config.routes
                .get("/v1/secrets", secrets::show, OPERATOR)
                .post("/v1/secrets/admin-token/rotate", secrets::rotateAdminToken, OPERATOR)
                .post("/v1/secrets/master-key/rotate", secrets::rotateMasterKey, OPERATOR);
    }

    /**
     * Where a listener listens.
     *
     * @param timeout how long a client may be silent within a request
     * @param connections at most
     * @param entrance what stands before the routes; empty where nothing does
     * @param tls what it proves itself with; empty for plain HTTP
     */
    record Place(
            String host,
            int port,
            Duration timeout,
            int connections,
            Optional<Entrance> entrance,
            Optional<ListenerTls> tls) {
        /** How many threads read connections: as many as can work where they answer as well. */
        private int readers() {
            return entrance.isPresent() ? Runtime.getRuntime().availableProcessors() : 1;
        }
    }

    /**
     * What stands before the routes of the public listener.
     *
     * @param base the path that stands for {@link TenantPaths#ROUTES}
     * @param lane the short way of bridge calls
     */
    record Entrance(String base, BridgeLane lane) {
        private Handler before(Handler routes) {
            TenantPaths paths = new TenantPaths(base);
            paths.setHandler(lane);
            lane.setHandler(routes);
            return paths;
        }
    }

    /** A listener with bounds and our error answers, not started yet. */
    static Javalin listener(RequestReader reader, Place place, Consumer<JavalinConfig> routes) {
        return Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.concurrency.useVirtualThreads = true;
            config.jetty.threadPool = ListenerThreads.of(ACCEPTORS + place.readers());
            config.http.prefer405over404 = true;
            config.http.compressionStrategy = CompressionStrategy.NONE;
            config.http.defaultContentType = "application/json";
            config.http.responseBufferSize = ANSWER_BYTES;
            config.jetty.modifyServer(server -> {
                server.setErrorHandler(new JettyErrors());
                RequestScope scope = new RequestScope();
                OwnThread routed = new OwnThread();
                scope.setHandler(
                        place.entrance().map(first -> first.before(routed)).orElse(routed));
                server.setHandler(scope);
                server.setStopTimeout(3_000);
            });
            config.jetty.modifyHttpConfiguration(http -> {
                http.setSendServerVersion(false);
                http.setRequestHeaderSize(HEADER_BYTES);
                http.setInputBufferSize(INPUT_BYTES);
                http.setHeaderCacheSize(HEADER_CACHE);
                http.setIdleTimeout(place.timeout().toMillis());
            });
            config.jetty.addConnector((server, http) -> {
                ServerConnector connector =
                        place.tls()
                                .map(tls -> overTls(server, http, tls, place.readers()))
                                .orElseGet(() ->
                                        new ServerConnector(
                                                server,
                                                ACCEPTORS,
                                                place.readers(),
                                                new HttpConnectionFactory(http)));
                connector.setHost(place.host());
                connector.setPort(place.port());
                connector.setIdleTimeout(place.timeout().toMillis());
                connector.setAcceptQueueSize(512);
                server.addBean(new ConnectionLimit(place.connections(), connector));
                return connector;
            });
            config.routes.before(ctx -> {
                ctx.header("X-Request-ID", reader.requestId(ctx));
                SecurityHeaders.ALWAYS.forEach(ctx::header);
                if (reader.arrivedByTls(ctx)) {
                    ctx.header("Strict-Transport-Security", SecurityHeaders.HSTS);
                }
                RequestReader.requireTextInQuery(ctx.queryString());
            });
            routes.accept(config);
            RouteCoverage.read(
                    config.unsafe.internalRouter.allHttpHandlers(),
                    place.entrance().isPresent()
                            ? RouteCoverage.Side.PUBLIC
                            : RouteCoverage.Side.ADMIN);
            errors(config, reader);
        });
    }

    private static ServerConnector overTls(
            Server server, HttpConfiguration http, ListenerTls tls, int readers) {
        HttpConfiguration https = new HttpConfiguration(http);
        // Whoever is reached under an address has no name that a certificate could carry.
        https.addCustomizer(new SecureRequestCustomizer(false));
        return new ServerConnector(
                server,
                ACCEPTORS,
                readers,
                new SslConnectionFactory(tls.factory(), "http/1.1"),
                new HttpConnectionFactory(https));
    }

    /**
     * A route of a listener.
     *
     * @param method such as {@code POST}
     * @param path as the route table spells it, such as {@code /v1/sessions/{ref}}
     * @param access who may call it
     * @param limit how often; null for an operator
     * @param input what it reads of a body
     * @param query what an operator's route reads of a query; empty for all others
     */
    record Route(
            String method,
            String path,
            Access access,
            @Nullable Limit limit,
            Input input,
            List<String> query) {
        Route {
            query = List.copyOf(query);
        }
    }

    private static void errors(JavalinConfig config, RequestReader reader) {
        config.routes.exception(
                ProblemException.class,
                (e, ctx) -> Answers.send(ctx, Answers.problem(e, reader.requestId(ctx))));
        config.routes.exception(
                StoreUnavailableException.class,
                (e, ctx) -> {
                    String id = reader.requestId(ctx);
                    LOG.warn("request={} {}", id, e.getMessage());
                    boolean revoking = ENDINGS.stream().anyMatch(ctx.path()::contains);
                    Answers.send(
                            ctx, revoking ? Answers.pending(e, id) : Answers.unavailable(e, id));
                });
        config.routes.exception(
                HttpResponseException.class,
                (e, ctx) -> {
                    ProblemCode code = JettyErrors.code(e.getStatus());
                    if (code == ProblemCode.METHOD_NOT_ALLOWED) {
                        String allowed = e.getDetails().get("availableMethods");
                        if (allowed != null) {
                            ctx.header("Allow", allowed);
                        }
                    }
                    Answers.problem(ctx, code, JettyErrors.text(code), null, reader.requestId(ctx));
                });
        config.routes.exception(
                Exception.class,
                (e, ctx) -> {
                    String id = reader.requestId(ctx);
                    LOG.error("request={} failed", id, e);
                    Answers.send(ctx, Answers.fault(id));
                });
    }
}
