package drawbridge.server;

import com.github.benmanes.caffeine.cache.Ticker;

import drawbridge.model.IpAddress;
import drawbridge.model.Secret;
import drawbridge.model.SessionSource;
import drawbridge.model.SessionToken;
import drawbridge.model.TenantId;
import drawbridge.model.event.ServerEvent;
import drawbridge.model.view.AlertRuleRow;
import drawbridge.model.view.DatabaseCondition;
import drawbridge.model.view.EndpointCoverage;
import drawbridge.model.view.NodeRow;
import drawbridge.model.view.ServerCondition;
import drawbridge.model.view.ServerInfo;
import drawbridge.model.view.TiersView;
import drawbridge.model.view.Warming;
import drawbridge.server.account.Accounts;
import drawbridge.server.account.Argon2Tuning;
import drawbridge.server.account.CommonPasswords;
import drawbridge.server.account.DatabaseAccountEffects;
import drawbridge.server.account.DatabaseAccountStore;
import drawbridge.server.account.PasswordHasher;
import drawbridge.server.account.PasswordPolicy;
import drawbridge.server.account.Users;
import drawbridge.server.admin.Heartbeat;
import drawbridge.server.admin.LiveCount;
import drawbridge.server.admin.NodesWatch;
import drawbridge.server.admin.ServerNews;
import drawbridge.server.admin.Supervision;
import drawbridge.server.admin.TierSurvey;
import drawbridge.server.alert.AlertDelivery;
import drawbridge.server.alert.AlertSources;
import drawbridge.server.alert.Alerts;
import drawbridge.server.alert.DueSecret;
import drawbridge.server.alert.KnownLogin;
import drawbridge.server.alert.MailAlertSender;
import drawbridge.server.alert.PlaceFile;
import drawbridge.server.alert.WebhookSender;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.AuditInspection;
import drawbridge.server.audit.AuditReading;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.audit.DatabaseCheckpoints;
import drawbridge.server.audit.RefusalQueue;
import drawbridge.server.backup.BackupDesk;
import drawbridge.server.backup.Backups;
import drawbridge.server.bridge.AdvancedMeans;
import drawbridge.server.bridge.BridgeTrail;
import drawbridge.server.bridge.BridgeValidation;
import drawbridge.server.bridge.Caller;
import drawbridge.server.bridge.CallerAccess;
import drawbridge.server.bridge.CallerRegistry;
import drawbridge.server.bridge.CallerUpkeep;
import drawbridge.server.bridge.CallerUse;
import drawbridge.server.bridge.CallerView;
import drawbridge.server.bridge.Callers;
import drawbridge.server.bridge.DatabaseCallerStore;
import drawbridge.server.bridge.RecentValidations;
import drawbridge.server.bridge.RouteModes;
import drawbridge.server.bridge.Scope;
import drawbridge.server.bridge.SessionTrail;
import drawbridge.server.checklist.ChecklistServices;
import drawbridge.server.checklist.ChecklistSettings;
import drawbridge.server.checklist.PlantedSessions;
import drawbridge.server.cluster.Cluster;
import drawbridge.server.cluster.Holdings;
import drawbridge.server.config.DataFolder;
import drawbridge.server.config.ServerConfig;
import drawbridge.server.crypto.Keys;
import drawbridge.server.crypto.Paserk;
import drawbridge.server.diagnostics.Diagnostics;
import drawbridge.server.diagnostics.DiagnosticsDesk;
import drawbridge.server.diagnostics.Runtimes;
import drawbridge.server.drill.DatabaseLeftovers;
import drawbridge.server.drill.DrillPass;
import drawbridge.server.drill.DrillServices;
import drawbridge.server.drill.DrillSettings;
import drawbridge.server.drill.DrillTls;
import drawbridge.server.drill.Drills;
import drawbridge.server.drill.Sandboxes;
import drawbridge.server.event.EventHub;
import drawbridge.server.http.HttpListeners;
import drawbridge.server.http.TlsFiles;
import drawbridge.server.limit.Counted;
import drawbridge.server.limit.DatabaseLimits;
import drawbridge.server.limit.LoginGuard;
import drawbridge.server.limit.RateLimits;
import drawbridge.server.limit.SharedLimits;
import drawbridge.server.logging.LogShipping;
import drawbridge.server.mail.MailTemplates;
import drawbridge.server.mail.Outbox;
import drawbridge.server.mail.SmtpSender;
import drawbridge.server.mail.SmtpServer;
import drawbridge.server.mail.SmtpServer.Tls;
import drawbridge.server.metrics.Meters;
import drawbridge.server.metrics.MinuteFile;
import drawbridge.server.metrics.TierMeters;
import drawbridge.server.policy.DatabasePolicyStore;
import drawbridge.server.policy.DatabaseRouteUse;
import drawbridge.server.policy.Policies;
import drawbridge.server.policy.RouteSharing;
import drawbridge.server.redis.RedisCopies;
import drawbridge.server.redis.RedisLimits;
import drawbridge.server.redis.RedisLink;
import drawbridge.server.redis.RedisRouteTotals;
import drawbridge.server.redis.RedisSessionCache;
import drawbridge.server.redis.RedisSettings;
import drawbridge.server.redis.RedisTier;
import drawbridge.server.redis.RedisTokenStatusCache;
import drawbridge.server.secret.AdminTokens;
import drawbridge.server.secret.MasterKeyTurns;
import drawbridge.server.secret.MasterKeys;
import drawbridge.server.secret.OwnSecret;
import drawbridge.server.session.DatabaseSessionPurge;
import drawbridge.server.session.DatabaseSessionStore;
import drawbridge.server.session.EndedFeed;
import drawbridge.server.session.LastSeen;
import drawbridge.server.session.LastSeenWriter;
import drawbridge.server.session.LastTrusted;
import drawbridge.server.session.MemorySessionCache;
import drawbridge.server.session.PreWarming;
import drawbridge.server.session.Renewals;
import drawbridge.server.session.Revocation;
import drawbridge.server.session.RevocationJobs;
import drawbridge.server.session.RevocationsElsewhere;
import drawbridge.server.session.SessionExport;
import drawbridge.server.session.SessionFinder;
import drawbridge.server.session.SessionKey;
import drawbridge.server.session.SessionSettings;
import drawbridge.server.session.SessionSettings.Lifetimes;
import drawbridge.server.session.Sessions;
import drawbridge.server.session.SharedSessions;
import drawbridge.server.session.SharedSettings;
import drawbridge.server.session.Standing;
import drawbridge.server.session.Suspicions;
import drawbridge.server.session.Tombstones;
import drawbridge.server.session.Witness;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.DatabaseArrival;
import drawbridge.server.storage.DatabaseIdentity;
import drawbridge.server.storage.ServerState;
import drawbridge.server.tenant.DatabaseTenantStore;
import drawbridge.server.tenant.TenantDirectory;
import drawbridge.server.tenant.Tenants;
import drawbridge.server.token.AccountTokens;
import drawbridge.server.token.KeyState;
import drawbridge.server.token.MemoryTokenStatusCache;
import drawbridge.server.token.Purpose;
import drawbridge.server.token.TokenKeyring;
import drawbridge.server.token.TokenMail;
import drawbridge.server.token.TokenSettings;
import drawbridge.server.token.TokenStatusCache;
import drawbridge.server.token.TrustTokens;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The object graph of the server, and the only place where its services are made. */
final class Wiring implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);
    private static final int EVENTS_KEPT = 20_000;
    private static final int ENDED_ROWS_KEPT = 20_000;
    private static final int ENDED_TOKENS_REMEMBERED = 100_000;
    private static final Duration HASH_PATIENCE = Duration.ofSeconds(3);
    private static final Duration KEPT_ENDED = Duration.ofDays(1);
    private static final Duration LOGINS_LEARNED = Duration.ofDays(30);
    private static final int MOST_LOGINS = 20_000;

    private final Database database;
    private final Optional<RedisTier> redis;
    private final PreWarming warming;
    private final Optional<RouteSharing> routeSharing;
    private final RefusalQueue refusals;
    private final Suspicions suspicions;
    private final RevocationJobs revocationJobs;
    private final PasswordHasher hasher;
    private final Outbox outbox;
    private final TokenMail tokenMail;
    private final Heartbeat heartbeat;
    private final LastSeenWriter lastSeenWriter;
    private final PlaceFile places;
    private final List<AlertDelivery> alertWays = new ArrayList<>();
    private final List<WebhookSender> webhooks = new ArrayList<>();
    private final Alerts alerts;
    private final CallerUpkeep callerUpkeep;
    private final Drills drills;
    private final ChecklistServices checklist;
    private final HttpListeners listeners;
    private final DatabaseCheckpoints checkpoints;
    private final Optional<Cluster> cluster;
    private final Optional<RevocationsElsewhere> elsewhere;

    /**
     * Makes everything; no port is open yet.
     *
     * @param wall the machine's clock, which may jump where {@code clock} does not
     * @param shipping how log lines are sent elsewhere; empty when they are not
     * @param info which server this is, known once the ports are open
     * @param stop asks the server to end; returns at once
     * @param drilled from where the public listener is to where drills are played
     */
    Wiring(
            ServerConfig config,
            DataFolder folder,
            Clock clock,
            Clock wall,
            Optional<LogShipping> shipping,
            Supplier<ServerInfo> info,
            Runnable stop,
            UnaryOperator<URI> drilled) {
        // Measured before anything else keeps the machine busy.
        PasswordHasher.Cost hashing = cost(config.argon2());
        SecureRandom random = new SecureRandom();
        Ticker ticker = Ticker.systemTicker();
        Backups backups = new Backups(folder, config.backups().keep());
        database =
                config.postgres()
                        .map(postgres ->
                                DatabaseArrival.within(postgres.start())
                                        .await(
                                                postgres.url(),
                                                () ->
                                                        backups.openUpgraded(
                                                                postgres.url(),
                                                                postgres.migrating(),
                                                                postgres.pool(),
                                                                clock.instant())))
                        .orElseGet(() -> backups.openUpgraded(clock.instant()));
        MasterKeys masterKeys = new MasterKeys(config.masterKey(), folder, database, random);
        Keys keys = keys(masterKeys, clock);
        ServerState.prepare(database, clock.instant());
        if (ServerState.isSealed(database)) {
            database.close();
            throw new SealedServerException(folder.path());
        }
        DatabaseAuditLog audit = new DatabaseAuditLog(database, keys);
        DatabaseLeftovers.remove(
                database, new DatabaseTenantStore(database), audit, config.node(), clock.instant());
        Meters meters = new Meters();
        EventHub events = new EventHub(EVENTS_KEPT, clock);

        DatabaseSessionStore sessionStore = new DatabaseSessionStore(database);
        Tombstones tombstones =
                new Tombstones(
                        rowsKept(config),
                        ServerState.logNumber(database),
                        ticker,
                        database.isShared()
                                ? Tombstones.Follows.THE_LOG
                                : Tombstones.Follows.OWN_COMMITS);
        database.tellOfLog(tombstones::reached);
        redis = config.redis().map(given -> redis(given, events, keys, tombstones, clock));
        SharedSessions shared =
                redis.<SharedSessions>map(RedisTier::sessions).orElse(SharedSessions.NONE);
        MemorySessionCache memory =
                new MemorySessionCache(
                        config.memory().sessions(), config.memory().age(), tombstones, ticker);
        SessionTrail sessionTrail = new SessionTrail(ticker);
        LastTrusted trusted = new LastTrusted(sessionTrail::lastTrusted);
        Holdings holdings = new Holdings();
        cluster =
                cluster(
                        config,
                        new Cluster.Answers(tombstones, memory, holdings, trusted),
                        audit,
                        clock);
        Standing standing = cluster.<Standing>map(Cluster::node).orElse(Standing.ALONE);
        LastSeen lastSeen = new LastSeen();
        TierMeters tierMeters =
                new TierMeters(
                        meters,
                        redis.isPresent()
                                ? List.of(SessionSource.values())
                                : List.of(SessionSource.MEMORY, SessionSource.DATABASE));
        warming =
                new PreWarming(
                        new PreWarming.Works(sessionStore, memory, tombstones, lastSeen, standing),
                        config.memory().warming(),
                        clock);
        TierSurvey survey = new TierSurvey(tierMeters, memory, redis, warming::state);
        warming.begin(_ -> {
            TiersView tiers = survey.now();
            events.publish((seq, at) -> new ServerEvent.TiersMeasured(seq, at, tiers));
        });
        SessionFinder finder =
                new SessionFinder(
                        new SessionFinder.Tiers(memory, shared, sessionStore),
                        tombstones,
                        lastSeen,
                        standing,
                        tierMeters);
        LiveCount live = new LiveCount(sessionStore, clock, System::nanoTime);
        ServerNews news = new ServerNews(events, meters, live);
        cluster.ifPresent(c -> c.node().tell(news::holds));
        refusals =
                new RefusalQueue(
                        config.audit().queueEntries(), database, audit, news::auditDropped, clock);
        Sessions.Tiers tiers =
                new Sessions.Tiers(sessionStore, memory, shared, tombstones, lastSeen);
        SessionSettings lifetimes = lifetimes(config.session());
        Witness witness =
                cluster.<Witness>map(Cluster::node)
                        .orElseGet(() -> Witness.alone(config.node(), trusted, clock));
        Sessions sessions =
                new Sessions(
                        database,
                        tiers,
                        audit,
                        news,
                        lifetimes,
                        new Sessions.Proof(witness, trusted),
                        clock);
        elsewhere =
                cluster.map(_ ->
                        new RevocationsElsewhere(
                                database,
                                tombstones,
                                new RevocationsElsewhere.Works(
                                        sessionStore, sessions, witness, trusted),
                                news,
                                clock));
        Renewals renewals =
                new Renewals(database, tiers, sessions, audit, lifetimes.grace(), clock);
        suspicions = new Suspicions(sessions);
        revocationJobs =
                new RevocationJobs(database, tiers, audit, news, witness, lifetimes.hold(), clock);

        CallerRegistry registry = new CallerRegistry(keys);
        DatabaseCallerStore callerStore = new DatabaseCallerStore(database, audit);
        takeCallers(config, registry, callerStore, clock);
        long begun = ServerState.logNumber(database);
        if (begun > tombstones.applied()) {
            tombstones.committed(
                    new Revocation.OfSecret(begun)); // what was just written of callers
        }
        CallerUse use = new CallerUse();
        Callers callers =
                new Callers(
                        new Callers.Tiers(database, registry, use, tombstones),
                        audit,
                        news,
                        new Callers.Rules(
                                config.bridge().secret().isPresent(),
                                config.secrets().quiet(),
                                config.secrets().age()),
                        clock);
        Policies policies =
                new Policies(new DatabasePolicyStore(database), database, audit, events, clock);
        DatabaseRouteUse routeUse = new DatabaseRouteUse(policies, database, clock);
        callerUpkeep = new CallerUpkeep(callers, use, routeUse, database);
        routeSharing =
                redis.map(tier ->
                        new RouteSharing(
                                policies,
                                new RedisRouteTotals(tier.link(), keys),
                                System::nanoTime));
        RecentValidations recent =
                new RecentValidations(
                        config.recent().validations(), keys.hashFor("recent-address/v1"));
        TenantDirectory directory = new TenantDirectory();
        Tenants tenants =
                new Tenants(
                        database,
                        new DatabaseTenantStore(database),
                        directory,
                        sessions,
                        audit,
                        clock);
        BridgeTrail trail =
                new BridgeTrail(
                        meters,
                        memory,
                        lastSeen,
                        new BridgeTrail.Memories(sessionTrail, recent, use),
                        refusals,
                        events,
                        suspicions);
        BridgeValidation validation =
                new BridgeValidation(
                        new RouteModes(policies), finder, trail, clock, System::nanoTime);

        hasher =
                new PasswordHasher(
                        hashing,
                        new PasswordHasher.Limits(
                                config.argon2().threads(),
                                config.argon2().queueEntries(),
                                HASH_PATIENCE),
                        random,
                        System::nanoTime);
        LoginGuard guard =
                new LoginGuard(database, audit, keys, config.edge().lockoutFailures(), clock);
        DatabaseAccountStore accountStore = new DatabaseAccountStore(database);
        Accounts.Passwords passwords =
                new Accounts.Passwords(
                        hasher,
                        new PasswordPolicy(
                                config.password().minLength(), CommonPasswords.bundled()),
                        guard);

        TokenSettings tokenSettings = tokenSettings(config.token(), info);
        DatabaseAccountEffects effects = new DatabaseAccountEffects(accountStore);
        TokenKeyring keyring =
                new TokenKeyring(
                        database,
                        audit,
                        keys,
                        config.token().signingKey().flatMap(Paserk::readSecret),
                        clock);
        TrustTokens tokens =
                new TrustTokens(
                        database,
                        effects,
                        keyring,
                        endedTokens(redis),
                        new TrustTokens.Logs(audit, refusals),
                        keys,
                        clock);
        outbox =
                new Outbox(
                        database,
                        audit,
                        new MailTemplates(folder.path().resolve("templates")),
                        smtp(config.mail()).map(server -> new SmtpSender(server, clock)),
                        keys,
                        clock);
        tokenMail = new TokenMail(database, tokens, effects, outbox, tokenSettings, clock);
        AccountTokens accountTokens =
                new AccountTokens(tokens, effects, sessions, finder, passwords, clock);

        Accounts.Proof proof = new Accounts.Proof(tokenMail, audit);
        Accounts accounts =
                new Accounts(
                        accountStore, passwords, sessions, database, refusals, news, proof, clock);
        Users users = new Users(accountStore, passwords, sessions, tokens, database, proof, clock);

        checkpoints = new DatabaseCheckpoints(database, audit, keys, news::checkpoint, clock);
        AuditReading auditReading =
                new AuditReading(
                        database,
                        audit,
                        new AuditInspection(database, audit, keys),
                        checkpoints,
                        ticker,
                        clock);

        Supervision supervision =
                new Supervision(
                        new Supervision.Sources(
                                events,
                                meters,
                                sessions,
                                sessionStore,
                                accountStore,
                                audit,
                                sessionTrail,
                                survey),
                        info,
                        live::get,
                        config.entries(),
                        clock);
        expose(meters, live, memory, lastSeen);
        DatabaseSessionPurge sessionPurge = new DatabaseSessionPurge(database, KEPT_ENDED, clock);
        meters.gauge(
                "drawbridge_purge_lag_seconds",
                "How long ended sessions that are due may have been waiting to be deleted",
                () -> sessionPurge.lag(clock.instant()).toSeconds());
        redis.ifPresent(tier -> expose(meters, tier));
        shipping.ifPresent(logs -> expose(meters, logs));
        DatabaseLimits kept = new DatabaseLimits(database, clock);
        RateLimits limits =
                limits(
                        config,
                        Stream.concat(
                                        redis.map(tier -> new RedisLimits(tier.link())).stream(),
                                        Stream.of(kept))
                                .toList(),
                        keys,
                        ticker);
        meters.gauge("drawbridge_limit_buckets", "Sources and accounts counted", limits::size);
        heartbeat =
                new Heartbeat(
                        new Heartbeat.Works(
                                events,
                                meters,
                                gauges(live),
                                trail,
                                lastSeen,
                                live,
                                sessionStore,
                                sessionPurge,
                                guard,
                                kept,
                                database,
                                survey,
                                use,
                                MinuteFile.open(
                                        folder.path().resolve("history.jsonl"),
                                        Platform.current(),
                                        meters.day(),
                                        clock.instant()),
                                cluster.map(c -> watch(c, events, meters))),
                        clock);
        lastSeenWriter =
                new LastSeenWriter(
                        lastSeen, database, LastSeenWriter.every(lifetimes.usual().idle()));
        AdminTokens adminTokens =
                new AdminTokens(
                        config.admin().token(),
                        folder,
                        keys,
                        new AdminTokens.Audited(database, audit),
                        config.secrets().age(),
                        clock);
        MasterKeyTurns masterKey =
                new MasterKeyTurns(masterKeys, database, config.secrets().masterAge(), clock);
        openAlertWays(config, meters, clock);
        places = new PlaceFile(config.alerting().places());
        alerts =
                new AlertSources(
                                meters,
                                tierMeters,
                                events,
                                database,
                                audit,
                                refusals::follow,
                                sessionPurge::lag,
                                () ->
                                        due(
                                                callers,
                                                List.of(adminTokens.view(), masterKey.view()),
                                                keyring,
                                                config.secrets().age()),
                                () -> logins(audit, clock),
                                places)
                        .alerts(config.node(), alertWays, clock, wall, System::nanoTime);
        meters.gauge("drawbridge_alerts_firing", "Alerts that fire", alerts::firing);
        alerts.start();
        DrillPass pass = new DrillPass();
        DrillServices drillServices =
                DrillServices.of(
                        new Drills.Works(
                                tenants,
                                new Sandboxes.Works(
                                        tenants, callers, policies, users, accounts::drawId),
                                (tenant, session) -> forget(memory, shared, tenant, session),
                                () ->
                                        new Drills.Place(
                                                drilled.apply(reachable(info.get().publicUrl())),
                                                DrillTls.ofThisServer(),
                                                info.get().version(),
                                                config.node()),
                                drillSettings(config),
                                events,
                                pass,
                                refusals::settle),
                        new DrillServices.Keeping(database, audit, keyring),
                        ticker,
                        clock);
        drills = drillServices.drills();
        checklist =
                ChecklistServices.of(
                        checklistSettings(config, folder),
                        new ChecklistServices.Subjects(
                                database,
                                sessionStore,
                                tenants,
                                callers,
                                policies,
                                routeUse,
                                recent,
                                drillServices.threats(),
                                meters),
                        new ChecklistServices.Secrets(
                                adminTokens,
                                masterKey,
                                keyring,
                                registry,
                                settingSecrets(config),
                                masterKeys::master,
                                keys),
                        new ChecklistServices.Surroundings(
                                () ->
                                        new ChecklistSettings.Place(
                                                reachable(info.get().publicUrl()),
                                                reachable(info.get().adminUrl()),
                                                DrillTls.ofThisServer()),
                                this::endpoints,
                                new PlantedSessions(memory, tombstones, random, clock),
                                () -> shipping.map(LogShipping::figures),
                                () -> Optional.of(watch()),
                                Platform.current()),
                        ticker,
                        clock);
        Supplier<List<NodeRow>> nodes =
                () ->
                        cluster.map(Cluster::nodes)
                                .orElseGet(() -> alone(config, tombstones, info.get().publicUrl()));
        Supplier<ServerCondition> condition = () -> condition(config, shipping);
        listeners =
                new HttpListeners(
                        new HttpListeners.Services(
                                accounts,
                                users,
                                sessions,
                                renewals,
                                finder,
                                validation,
                                trail,
                                new HttpListeners.CallerParts(
                                        new CallerAccess(registry, use, clock),
                                        use,
                                        callers,
                                        policies,
                                        routeUse,
                                        recent,
                                        new EndedFeed(
                                                database, tombstones, ENDED_ROWS_KEPT, ticker),
                                        tombstones::applied),
                                supervision,
                                events,
                                refusals,
                                meters,
                                new HttpListeners.TokenServices(
                                        tokens,
                                        accountTokens,
                                        tokenMail,
                                        keyring,
                                        tokenSettings,
                                        outbox),
                                keys,
                                new HttpListeners.OwnSecrets(
                                        adminTokens,
                                        masterKey,
                                        news,
                                        config.secrets().quiet(),
                                        config.secrets().age()),
                                auditReading,
                                new HttpListeners.Edge(limits, guard, tenants, directory, standing),
                                new BackupDesk(backups, database, audit, clock),
                                nodes,
                                new HttpListeners.DrillParts(drillServices, pass),
                                new HttpListeners.ManySessionParts(
                                        revocationJobs,
                                        new SessionExport(
                                                database, sessionStore, sessions, audit, clock)),
                                checklist,
                                alerts,
                                new DiagnosticsDesk(
                                        diagnostics(
                                                config,
                                                folder,
                                                supervision,
                                                nodes,
                                                condition,
                                                backups,
                                                clock),
                                        condition,
                                        database,
                                        audit,
                                        clock)),
                        new HttpListeners.Bounds(
                                config.listen().host(),
                                config.listen().port(),
                                config.admin().listen().host(),
                                config.admin().listen().port(),
                                config.http().maxBodyBytes(),
                                config.http().timeout(),
                                config.http().connections(),
                                config.trustedProxies(),
                                browser(config),
                                config.edge().base(),
                                config.edge().corsOrigins(),
                                config.edge().tls().map(Wiring::files),
                                config.admin().names(),
                                config.admin().tls().map(Wiring::files)),
                        this::missing,
                        stop,
                        clock);
        meters.gauge(
                "drawbridge_http_connections",
                "Connections of clients, to both listeners",
                listeners::connections);
        holdings.holds(SharedSettings.CALLERS, () -> registry.accept(callerStore.accepted()))
                .holds(SharedSettings.POLICIES, policies::reload)
                .holds(SharedSettings.TENANTS, tenants::reload)
                .holds(SharedSettings.SIGNING_KEYS, keyring::reload);
        elsewhere.ifPresent(RevocationsElsewhere::start);
        cluster.ifPresent(Cluster::start);
    }

    private ServerCondition condition(ServerConfig config, Optional<LogShipping> shipping) {
        Database.PoolFigures readers = database.readers();
        return new ServerCondition(
                Runtimes.java(),
                Runtimes.system(),
                config.edge().tls().isPresent(),
                new DatabaseCondition(
                        database.dialect(),
                        database.schema(),
                        readers.open(),
                        readers.busy(),
                        readers.most(),
                        readers.waiting(),
                        database.writesWaiting()),
                shipping.map(LogShipping::figures).orElse(null));
    }

    private Diagnostics diagnostics(
            ServerConfig config,
            DataFolder folder,
            Supervision supervision,
            Supplier<List<NodeRow>> nodes,
            Supplier<ServerCondition> condition,
            Backups backups,
            Clock clock) {
        return new Diagnostics(
                List.of(
                        part(
                                "server.json",
                                "version, process, listeners",
                                () -> supervision.snapshot().server()),
                        part(
                                "condition.json",
                                "runtime, schema, connections, sending of logs",
                                condition::get),
                        part(
                                "configuration.json",
                                "every setting and its source, secrets masked",
                                config::entries),
                        part(
                                "health.json",
                                "whether requests are answered as they should be",
                                () -> Map.of("waitsFor", missing().orElse("nothing"))),
                        part("tiers.json", "how sessions were served", supervision::tiers),
                        part("nodes.json", "the servers of this database", nodes::get),
                        part("metrics.txt", "every figure at this moment", supervision::prometheus),
                        part(
                                "history.json",
                                "what was done in each minute of the last hours",
                                () -> supervision.history(Duration.ofHours(24))),
                        part(
                                "checklist.json",
                                "how the ten practices are kept",
                                () -> checklist.checklist().view(TenantId.DEFAULT)),
                        part("alerts.json", "what fires", alerts::now),
                        part("backups.json", "the backups there are", backups::list),
                        part("threads.txt", "what each thread does", Runtimes::threads),
                        part(
                                "log.jsonl",
                                "the end of the log, at most 2 MiB",
                                () -> Runtimes.tail(folder.logs().resolve("server.jsonl")))),
                clock);
    }

    private static Diagnostics.Part part(String name, String about, Diagnostics.Content content) {
        return new Diagnostics.Part(name, about, content);
    }

    private ChecklistSettings.Watch watch() {
        List<AlertRuleRow> rules = alerts.rules();
        List<String> off =
                rules.stream()
                        .filter(rule -> rule.state().equals("off"))
                        .map(rule -> rule.title() + " is off: " + rule.why())
                        .toList();
        return new ChecklistSettings.Watch(rules.size() - off.size(), off, alertWays.size());
    }

    private void openAlertWays(ServerConfig config, Meters meters, Clock clock) {
        ServerConfig.Alerting alerting = config.alerting();
        alerting.webhook()
                .map(to -> new WebhookSender(to.url(), to.secret(), clock))
                .ifPresent(sender -> {
                    webhooks.add(sender);
                    alertWays.add(new AlertDelivery(sender, clock));
                });
        if (!alerting.mailTo().isEmpty()) {
            smtp(config.mail())
                    .map(server ->
                            new MailAlertSender(new SmtpSender(server, clock), alerting.mailTo()))
                    .ifPresent(sender -> alertWays.add(new AlertDelivery(sender, clock)));
        }
        meters.gauge(
                "drawbridge_alerts_waiting",
                "Alerts that wait to be delivered",
                () -> alertWays.stream().mapToInt(way -> way.view().waiting()).sum());
        meters.counter(
                "drawbridge_alerts_undelivered_total",
                "Alerts that were given up since the start",
                () -> alertWays.stream().mapToLong(way -> way.view().dropped()).sum());
    }

    /** Every secret that has a time by which another should take its place. */
    private static List<DueSecret> due(
            Callers callers, List<OwnSecret> own, TokenKeyring keyring, Duration age) {
        List<DueSecret> due = new ArrayList<>();
        for (CallerView caller : callers.list(null)) {
            Instant at = caller.dueAt();
            if (at != null) {
                String name = caller.caller().name();
                due.add(
                        new DueSecret(
                                "%s/%s".formatted(caller.caller().tenant().value(), name),
                                "The bridge secret of caller " + name,
                                at));
            }
        }
        own.forEach(secret ->
                due.add(
                        new DueSecret(
                                secret.kind(),
                                "The " + secret.kind().replace('_', ' '),
                                secret.dueAt())));
        keyring.list().stream()
                .filter(key -> key.state() == KeyState.SIGNING)
                .forEach(key -> {
                    Instant since = key.signingSince();
                    due.add(
                            new DueSecret(
                                    "signing_key",
                                    "The key that signs trust tokens",
                                    (since == null ? key.createdAt() : since).plus(age)));
                });
        return due;
    }

    /** Where users logged in from of late, the oldest first. */
    private static List<KnownLogin> logins(DatabaseAuditLog audit, Clock clock) {
        List<KnownLogin> logins = new ArrayList<>();
        for (AuditEntry opened :
                audit.latest(
                        "session.opened", clock.instant().minus(LOGINS_LEARNED), MOST_LOGINS)) {
            IpAddress ip = opened.ip();
            String user = opened.userId();
            if (ip != null && user != null) {
                logins.add(new KnownLogin(opened.tenant().value(), user, ip, opened.at()));
            }
        }
        return logins.reversed();
    }

    private Optional<Cluster> cluster(
            ServerConfig config, Cluster.Answers answers, DatabaseAuditLog audit, Clock clock) {
        return database.isShared()
                ? Optional.of(
                        new Cluster(
                                database,
                                new Cluster.Identity(
                                        config.node(),
                                        Version.current(),
                                        config.postgres()
                                                .filter(ServerConfig.Postgres::hints)
                                                .isPresent()),
                                answers,
                                audit,
                                clock))
                : Optional.empty();
    }

    private static List<NodeRow> alone(ServerConfig config, Tombstones tombstones, String url) {
        return List.of(
                new NodeRow(
                        config.node(),
                        1,
                        tombstones.applied(),
                        "held",
                        0,
                        Version.current(),
                        url,
                        true));
    }

    /** A row outlives every cached session that it could name, with room for a slow read. */
    private static Duration rowsKept(ServerConfig config) {
        Duration memory = config.memory().age().multipliedBy(2);
        Duration shared = config.redis().map(ServerConfig.Redis::age).orElse(Duration.ZERO);
        return (memory.compareTo(shared) > 0 ? memory : shared).plusMinutes(1);
    }

    private RedisTier redis(
            ServerConfig.Redis given,
            EventHub events,
            Keys keys,
            Tombstones tombstones,
            Clock clock) {
        RedisLink link =
                new RedisLink(
                        new RedisSettings(
                                given.url(),
                                given.timeout(),
                                given.connections(),
                                given.authorities()),
                        (state, why) -> tellRedis(events, state, why));
        RedisCopies copies = new RedisCopies(link, keys);
        return new RedisTier(link, copies, shared(given, copies, tombstones, clock));
    }

    private static void tellRedis(EventHub events, RedisLink.State state, String why) {
        boolean isUp = state == RedisLink.State.UP;
        LOG.warn("redis is {}", isUp ? "back" : "away: " + why);
        events.publish((seq, at) ->
                new ServerEvent.SourceChanged(
                        seq, at, SessionSource.REDIS.wireName(), isUp ? "up" : "down", why));
    }

    private RedisSessionCache shared(
            ServerConfig.Redis given, RedisCopies copies, Tombstones tombstones, Clock clock) {
        // Whoever has the database alone shares no copies with others. Those of an earlier run do
        // not count, so that a data folder which was put back never meets its lost future.
        DatabaseIdentity.after(database, DatabaseIdentity.of(database));
        RedisSessionCache.Identity identity =
                new RedisSessionCache.Identity() {
                    @Override
                    public byte[] now() {
                        return DatabaseIdentity.of(database);
                    }

                    @Override
                    public byte[] after(byte[] known) {
                        return DatabaseIdentity.after(database, known);
                    }
                };
        return new RedisSessionCache(copies, tombstones, identity, given.age(), clock);
    }

    private static TokenStatusCache endedTokens(Optional<RedisTier> redis) {
        TokenStatusCache memory = new MemoryTokenStatusCache(ENDED_TOKENS_REMEMBERED);
        return redis.<TokenStatusCache>map(tier -> new RedisTokenStatusCache(memory, tier.copies()))
                .orElse(memory);
    }

    private static void forget(
            MemorySessionCache memory, SharedSessions shared, TenantId tenant, String session) {
        SessionToken.parse(session)
                .map(token -> new SessionKey(tenant, token.id()))
                .ifPresent(key -> {
                    memory.remove(key);
                    shared.remove(key);
                });
    }

    /** Where this machine reaches a listener, which may listen on every address. */
    private static URI reachable(String publicUrl) {
        URI url = URI.create(publicUrl);
        boolean isEverywhere =
                Set.of("0.0.0.0", "[::]", "[0:0:0:0:0:0:0:0]").contains(url.getHost());
        return isEverywhere ? URI.create(url.getScheme() + "://127.0.0.1:" + url.getPort()) : url;
    }

    private static DrillSettings drillSettings(ServerConfig config) {
        ServerConfig.Cookie cookie = config.session().cookie();
        String plain = "drawbridge_device";
        return new DrillSettings(
                config.edge().base(),
                new DrillSettings.Limits(
                        config.edge().limits().authentication(), config.edge().limits().secrets()),
                new DrillSettings.Passwords(
                        config.argon2().memoryKib(),
                        config.argon2().iterations(),
                        config.edge().lockoutFailures(),
                        config.password().minLength()),
                cookie.isOn() ? List.of(plain, "__Host-" + plain) : List.of(),
                config.token().login(),
                config.session().idle(),
                new DrillSettings.Memory(
                        config.memory().sessions(), !config.memory().warming().isZero()));
    }

    private List<EndpointCoverage> endpoints() {
        return listeners.endpoints();
    }

    private static ChecklistSettings checklistSettings(ServerConfig config, DataFolder folder) {
        ServerConfig.Edge edge = config.edge();
        return new ChecklistSettings(
                edge.base(),
                folder.path(),
                config.entries(),
                config.warnings(),
                config.secrets().age(),
                new ChecklistSettings.Edge(
                        edge.limits().authentication(),
                        config.http().maxBodyBytes(),
                        config.http().timeout(),
                        edge.corsOrigins(),
                        edge.tls().isPresent(),
                        config.session().cookie().isOn()
                                && config.session().cookie().secure()
                                        == ServerConfig.CookieSecurity.NEVER,
                        config.registration() == ServerConfig.RegistrationPolicy.OPEN
                                && !config.token().verification()),
                config.log().level().name());
    }

    /** What the settings hold and nothing else knows; bridge secret and admin token are known. */
    private static Map<String, Secret> settingSecrets(ServerConfig config) {
        Map<String, Secret> secrets = new HashMap<>();
        config.token().signingKey().ifPresent(key -> secrets.put("token.signing.key", key));
        config.mail().password().ifPresent(password -> secrets.put("smtp.password", password));
        return secrets;
    }

    private Optional<String> missing() {
        ServerState.logNumber(database);
        Warming progress = warming.state();
        return progress.hasEnded()
                ? Optional.empty()
                : Optional.of(
                        "memory is being filled: %d sessions of at most %d"
                                .formatted(progress.loaded(), progress.wanted()));
    }

    private static TokenSettings tokenSettings(
            ServerConfig.Token token, Supplier<ServerInfo> info) {
        Supplier<String> listener = () -> info.get().publicUrl();
        return new TokenSettings(
                Map.of(
                        Purpose.EMAIL_VERIFY, token.verify(),
                        Purpose.PASSWORD_RESET, token.reset(),
                        Purpose.MAGIC_LINK, token.login(),
                        Purpose.INVITE, token.invite()),
                token.publicUrl().<Supplier<String>>map(url -> () -> url).orElse(listener),
                token.linkPath(),
                token.origins(),
                token.verification());
    }

    /** A server on this machine is reached without TLS; every other one with it. */
    private static Optional<SmtpServer> smtp(ServerConfig.Mail mail) {
        return mail.server()
                .map(url -> {
                    boolean implicit = url.getScheme().equals("smtps");
                    boolean here =
                            url.getHost().equals("localhost")
                                    || IpAddress.parse(url.getHost())
                                            .filter(IpAddress::isLoopback)
                                            .isPresent();
                    int usual = implicit ? 465 : here ? 25 : 587;
                    return new SmtpServer(
                            url.getHost(),
                            url.getPort() < 0 ? usual : url.getPort(),
                            implicit ? Tls.SMTPS : here ? Tls.NONE : Tls.STARTTLS,
                            Optional.ofNullable(url.getUserInfo()),
                            mail.password(),
                            mail.from());
                });
    }

    private Keys keys(MasterKeys masterKeys, Clock clock) {
        try {
            return masterKeys.open(clock.instant());
        } catch (RuntimeException e) {
            database.close(); // nothing else was begun
            throw e;
        }
    }

    private static SessionSettings lifetimes(ServerConfig.Sessions config) {
        ServerConfig.Renewal renewal = config.renewal();
        Lifetimes usual =
                switch (renewal.profile()) {
                    case STANDARD ->
                            new Lifetimes(config.idle(), config.absolute(), config.absolute());
                    case SHORT ->
                            new Lifetimes(
                                    renewal.shortLifetime(),
                                    renewal.shortLifetime(),
                                    renewal.shortRefresh());
                };
        Duration remember = renewal.remember();
        boolean longer =
                renewal.profile() == ServerConfig.SessionProfile.STANDARD
                        && remember.compareTo(config.absolute()) > 0;
        // Whoever asks to be remembered means to come back tomorrow, so it does not end idle.
        Lifetimes remembered = longer ? new Lifetimes(remember, remember, remember) : usual;
        return new SessionSettings(usual, remembered, config.hold(), renewal.grace());
    }

    private static PasswordHasher.Cost cost(ServerConfig.Argon2 config) {
        PasswordHasher.Cost least =
                new PasswordHasher.Cost(
                        config.memoryKib(), config.iterations(), config.parallelism());
        if (config.time().isZero()) {
            return least;
        }
        PasswordHasher.Cost tuned =
                Argon2Tuning.tune(
                        least,
                        config.time(),
                        config.budgetBytes(),
                        config.threads(),
                        System::nanoTime);
        LOG.info(
                "password hashes cost memory={}KiB iterations={} parallelism={}",
                tuned.memoryKib(),
                tuned.iterations(),
                tuned.parallelism());
        return tuned;
    }

    private static HttpListeners.Browser browser(ServerConfig config) {
        ServerConfig.Cookie cookie = config.session().cookie();
        return new HttpListeners.Browser(
                cookie.isOn(),
                switch (cookie.secure()) {
                    case AUTO -> HttpListeners.Security.AUTO;
                    case ALWAYS -> HttpListeners.Security.ALWAYS;
                    case NEVER -> HttpListeners.Security.NEVER;
                },
                cookie.isPrefixed(),
                cookie.sameSite(),
                switch (config.registration()) {
                    case OPEN -> HttpListeners.Registering.OPEN;
                    case BRIDGE -> HttpListeners.Registering.BRIDGE;
                    case ADMIN -> HttpListeners.Registering.ADMIN;
                    case OFF -> HttpListeners.Registering.OFF;
                });
    }

    private static NodesWatch watch(Cluster cluster, EventHub events, Meters meters) {
        NodesWatch watch = new NodesWatch(events, cluster::nodes);
        meters.gauge("drawbridge_nodes", "Servers that share this database", watch::registered);
        meters.gauge(
                "drawbridge_nodes_lapsed",
                "Of those, the ones that hold no lease and ask the database for each request",
                watch::lapsed);
        return watch;
    }

    private static RateLimits limits(
            ServerConfig config, List<SharedLimits> shared, Keys keys, Ticker ticker) {
        ServerConfig.Limits perMinute = config.edge().limits();
        return new RateLimits(
                Map.of(
                        Counted.REQUESTS, perMinute.requests(),
                        Counted.AUTHENTICATION, perMinute.authentication(),
                        Counted.HASHING, perMinute.hashing(),
                        Counted.EXPORT, perMinute.export(),
                        Counted.WRONG_SECRETS, perMinute.secrets()),
                shared,
                keys.hashFor("limit-buckets/v1"),
                ticker);
    }

    private static TlsFiles files(ServerConfig.Tls tls) {
        return switch (tls) {
            case ServerConfig.Tls.Pem(Path certificate, Path key) ->
                    new TlsFiles.Pem(certificate, key);
            case ServerConfig.Tls.KeyStore(Path file, var password) ->
                    new TlsFiles.Pkcs12(file, password);
        };
    }

    private static void takeCallers(
            ServerConfig config, CallerRegistry callers, DatabaseCallerStore store, Clock clock) {
        config.bridge()
                .secret()
                .ifPresent(secret -> {
                    Caller caller =
                            new Caller(
                                    Caller.ENVIRONMENT_ID,
                                    Caller.ENVIRONMENT_NAME,
                                    TenantId.DEFAULT,
                                    config.bridge().kit(),
                                    config.bridge().signals(),
                                    config.bridge().mode(),
                                    config.bridge().lease(),
                                    Duration.ZERO,
                                    Set.of(Scope.VALIDATE),
                                    List.of(),
                                    AdvancedMeans.DEVICE);
                    var outcome =
                            store.fromEnvironment(
                                    caller, secret.use(callers::hashesOf), clock.instant());
                    if (outcome == DatabaseCallerStore.FromEnvironment.STAYS_ENDED) {
                        LOG.warn(
                                "the bridge secret in the environment was retired or burned, or its announced end is over, and it stays so caller=default");
                    }
                });
        callers.accept(store.accepted());
    }

    private Meters.Gauges gauges(LiveCount live) {
        return new Meters.Gauges() {
            @Override
            public long liveSessions() {
                return live.get();
            }

            @Override
            public int hashQueue() {
                return hasher.waiting();
            }
        };
    }

    private void expose(
            Meters meters, LiveCount live, MemorySessionCache memory, LastSeen lastSeen) {
        meters.gauge("drawbridge_sessions_live", "Sessions that would be accepted now", live::get);
        meters.gauge("drawbridge_memory_sessions", "Sessions held in memory", memory::size);
        meters.counter(
                "drawbridge_memory_evictions_total",
                "Sessions pushed out of memory",
                memory::evictions);
        meters.gauge("drawbridge_hash_queue", "Password hashes waiting", hasher::waiting);
        meters.gauge("drawbridge_db_writes_waiting", "Writes waiting", database::writesWaiting);
        meters.gauge(
                "drawbridge_db_pool_open",
                "Connections that read",
                () -> database.readers().open());
        meters.gauge(
                "drawbridge_db_pool_busy",
                "Connections that are reading now",
                () -> database.readers().busy());
        meters.gauge(
                "drawbridge_db_pool_waiting",
                "Callers that wait for such a connection",
                () -> database.readers().waiting());
        database.tellWaits(
                meters.waits(
                        "drawbridge_db_pool_wait_seconds",
                        "How long callers waited for such a connection"));
        meters.gauge(
                "drawbridge_last_seen_waiting",
                "Last-seen times not written yet",
                lastSeen::waiting);
    }

    /** {@code sqlite} or {@code postgresql}. */
    String storage() {
        return database.dialect();
    }

    /** Tells the other nodes where this one is reached. */
    void reachedAt(String publicUrl) {
        cluster.ifPresent(c -> c.reachedAt(publicUrl));
    }

    Heartbeat heartbeat() {
        return heartbeat;
    }

    Alerts alerts() {
        return alerts;
    }

    private static void expose(Meters meters, LogShipping logs) {
        meters.gauge(
                "drawbridge_log_receiver_up",
                "Whether the receiver of logs takes lines",
                () -> logs.figures().arriving() ? 1 : 0);
        meters.counter(
                "drawbridge_log_lines_shipped_total",
                "Lines handed to the receiver of logs",
                () -> logs.figures().shipped());
        meters.counter(
                "drawbridge_log_lines_lost_total",
                "Lines that the receiver of logs was not sent, because too many waited",
                () -> logs.figures().lost());
        meters.gauge(
                "drawbridge_log_lines_waiting",
                "Lines that wait for the receiver of logs",
                () -> logs.figures().waiting());
    }

    private static void expose(Meters meters, RedisTier tier) {
        meters.gauge(
                "drawbridge_redis_up",
                "Whether Redis is asked",
                () -> tier.link().isAsked() ? 1 : 0);
        meters.counter(
                "drawbridge_redis_failures_total",
                "Questions Redis did not answer, or not in time",
                tier.link()::failures);
        meters.counter(
                "drawbridge_redis_writes_dropped_total",
                "Writes to Redis that were not done",
                tier.link()::writesDropped);
        meters.counter(
                "drawbridge_redis_forged_total",
                "Values in Redis that no server of this database had made for that name",
                tier.copies()::forged);
        meters.counter(
                "drawbridge_redis_overtaken_total",
                "Copies in Redis that a revocation, or the database, had overtaken",
                tier.sessions()::overtaken);
    }

    HttpListeners listeners() {
        return listeners;
    }

    /** Closes what was made, the last first; nothing that was answered is lost. */
    @Override
    public void close() {
        drills.close();
        checklist.close();
        listeners.close();
        warming.close();
        alerts.close();
        alertWays.forEach(AlertDelivery::close);
        webhooks.forEach(WebhookSender::close);
        places.close();
        heartbeat.close();
        lastSeenWriter.close();
        revocationJobs.close();
        suspicions.close();
        tokenMail.close();
        outbox.close();
        callerUpkeep.close();
        hasher.close();
        refusals.close();
        checkpoints.close();
        cluster.ifPresent(Cluster::close);
        elsewhere.ifPresent(RevocationsElsewhere::close);
        routeSharing.ifPresent(RouteSharing::close);
        redis.ifPresent(tier -> tier.link().close());
        database.close();
    }
}
