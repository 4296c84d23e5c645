package drawbridge.server.http;

import static drawbridge.server.http.Access.BRIDGE;
import static drawbridge.server.http.Access.OPERATOR;
import static drawbridge.server.http.Access.PUBLIC;
import static drawbridge.server.http.Access.SESSION;
import static drawbridge.server.http.Access.TENANT_ADMIN;

import drawbridge.model.ProblemCode;
import drawbridge.server.storage.StoreUnavailableException;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.router.Endpoint;
import io.javalin.router.ParsedEndpoint;
import io.javalin.security.Roles;

import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Every route of both listeners on one screen, and what all of them share. */
final class Routes {
    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
    private static final int HEADER_BYTES = 16 * 1024;

    /** In the paths of what must be repeated when it could not be made sure. */
    private static final List<String> ENDINGS = List.of("/revoke", "/retire", "/burn");

    private Routes() {}

    static void open(
            JavalinConfig config,
            ClientGate gate,
            BridgeGate bridge,
            AccountEndpoint accounts,
            SessionEndpoint sessions,
            ProfileEndpoint profiles,
            UnconfiguredEndpoint unconfigured,
            ValidateEndpoint validate,
            HealthEndpoint health) {
        config.routes
                .beforeMatched(gate::check)
                .beforeMatched(bridge::check)
                .post("/auth/register", accounts::register, PUBLIC)
                .post("/auth/login", accounts::logIn, PUBLIC)
                .post("/auth/logout", accounts::logOut, SESSION)
                .get("/auth/validation", accounts::validation, SESSION)
                .post("/auth/validation", accounts::oldValidation, SESSION)
                .post("/auth/bridge/validate", validate::validate, BRIDGE)
                .post("/bridge/validate", validate::olderValidate, BRIDGE)
                .post("/auth/bridge/revoke", validate::revoke, BRIDGE)
                .get("/health", health::health, PUBLIC)
                .get("/ready", health::ready, PUBLIC);
        config.routes
                .post("/auth/register/public", accounts::register, PUBLIC)
                .get("/auth/validate-session", accounts::validation, SESSION)
                .post("/auth/refresh", sessions::refresh, SESSION)
                .post("/auth/refresh-session", sessions::refresh, SESSION)
                .get("/auth/session/current", sessions::current, SESSION)
                .get("/auth/sessions", sessions::list, SESSION)
                .delete("/auth/sessions/{ref}", sessions::endOne, SESSION)
                .post("/auth/sessions/end-others", sessions::endOthers, SESSION)
                .post("/auth/invalidate/me", sessions::endAll, SESSION)
                .get("/auth/me", profiles::own, SESSION)
                .get("/auth/user/me", profiles::own, SESSION)
                .put("/auth/user/me", profiles::changeOwn, SESSION)
                .put("/auth/profile", profiles::changeOwn, SESSION)
                .post("/auth/password-change/self", profiles::changePassword, SESSION)
                .post("/auth/password-change/admin", profiles::setPassword, TENANT_ADMIN)
                .get("/auth/users", profiles::list, TENANT_ADMIN)
                .post("/auth/users", profiles::create, TENANT_ADMIN)
                .put("/auth/users/{id}", profiles::change, TENANT_ADMIN)
                .delete("/auth/users/{id}", profiles::delete, TENANT_ADMIN)
                .get("/auth/two_factor/system", unconfigured::twoFactorSystem, PUBLIC)
                .get("/auth/two_factor/methods", unconfigured::twoFactorMethods, SESSION)
                .post("/auth/two_factor/toggle", unconfigured::toggleTwoFactor, SESSION)
                .post("/auth/two_factor/verify", unconfigured::noTwoFactor, SESSION)
                .post("/auth/two_factor/{method}/setup", unconfigured::noTwoFactor, SESSION)
                .post("/auth/two_factor/{method}/start", unconfigured::noTwoFactor, SESSION)
                .delete("/auth/two_factor/{id}", unconfigured::removeTwoFactor, SESSION)
                .get("/auth/social/providers", unconfigured::socialProviders, PUBLIC)
                .get("/auth/social/accounts", unconfigured::socialAccounts, SESSION)
                .delete(
                        "/auth/social/accounts/{provider}",
                        unconfigured::removeSocialAccount,
                        SESSION)
                .get("/auth/social/{provider}/login", unconfigured::noSocial, PUBLIC)
                .get("/auth/social/{provider}/callback", unconfigured::noSocial, PUBLIC)
                .post("/auth/social/{provider}/login-api", unconfigured::noSocial, PUBLIC)
                .post("/auth/upload/picture", unconfigured::noPictures, SESSION)
                .delete("/auth/upload/picture", unconfigured::noPictures, SESSION);
    }

    static void admin(
            JavalinConfig config,
            AdminGate gate,
            AdminEndpoint admin,
            UserAdminEndpoint users,
            EventStream events) {
        config.routes
                .before(gate::check)
                .get("/v1/snapshot", admin::snapshot, OPERATOR)
                .get("/v1/config", admin::configuration, OPERATOR)
                .get("/v1/sessions", admin::list, OPERATOR)
                .get("/v1/sessions/{ref}", admin::show, OPERATOR)
                .post("/v1/sessions/{ref}/revoke", admin::revoke, OPERATOR)
                .post("/v1/sessions/{ref}/restore", admin::restore, OPERATOR)
                .post("/v1/users/{id}/revoke-sessions", admin::revokeUser, OPERATOR)
                .get("/v1/events", events::follow, OPERATOR)
                .post("/v1/stop", admin::stop, OPERATOR)
                .get("/metrics", admin::metrics, OPERATOR);
        config.routes
                .get("/v1/users", users::list, OPERATOR)
                .post("/v1/users", users::create, OPERATOR)
                .get("/v1/users/{id}", users::show, OPERATOR)
                .patch("/v1/users/{id}", users::change, OPERATOR)
                .delete("/v1/users/{id}", users::delete, OPERATOR)
                .post("/v1/users/{id}/disable", users::disable, OPERATOR)
                .post("/v1/users/{id}/enable", users::enable, OPERATOR)
                .post("/v1/users/{id}/set-password", users::setPassword, OPERATOR);
    }

    static void audit(JavalinConfig config, AuditAdminEndpoint audit) {
        config.routes
                .get("/v1/audit", audit::list, OPERATOR)
                .get("/v1/audit/checkpoints", audit::checkpoints, OPERATOR)
                .get("/v1/audit/export", audit::export, OPERATOR)
                .post("/v1/audit/verify", audit::verify, OPERATOR);
    }

    /** Back ends, route policies, and what became of their calls. */
    static void callers(
            JavalinConfig config,
            CallerAdminEndpoint callers,
            PolicyAdminEndpoint policies,
            InsightEndpoint insight) {
        config.routes
                .get("/v1/callers", callers::list, OPERATOR)
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
                .get("/v1/policies", policies::show, OPERATOR)
                .put("/v1/policies", policies::replace, OPERATOR)
                .get("/v1/policies/versions", policies::versions, OPERATOR)
                .get("/v1/policies/versions/{version}", policies::version, OPERATOR)
                .post("/v1/policies/versions/{version}/restore", policies::restore, OPERATOR)
                .get("/v1/policies/diff", policies::diff, OPERATOR)
                .get("/v1/policies/export", policies::export, OPERATOR)
                .post("/v1/policies/import", policies::importFile, OPERATOR)
                .post("/v1/whatif", insight::whatIf, OPERATOR)
                .get("/v1/explain/{requestId}", insight::explain, OPERATOR);
    }

    /**
     * A listener with bounds and our error answers, not started yet.
     *
     * @param timeout how long a client may be silent within a request
     */
    static Javalin listener(
            RequestReader reader,
            String host,
            int port,
            Duration timeout,
            Consumer<JavalinConfig> routes) {
        return Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.concurrency.useVirtualThreads = true;
            config.http.prefer405over404 = true;
            config.http.compressionStrategy = CompressionStrategy.NONE;
            config.http.defaultContentType = "application/json";
            config.jetty.modifyServer(server -> {
                server.setErrorHandler(new JettyErrors());
                server.setStopTimeout(3_000);
            });
            config.jetty.modifyHttpConfiguration(http -> {
                http.setSendServerVersion(false);
                http.setRequestHeaderSize(HEADER_BYTES);
                http.setIdleTimeout(timeout.toMillis());
            });
            config.jetty.addConnector((server, http) -> {
                ServerConnector connector =
                        new ServerConnector(server, new HttpConnectionFactory(http));
                connector.setHost(host);
                connector.setPort(port);
                connector.setIdleTimeout(timeout.toMillis());
                connector.setAcceptQueueSize(512);
                return connector;
            });
            config.routes.before(ctx -> {
                ctx.header("X-Request-ID", reader.requestId(ctx));
                ctx.header("X-Content-Type-Options", "nosniff");
            });
            routes.accept(config);
            requireAccess(config);
            errors(config, reader);
        });
    }

    /** A route that says not who may call it would be open to all by oversight. */
    private static void requireAccess(JavalinConfig config) {
        for (ParsedEndpoint parsed : config.unsafe.internalRouter.allHttpHandlers()) {
            Endpoint route = parsed.endpoint;
            Roles roles = route.metadata(Roles.class);
            boolean isSaid = roles != null && roles.getRoles().size() == 1;
            if (route.method.isHttpMethod() && !isSaid) {
                throw new IllegalStateException("no access is said for " + route.path);
            }
        }
    }

    private static void errors(JavalinConfig config, RequestReader reader) {
        config.routes.exception(
                ProblemException.class,
                (e, ctx) -> {
                    if (e.retryAfterSeconds() > 0) {
                        ctx.header("Retry-After", Integer.toString(e.retryAfterSeconds()));
                    }
                    Answers.problem(
                            ctx, e.code(), e.getMessage(), e.field(), reader.requestId(ctx));
                });
        config.routes.exception(
                StoreUnavailableException.class,
                (e, ctx) -> {
                    LOG.warn("request={} {}", reader.requestId(ctx), e.getMessage());
                    ctx.header("Retry-After", "1");
                    boolean revoking = ENDINGS.stream().anyMatch(ctx.path()::contains);
                    Answers.problem(
                            ctx,
                            revoking
                                    ? ProblemCode.REVOCATION_PENDING
                                    : ProblemCode.STORE_UNAVAILABLE,
                            revoking
                                    ? "the revocation could not be confirmed; repeat it, that is safe"
                                    : "the " + e.store() + " does not answer; nothing was decided",
                            null,
                            reader.requestId(ctx));
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
        config.routes.exception(Exception.class, (e, ctx) -> fault(ctx, e, reader.requestId(ctx)));
    }

    private static void fault(Context ctx, Exception e, String requestId) {
        LOG.error("request={} failed", requestId, e);
        Answers.problem(
                ctx,
                ProblemCode.INTERNAL_ERROR,
                JettyErrors.text(ProblemCode.INTERNAL_ERROR),
                null,
                requestId);
    }
}
