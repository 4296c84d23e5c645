package drawbridge.server.config;

import java.util.List;
import java.util.Optional;

/**
 * Every setting there is: its key in the settings file, its environment variable, its default as it
 * would be written, and what it does. {@code docs/configuration.md} says the same, and a test holds
 * the two together.
 */
public enum Setting {
    DATA_DIR(
            "data.dir",
            "DRAWBRIDGE_DATA_DIR",
            "./drawbridge-data",
            "The folder of database, keys, admin token and logs; one process owns it."),
    NODE_NAME(
            "node.name",
            "DRAWBRIDGE_NODE",
            "node-1",
            "This server's name in receipts and metrics; two nodes must not share one."),
    LISTEN_HOST(
            "listen.host",
            "DRAWBRIDGE_LISTEN",
            "127.0.0.1",
            "Address of the public listener; beyond loopback only with TLS or behind trusted proxies."),
    LISTEN_PORT(
            "listen.port",
            "DRAWBRIDGE_PORT",
            "7070",
            "Port of the public listener; 0 takes any free one."),
    ADMIN_HOST(
            "admin.host",
            "DRAWBRIDGE_ADMIN_LISTEN",
            "127.0.0.1",
            "Address of the admin listener; beyond loopback only with TLS of its own or behind trusted proxies."),
    ADMIN_PORT(
            "admin.port",
            "DRAWBRIDGE_ADMIN_PORT",
            "7071",
            "Port of the admin listener; 0 takes any free one."),
    ADMIN_NAMES(
            "admin.names",
            "DRAWBRIDGE_ADMIN_NAMES",
            "",
            "Host names under which administrators reach the admin listener, with commas; calls under others are refused. Addresses and localhost always count."),
    ADMIN_TLS_CERT(
            "admin.tls.cert",
            "DRAWBRIDGE_ADMIN_TLS_CERT",
            "",
            "PEM file with the certificate chain of the admin listener; read again when it changes."),
    ADMIN_TLS_KEY(
            "admin.tls.key",
            "DRAWBRIDGE_ADMIN_TLS_KEY",
            "",
            "PEM file with the private key of admin.tls.cert, as PKCS#8 without a password."),
    ADMIN_TLS_KEYSTORE(
            "admin.tls.keystore",
            "DRAWBRIDGE_ADMIN_TLS_KEYSTORE",
            "",
            "PKCS#12 file with certificate and key, instead of admin.tls.cert and admin.tls.key; read again when it changes."),
    ADMIN_TLS_KEYSTORE_PASSWORD(
            Kind.SECRET,
            "admin.tls.keystore.password",
            "DRAWBRIDGE_ADMIN_TLS_KEYSTORE_PASSWORD",
            "",
            "Opens admin.tls.keystore."),
    ADMIN_TOKEN(
            Kind.SECRET,
            "admin.token",
            "DRAWBRIDGE_ADMIN_TOKEN",
            "",
            "Opens the admin API; without it the file admin-token in the data folder counts."),
    MASTER_KEY(
            Kind.SECRET,
            "master.key",
            "DRAWBRIDGE_MASTER_KEY",
            "",
            "Seals secrets at rest, 32 bytes in base64url or hex; without it the file master-key counts. Another key cannot read what this one sealed."),
    TRUSTED_PROXIES(
            "proxies.trusted",
            "DRAWBRIDGE_TRUSTED_PROXIES",
            "",
            "Networks whose forwarded client addresses count, with commas; too wide a list lets clients choose their own address."),
    BRIDGE_SECRET(
            Kind.SECRET,
            "bridge.secret",
            "BRIDGE_SECRET",
            "",
            "Makes the caller named default, whose back end presents this secret; BRIDGE_VALIDATION_SECRET is read as well."),
    CALLER_SIGNALS(
            "bridge.caller.signals",
            "DRAWBRIDGE_DEFAULT_CALLER_SIGNALS",
            "required",
            "What becomes of a call of the caller default that lacks a signal: required refuses it, when-sent does not compare what is missing."),
    CALLER_KIT(
            "bridge.caller.kit",
            "DRAWBRIDGE_DEFAULT_CALLER_KIT",
            "drawbridge",
            "The client library of the caller default: flowfull may send the session id in the query and is told a short lease as expiry."),
    CALLER_MODE(
            "bridge.caller.mode",
            "DRAWBRIDGE_DEFAULT_CALLER_MODE",
            "STANDARD",
            "The least mode the caller default is judged by: STANDARD, ADVANCED or STRICT; a call may ask for more."),
    BRIDGE_LEASE(
            "bridge.lease",
            "DRAWBRIDGE_BRIDGE_LEASE",
            "60s",
            "Expiry told to callers of kit flowfull, which cache until then: a revocation may reach them that much later; 0s tells the real one."),
    SESSION_IDLE(
            "session.idle",
            "DRAWBRIDGE_SESSION_IDLE",
            "30m",
            "A session that is not used for this long has ended."),
    SESSION_ABSOLUTE(
            "session.absolute",
            "DRAWBRIDGE_SESSION_ABSOLUTE",
            "7d",
            "A session ends this long after its login, however much it is used."),
    SESSION_HOLD(
            "session.hold",
            "DRAWBRIDGE_SESSION_HOLD",
            "30s",
            "How long an administrator can undo a revocation; the session is refused all the while. 0s leaves no Undo."),
    SESSION_REMEMBER(
            "session.remember",
            "DRAWBRIDGE_SESSION_REMEMBER",
            "30d",
            "How long a session lasts whose user asked to be remembered at login, used or not; 0s takes no notice of that wish."),
    SESSION_PROFILE(
            "session.profile",
            "DRAWBRIDGE_SESSION_PROFILE",
            "standard",
            "standard: an id lasts as long as its session. short: it lasts session.short.lifetime and must be refreshed before that."),
    SESSION_SHORT_LIFETIME(
            "session.short.lifetime",
            "DRAWBRIDGE_SESSION_SHORT_LIFETIME",
            "15m",
            "How long an id of the profile short lasts."),
    SESSION_SHORT_REFRESH(
            "session.short.refresh",
            "DRAWBRIDGE_SESSION_SHORT_REFRESH",
            "30d",
            "How long after its login a session of the profile short can be refreshed."),
    SESSION_GRACE(
            "session.refresh.grace",
            "DRAWBRIDGE_SESSION_REFRESH_GRACE",
            "10s",
            "How long an id still counts after a refresh replaced it, for other tabs; its use after that ends the session."),
    SESSION_COOKIE(
            "session.cookie",
            "DRAWBRIDGE_SESSION_COOKIE",
            "on",
            "Whether login sets cookies, and a session cookie opens anything: on or off."),
    SESSION_COOKIE_SECURE(
            "session.cookie.secure",
            "DRAWBRIDGE_SESSION_COOKIE_SECURE",
            "auto",
            "Marks cookies Secure: auto where the request came by TLS, always, or never."),
    SESSION_COOKIE_PREFIX(
            "session.cookie.prefix",
            "DRAWBRIDGE_SESSION_COOKIE_PREFIX",
            "on",
            "Names cookies that are Secure with __Host-, which no other host can set: on, or off for back ends that read session_id."),
    SESSION_COOKIE_SAME_SITE(
            "session.cookie.samesite",
            "DRAWBRIDGE_SESSION_COOKIE_SAMESITE",
            "Lax",
            "Whether cookies ride along from other sites: Strict, Lax or None; None needs Secure."),
    REGISTRATION(
            "registration",
            "DRAWBRIDGE_REGISTRATION",
            "open",
            "Who may make accounts: open for anybody, bridge for back ends with their secret, admin for users of type admin, off for nobody."),
    PASSWORD_MIN_LENGTH(
            "password.min.length",
            "DRAWBRIDGE_PASSWORD_MIN_LENGTH",
            "15",
            "Fewest characters of a new password, 8 to 64; passwords already set stay valid."),
    ARGON2_MEMORY(
            "argon2.memory",
            "DRAWBRIDGE_ARGON2_MEMORY",
            "19456KiB",
            "Memory one password hash takes at least; more makes guessing dearer and each login slower."),
    ARGON2_ITERATIONS(
            "argon2.iterations",
            "DRAWBRIDGE_ARGON2_ITERATIONS",
            "2",
            "Passes of one password hash over its memory."),
    ARGON2_PARALLELISM(
            "argon2.parallelism",
            "DRAWBRIDGE_ARGON2_PARALLELISM",
            "1",
            "Lanes of one password hash."),
    ARGON2_THREADS(
            "argon2.threads",
            "DRAWBRIDGE_ARGON2_THREADS",
            "auto",
            "Password hashes computed at once; auto is one for each processor where validations can go before them (Linux, Windows), else one less."),
    ARGON2_QUEUE(
            "argon2.queue",
            "DRAWBRIDGE_ARGON2_QUEUE",
            "64",
            "Logins that may wait for a hash; the next one is answered 503 at once."),
    ARGON2_TIME(
            "argon2.time",
            "DRAWBRIDGE_ARGON2_TIME",
            "50ms",
            "The start raises the memory of a hash until it takes this long; 0s leaves it at argon2.memory."),
    ARGON2_BUDGET(
            "argon2.budget",
            "DRAWBRIDGE_ARGON2_BUDGET",
            "128MiB",
            "Memory that all password hashes computed at once may take where the start raises it."),
    MEMORY_SESSIONS(
            "memory.sessions",
            "DRAWBRIDGE_MEMORY_SESSIONS",
            "100000",
            "Sessions kept in memory; the others are read from the database."),
    MEMORY_AGE(
            "memory.age",
            "DRAWBRIDGE_MEMORY_AGE",
            "10m",
            "A session in memory is read from the database again after this long."),
    MEMORY_WARMING(
            "memory.warming",
            "DRAWBRIDGE_MEMORY_WARMING",
            "10s",
            "How long a start may take the latest sessions into memory before the server calls itself ready; 0s for not at all."),
    HTTP_MAX_BODY(
            "http.max.body",
            "DRAWBRIDGE_HTTP_MAX_BODY",
            "64KiB",
            "Largest request body; a larger one is answered 413."),
    HTTP_TIMEOUT(
            "http.timeout",
            "DRAWBRIDGE_HTTP_TIMEOUT",
            "10s",
            "How long a client may take to send its request."),
    HTTP_CONNECTIONS(
            "http.connections",
            "DRAWBRIDGE_HTTP_CONNECTIONS",
            "2000",
            "Connections to each listener at most; at that many, new ones wait and those that are idle for 4 seconds are closed."),
    HTTP_BASE(
            "http.base",
            "DRAWBRIDGE_HTTP_BASE",
            "/auth",
            "Path under which clients and back ends reach the API; the public kits expect /auth."),
    CORS_ORIGINS(
            "cors.origins",
            "DRAWBRIDGE_CORS_ORIGINS",
            "",
            "Origins whose pages may call for the tenant default, exact and with commas, such as https://app.example.com."),
    TLS_CERT(
            "tls.cert",
            "DRAWBRIDGE_TLS_CERT",
            "",
            "PEM file with the certificate chain of the public listener; read again when it changes."),
    TLS_KEY(
            "tls.key",
            "DRAWBRIDGE_TLS_KEY",
            "",
            "PEM file with the private key of tls.cert, as PKCS#8 without a password."),
    TLS_KEYSTORE(
            "tls.keystore",
            "DRAWBRIDGE_TLS_KEYSTORE",
            "",
            "PKCS#12 file with certificate and key, instead of tls.cert and tls.key; read again when it changes."),
    TLS_KEYSTORE_PASSWORD(
            Kind.SECRET,
            "tls.keystore.password",
            "DRAWBRIDGE_TLS_KEYSTORE_PASSWORD",
            "",
            "Opens tls.keystore."),
    LIMIT_REQUESTS(
            "limit.requests",
            "DRAWBRIDGE_LIMIT_REQUESTS",
            "600",
            "Cheap requests a minute from one address, or one IPv6 /64; more are answered 429."),
    LIMIT_AUTHENTICATION(
            "limit.authentication",
            "DRAWBRIDGE_LIMIT_AUTHENTICATION",
            "10",
            "Logins and the like a minute from one address, and as many for one account; more are answered 429."),
    LIMIT_HASHING(
            "limit.hashing",
            "DRAWBRIDGE_LIMIT_HASHING",
            "5",
            "Requests a minute that set a password, from one address and for one account; more are answered 429."),
    LIMIT_EXPORT(
            "limit.export",
            "DRAWBRIDGE_LIMIT_EXPORT",
            "6",
            "Exports a minute from one address; more are answered 429."),
    LIMIT_SECRETS(
            "limit.secrets",
            "DRAWBRIDGE_LIMIT_SECRETS",
            "60",
            "Wrong bridge secrets and admin tokens a minute from one address; more are answered 429, calls with a good one never are."),
    LOCKOUT_FAILURES(
            "lockout.failures",
            "DRAWBRIDGE_LOCKOUT_FAILURES",
            "50",
            "Failed logins in a row after which an account is closed to unknown devices; each of its five known devices has ten of its own."),
    AUDIT_QUEUE(
            "audit.queue",
            "DRAWBRIDGE_AUDIT_QUEUE",
            "10000",
            "Refusals that may wait to be written to the audit log; more are counted and the count is audited."),
    SECRET_QUIET(
            "secret.quiet",
            "DRAWBRIDGE_SECRET_QUIET",
            "10m",
            "How long nothing may have used an old version of a bridge secret before it is called safe to retire."),
    SECRET_AGE(
            "secret.age",
            "DRAWBRIDGE_SECRET_AGE",
            "90d",
            "How old a bridge secret without a planned rotation, the signing key and the admin token become before they are called overdue."),
    SECRET_MASTER_AGE(
            "secret.master.age",
            "DRAWBRIDGE_SECRET_MASTER_AGE",
            "365d",
            "How old the master key becomes before it is called overdue."),
    RECENT_VALIDATIONS(
            "recent.validations",
            "DRAWBRIDGE_RECENT_VALIDATIONS",
            "20000",
            "Bridge calls kept in memory to explain a verdict and to try policies on; each takes about half a KiB."),
    BACKUP_KEEP(
            "backup.keep",
            "DRAWBRIDGE_BACKUP_KEEP",
            "5",
            "How many backups of each kind the data folder keeps: asked for, before an upgrade, before a restore; older ones are deleted."),
    DATABASE_URL(
            Kind.SECRET,
            "database.url",
            "DATABASE_URL",
            "",
            "Where everything is stored; empty or sqlite: is the SQLite file in the data folder, postgresql://user:password@host:5432/database a PostgreSQL, beyond this machine with ?sslmode=verify-full."),
    DATABASE_MIGRATE_URL(
            Kind.SECRET,
            "database.migrate.url",
            "DATABASE_MIGRATE_URL",
            "",
            "The same PostgreSQL with another login that brings the schema up to date; then the login of database.url may own nothing. Empty when one login does both."),
    DATABASE_POOL(
            "database.pool",
            "DRAWBRIDGE_DATABASE_POOL",
            "8",
            "Connections that read from a PostgreSQL; one more writes."),
    DATABASE_WAIT(
            "database.wait",
            "DRAWBRIDGE_DATABASE_WAIT",
            "1s",
            "How long a request waits for one of those connections before the database counts as away."),
    DATABASE_START(
            "database.start",
            "DRAWBRIDGE_DATABASE_START",
            "30s",
            "How long a start waits for a PostgreSQL that is not there yet, is starting or has no connection free; 0s for not at all. What waiting does not mend, such as a wrong password, ends the start at once."),
    DATABASE_HINTS(
            "database.hints",
            "DRAWBRIDGE_DATABASE_HINTS",
            "on",
            "Whether this server listens for news of revocations on a connection of its own to a PostgreSQL; off behind a pooler that passes none on, where a revocation then waits up to half a second for each node."),
    REDIS_URL(
            Kind.SECRET,
            "redis.url",
            "REDIS_URL",
            "",
            "A Redis between memory and database, such as rediss://user:password@host:6379/0; empty for none. It holds sealed copies and decides nothing."),
    REDIS_CA(
            "redis.ca",
            "DRAWBRIDGE_REDIS_CA",
            "",
            "PEM file with the authorities that vouch for a rediss:// server; empty for those that Java knows."),
    REDIS_TIMEOUT(
            "redis.timeout",
            "DRAWBRIDGE_REDIS_TIMEOUT",
            "50ms",
            "How long Redis may take to answer; when it is slower several times in a row it is left alone and tried again every second."),
    REDIS_CONNECTIONS(
            "redis.connections",
            "DRAWBRIDGE_REDIS_CONNECTIONS",
            "16",
            "Connections to Redis at most."),
    REDIS_AGE(
            "redis.age",
            "DRAWBRIDGE_REDIS_AGE",
            "15m",
            "How long a copy in Redis is good at most; revocations are remembered at least as long, about 150 bytes each."),
    PUBLIC_URL(
            "public.url",
            "DRAWBRIDGE_PUBLIC_URL",
            "",
            "What links in mails begin with, as people reach the public listener; empty is that listener's own address. A request's Host header never decides that."),
    LINK_PATH(
            "link.path",
            "DRAWBRIDGE_LINK_PATH",
            "/auth/confirm",
            "The page one-time links lead to, behind public.url; another one must send the token on by POST."),
    LINK_ORIGINS(
            "link.origins",
            "DRAWBRIDGE_LINK_ORIGINS",
            "",
            "Origins of applications, with commas, to which a client may have its links lead (resetUrl, login_url); others are ignored."),
    EMAIL_VERIFICATION(
            "email.verification",
            "DRAWBRIDGE_EMAIL_VERIFICATION",
            "off",
            "on lets nobody log in before the address is proven, and answers a registration alike for known and unknown addresses."),
    SIGNING_KEY(
            Kind.SECRET,
            "token.signing.key",
            "DRAWBRIDGE_SIGNING_KEY",
            "",
            "Signs trust tokens, as k4.secret; without it keys are drawn and kept sealed in the database."),
    TOKEN_VERIFY_LIFETIME(
            "token.verify.lifetime",
            "DRAWBRIDGE_TOKEN_VERIFY_LIFETIME",
            "24h",
            "How long the link that proves an address works."),
    TOKEN_RESET_LIFETIME(
            "token.reset.lifetime",
            "DRAWBRIDGE_TOKEN_RESET_LIFETIME",
            "1h",
            "How long the link that sets a new password works."),
    TOKEN_LOGIN_LIFETIME(
            "token.login.lifetime",
            "DRAWBRIDGE_TOKEN_LOGIN_LIFETIME",
            "15m",
            "How long a link that logs in works."),
    TOKEN_INVITE_LIFETIME(
            "token.invite.lifetime",
            "DRAWBRIDGE_TOKEN_INVITE_LIFETIME",
            "7d",
            "How long an invitation can be accepted."),
    SMTP_URL(
            "smtp.url",
            "DRAWBRIDGE_SMTP_URL",
            "",
            "The mail server: smtps://user@host:465, or smtp://user@host:587 with STARTTLS, which only a server on this machine may lack. Empty keeps mails in the outbox."),
    SMTP_PASSWORD(
            Kind.SECRET,
            "smtp.password",
            "DRAWBRIDGE_SMTP_PASSWORD",
            "",
            "The password of the user in smtp.url."),
    SMTP_FROM(
            "smtp.from",
            "DRAWBRIDGE_SMTP_FROM",
            "drawbridge@localhost",
            "The sender's address in mails."),
    GEO_DATABASE(
            "geo.database",
            "DRAWBRIDGE_GEO_DATABASE",
            "",
            "A file in MaxMind's format that says where addresses are, such as GeoLite2-City.mmdb; read again when it changes. Empty switches the alerts of unusual places off."),
    ALERT_WEBHOOK_URL(
            Kind.SECRET,
            "alert.webhook.url",
            "DRAWBRIDGE_ALERT_WEBHOOK_URL",
            "",
            "Where alerts are posted to, signed, by https, or by http on this machine; empty for nowhere. Shown without its path, which may be a secret."),
    ALERT_WEBHOOK_SECRET(
            Kind.SECRET,
            "alert.webhook.secret",
            "DRAWBRIDGE_ALERT_WEBHOOK_SECRET",
            "",
            "Signs what is posted to alert.webhook.url: whsec_ and base64, or any text of 16 characters or more."),
    ALERT_MAIL_TO(
            "alert.mail.to",
            "DRAWBRIDGE_ALERT_MAIL_TO",
            "",
            "Who gets alerts by mail, at most ten addresses with commas; needs smtp.url."),
    LOG_SYSLOG(
            "log.syslog",
            "DRAWBRIDGE_LOG_SYSLOG",
            "",
            "Where log lines and audit rows are sent as they are written, in RFC 5424: tls://logs.example.com:6514, or tcp:// or udp:// to this machine; empty for nowhere."),
    LOG_SYSLOG_CA(
            "log.syslog.ca",
            "DRAWBRIDGE_LOG_SYSLOG_CA",
            "",
            "PEM file with the authorities that vouch for a tls:// receiver; empty for those that Java knows."),
    LOG_SYSLOG_BUFFER(
            "log.syslog.buffer",
            "DRAWBRIDGE_LOG_SYSLOG_BUFFER",
            "10000",
            "Lines that may wait for the receiver; more are lost, and the loss is counted and told."),
    LOG_LEVEL(
            "log.level",
            "DRAWBRIDGE_LOG_LEVEL",
            "INFO",
            "What is logged: ERROR, WARN, INFO or DEBUG.");

    /** Whether a setting's value may be shown. */
    enum Kind {
        PLAIN,
        SECRET
    }

    /** The other name the Flowfull starters give the bridge secret. */
    static final String BRIDGE_SECRET_ALIAS = "BRIDGE_VALIDATION_SECRET";

    private final Kind kind;
    private final String key;
    private final String variable;
    private final String defaultText;
    private final String about;

    Setting(String key, String variable, String defaultText, String about) {
        this(Kind.PLAIN, key, variable, defaultText, about);
    }

    Setting(Kind kind, String key, String variable, String defaultText, String about) {
        this.kind = kind;
        this.key = key;
        this.variable = variable;
        this.defaultText = defaultText;
        this.about = about;
    }

    /** As the settings file spells it, such as {@code session.idle}. */
    public String key() {
        return key;
    }

    /** The environment variable that sets it. */
    public String variable() {
        return variable;
    }

    /** The default as one would write it; empty when there is none. */
    public String defaultText() {
        return defaultText;
    }

    /** One line: what it does, what breaks if it is wrong. */
    public String about() {
        return about;
    }

    /** Whether its value is never shown, and may also come from a file named by it. */
    public boolean isSecret() {
        return kind == Kind.SECRET;
    }

    /** Every environment variable that sets it: the first is the one to document. */
    List<String> variables() {
        return this == BRIDGE_SECRET ? List.of(variable, BRIDGE_SECRET_ALIAS) : List.of(variable);
    }

    /** The setting of that key; empty when there is none. */
    public static Optional<Setting> ofKey(String key) {
        for (Setting setting : values()) {
            if (setting.key.equals(key)) {
                return Optional.of(setting);
            }
        }
        return Optional.empty();
    }
}
