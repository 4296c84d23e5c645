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
import java.util.function.Consumer;

/** Every route of both listeners on one screen, and what all of them share. */
final class Routes {
    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
    private static final int HEADER_BYTES = 16 * 1024;

    private Routes() {}

    static void open(
            JavalinConfig config,
            ClientGate gate,
            AccountEndpoint accounts,
            SessionEndpoint sessions,
            ProfileEndpoint profiles,
            UnconfiguredEndpoint unconfigured,
            ValidateEndpoint validate,
            TokenRoutes tokens,
            HealthEndpoint health) {
        config.routes
                .beforeMatched(gate::check)
                .post("/auth/register", accounts::register, PUBLIC)
                .post("/auth/login", accounts::logIn, PUBLIC)
                .post("/auth/logout", accounts::logOut, SESSION)
                .get("/auth/validation", accounts::validation, SESSION)
                .post("/auth/validation", accounts::oldValidation, SESSION)
                .post("/auth/bridge/validate", validate::validate, BRIDGE)
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
        tokens.open(config);
    }

    static void admin(
            JavalinConfig config,
            AdminGate gate,
            AdminEndpoint admin,
            UserAdminEndpoint users,
            TokenRoutes tokens,
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
        tokens.admin(config);
    }

    /** The endpoints of trust tokens and mail. */
    record TokenRoutes(
            TokenEndpoint tokens,
            PasswordResetEndpoint passwords,
            ConfirmPage page,
            TokenAdminEndpoint keeper,
            OutboxEndpoint outbox) {
        private void open(JavalinConfig config) {
            config.routes
                    .post("/auth/password-reset/request", passwords::request, PUBLIC)
                    .get("/auth/password-reset/validate", passwords::validateInQuery, PUBLIC)
                    .get("/auth/password-reset/validate/{token}", passwords::validateInPath, PUBLIC)
                    .post("/auth/password-reset/validate", passwords::validateInBody, PUBLIC)
                    .post("/auth/password-reset/reset", passwords::complete, PUBLIC)
                    .post("/auth/password-reset/complete", passwords::complete, PUBLIC)
                    .post("/auth/resend-verification", passwords::resendVerification, PUBLIC)
                    .get("/auth/verify-email", passwords::previewVerification, PUBLIC)
                    .post("/auth/verify-email", passwords::verifyEmail, PUBLIC)
                    .post("/auth/token/create", tokens::create, PUBLIC)
                    .post("/auth/token/login", tokens::logIn, PUBLIC)
                    .get("/auth/token/validate", tokens::validateInQuery, PUBLIC)
                    .post("/auth/token/validate", tokens::validateInBody, PUBLIC)
                    .post("/auth/invitations", tokens::invite, TENANT_ADMIN)
                    .post("/auth/invitations/accept", tokens::accept, PUBLIC)
                    .get("/auth/confirm", page::show, PUBLIC)
                    .post("/auth/confirm", page::confirm, PUBLIC)
                    .get("/.well-known/drawbridge-keys", keeper::published, PUBLIC);
        }

        private void admin(JavalinConfig config) {
            config.routes
                    .get("/v1/tokens", keeper::list, OPERATOR)
                    .post("/v1/tokens", keeper::issue, OPERATOR)
                    .post("/v1/tokens/inspect", keeper::inspect, OPERATOR)
                    .post("/v1/tokens/revoke", keeper::revoke, OPERATOR)
                    .post("/v1/tokens/{id}/revoke", keeper::revokeOne, OPERATOR)
                    .get("/v1/keys", keeper::keys, OPERATOR)
                    .post("/v1/keys/rotate", keeper::rotate, OPERATOR)
                    .get("/v1/outbox", outbox::list, OPERATOR)
                    .get("/v1/outbox/{id}", outbox::show, OPERATOR)
                    .post("/v1/outbox/{id}/retry", outbox::retry, OPERATOR);
        }
    }

    static void audit(JavalinConfig config, AuditAdminEndpoint audit) {
        config.routes
                .get("/v1/audit", audit::list, OPERATOR)
                .get("/v1/audit/checkpoints", audit::checkpoints, OPERATOR)
                .get("/v1/audit/export", audit::export, OPERATOR)
                .post("/v1/audit/verify", audit::verify, OPERATOR);
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
                    boolean revoking = ctx.path().contains("/revoke");
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
