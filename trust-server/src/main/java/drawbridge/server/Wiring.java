package drawbridge.server;

import com.github.benmanes.caffeine.cache.Ticker;

import drawbridge.model.Secret;
import drawbridge.model.TenantId;
import drawbridge.model.view.ServerInfo;
import drawbridge.server.account.Accounts;
import drawbridge.server.account.CommonPasswords;
import drawbridge.server.account.DatabaseAccountStore;
import drawbridge.server.account.PasswordHasher;
import drawbridge.server.account.PasswordPolicy;
import drawbridge.server.admin.Heartbeat;
import drawbridge.server.admin.LiveCount;
import drawbridge.server.admin.ServerNews;
import drawbridge.server.admin.Supervision;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.audit.RefusalQueue;
import drawbridge.server.bridge.BridgeTrail;
import drawbridge.server.bridge.BridgeValidation;
import drawbridge.server.bridge.Caller;
import drawbridge.server.bridge.CallerRegistry;
import drawbridge.server.bridge.DatabaseCallerStore;
import drawbridge.server.bridge.RouteModes;
import drawbridge.server.bridge.SessionTrail;
import drawbridge.server.config.DataFolder;
import drawbridge.server.config.ServerConfig;
import drawbridge.server.crypto.Keys;
import drawbridge.server.event.EventHub;
import drawbridge.server.http.HttpListeners;
import drawbridge.server.metrics.Meters;
import drawbridge.server.session.DatabaseSessionStore;
import drawbridge.server.session.LastSeen;
import drawbridge.server.session.MemorySessionCache;
import drawbridge.server.session.SessionFinder;
import drawbridge.server.session.SessionSettings;
import drawbridge.server.session.Sessions;
import drawbridge.server.session.Standing;
import drawbridge.server.session.Tombstones;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.ServerState;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;

/** The object graph of the server, and the only place where its services are made. */
final class Wiring implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);
    private static final int EVENTS_KEPT = 20_000;
    private static final Duration HASH_PATIENCE = Duration.ofSeconds(3);
    private static final Duration NOTE_SEEN_AT_MOST = Duration.ofSeconds(60);

    private final Database database;
    private final RefusalQueue refusals;
    private final PasswordHasher hasher;
    private final Heartbeat heartbeat;
    private final HttpListeners listeners;

    /**
     * Makes everything; no port is open yet.
     *
     * @param info which server this is, known once the ports are open
     * @param stop asks the server to end; returns at once
     */
    Wiring(
            ServerConfig config,
            DataFolder folder,
            Clock clock,
            Supplier<ServerInfo> info,
            Runnable stop) {
        SecureRandom random = new SecureRandom();
        Ticker ticker = Ticker.systemTicker();
        Keys keys = config.masterKey().orElseGet(() -> folder.masterKey(random)).use(Keys::new);
        database = Database.openSqlite(folder.database());
        ServerState.prepare(database, clock.instant());
        DatabaseAuditLog audit = new DatabaseAuditLog(database);
        Meters meters = new Meters();
        EventHub events = new EventHub(EVENTS_KEPT, clock);

        DatabaseSessionStore sessionStore = new DatabaseSessionStore(database);
        // A row outlives every cached session that it could name, with room for a slow read.
        Tombstones tombstones =
                new Tombstones(
                        config.memory().age().multipliedBy(2).plusMinutes(1),
                        ServerState.logNumber(database),
                        ticker);
        MemorySessionCache memory =
                new MemorySessionCache(
                        config.memory().sessions(), config.memory().age(), tombstones, ticker);
        LastSeen lastSeen = new LastSeen();
        SessionFinder finder =
                new SessionFinder(memory, sessionStore, tombstones, lastSeen, Standing.ALONE);
        LiveCount live = new LiveCount(sessionStore, clock);
        live.count();
        ServerNews news = new ServerNews(events, meters, live);
        refusals =
                new RefusalQueue(
                        config.audit().queueEntries(), database, audit, news::auditDropped, clock);
        Sessions sessions =
                new Sessions(
                        database,
                        new Sessions.Tiers(sessionStore, memory, tombstones, lastSeen),
                        audit,
                        news,
                        new SessionSettings(
                                config.session().idle(),
                                config.session().absolute(),
                                config.session().hold()),
                        config.node(),
                        clock);

        CallerRegistry callers = new CallerRegistry(keys);
        takeCallers(config, callers, new DatabaseCallerStore(database, audit), clock);
        SessionTrail sessionTrail = new SessionTrail(ticker);
        BridgeTrail trail =
                new BridgeTrail(meters, memory, lastSeen, sessionTrail, refusals, events);
        BridgeValidation validation = new BridgeValidation(new RouteModes(), finder, trail, clock);

        hasher =
                new PasswordHasher(
                        new PasswordHasher.Cost(
                                config.argon2().memoryKib(),
                                config.argon2().iterations(),
                                config.argon2().parallelism()),
                        new PasswordHasher.Limits(
                                config.argon2().threads(),
                                config.argon2().queueEntries(),
                                HASH_PATIENCE),
                        random,
                        System::nanoTime);
        DatabaseAccountStore accountStore = new DatabaseAccountStore(database);
        Accounts accounts =
                new Accounts(
                        accountStore,
                        new Accounts.Passwords(
                                hasher,
                                new PasswordPolicy(
                                        config.password().minLength(), CommonPasswords.bundled())),
                        sessions,
                        database,
                        refusals,
                        news,
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
                                sessionTrail),
                        info,
                        live::get,
                        config.entries(),
                        clock);
        expose(meters, live, memory, lastSeen);
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
                                database),
                        noteSeenEvery(config.session().idle()),
                        clock);
        listeners =
                new HttpListeners(
                        new HttpListeners.Services(
                                accounts,
                                sessions,
                                finder,
                                validation,
                                trail,
                                callers,
                                supervision,
                                events,
                                refusals,
                                meters,
                                keys),
                        new HttpListeners.Bounds(
                                config.listen().host(),
                                config.listen().port(),
                                config.admin().listen().host(),
                                config.admin().listen().port(),
                                config.http().maxBodyBytes(),
                                config.http().timeout(),
                                config.trustedProxies()),
                        adminTokenHash(config, folder, keys, random),
                        () -> ServerState.logNumber(database),
                        stop,
                        clock);
    }

    private static byte[] adminTokenHash(
            ServerConfig config, DataFolder folder, Keys keys, SecureRandom random) {
        Secret token = config.admin().token().orElseGet(() -> folder.adminToken(random));
        return token.use(bytes -> HttpListeners.adminHash(keys).of(bytes));
    }

    private static void takeCallers(
            ServerConfig config, CallerRegistry callers, DatabaseCallerStore store, Clock clock) {
        config.bridge()
                .secret()
                .ifPresent(secret -> {
                    Caller caller =
                            new Caller(
                                    "clr_default",
                                    "default",
                                    TenantId.DEFAULT,
                                    config.bridge().kit(),
                                    config.bridge().signals(),
                                    config.bridge().mode(),
                                    config.bridge().lease());
                    var outcome =
                            store.fromEnvironment(
                                    caller, secret.use(callers::hashesOf), clock.instant());
                    if (outcome == DatabaseCallerStore.FromEnvironment.STAYS_ENDED) {
                        LOG.warn(
                                "the bridge secret in the environment was retired and stays retired caller=default");
                    }
                });
        callers.accept(store.accepted());
    }

    /**
     * Often enough that a crash shortens an idle lifetime by a tenth at most, and never more than
     * once a minute.
     */
    private static Duration noteSeenEvery(Duration idle) {
        Duration tenth = idle.dividedBy(10);
        Duration every = tenth.compareTo(NOTE_SEEN_AT_MOST) < 0 ? tenth : NOTE_SEEN_AT_MOST;
        return every.compareTo(Duration.ofMillis(200)) < 0 ? Duration.ofMillis(200) : every;
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
        meters.gauge(
                "drawbridge_memory_evictions", "Sessions pushed out of memory", memory::evictions);
        meters.gauge("drawbridge_hash_queue", "Password hashes waiting", hasher::waiting);
        meters.gauge("drawbridge_db_writes_waiting", "Writes waiting", database::writesWaiting);
        meters.gauge(
                "drawbridge_last_seen_waiting",
                "Last-seen times not written yet",
                lastSeen::waiting);
    }

    HttpListeners listeners() {
        return listeners;
    }

    /** Closes what was made, the last first; nothing that was answered is lost. */
    @Override
    public void close() {
        listeners.close();
        heartbeat.close();
        hasher.close();
        refusals.close();
        database.close();
    }
}
