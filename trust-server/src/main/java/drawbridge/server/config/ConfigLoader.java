package drawbridge.server.config;

import drawbridge.model.CallerKit;
import drawbridge.model.CallerSignals;
import drawbridge.model.IpAddress;
import drawbridge.model.IpNetwork;
import drawbridge.model.Secret;
import drawbridge.model.ValidationMode;
import drawbridge.server.Platform;
import drawbridge.server.config.ServerConfig.CookieSecurity;
import drawbridge.server.config.ServerConfig.LogLevel;
import drawbridge.server.config.ServerConfig.RegistrationPolicy;
import drawbridge.server.config.ServerConfig.SessionProfile;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.PostgresUrl;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads the settings once, at the start: command line over environment over file over defaults.
 * Tells every problem at once. Safe for many threads.
 */
public final class ConfigLoader {
    private static final TlsSettings PUBLIC_TLS =
            new TlsSettings(
                    Setting.TLS_CERT,
                    Setting.TLS_KEY,
                    Setting.TLS_KEYSTORE,
                    Setting.TLS_KEYSTORE_PASSWORD);
    private static final TlsSettings ADMIN_TLS =
            new TlsSettings(
                    Setting.ADMIN_TLS_CERT,
                    Setting.ADMIN_TLS_KEY,
                    Setting.ADMIN_TLS_KEYSTORE,
                    Setting.ADMIN_TLS_KEYSTORE_PASSWORD);
    private static final String HOST_NAME =
            "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?([.][A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*";
    private static final int LEAST_SECRET_CHARACTERS = 16;
    private static final int GOOD_SECRET_CHARACTERS = 32;
    private static final Duration LONGEST = Duration.ofDays(366);

    private final Map<String, String> environment;
    private final int processors;

    /**
     * @param environment such as {@code System.getenv()}
     * @param processors how many there are, for settings that are {@code auto}
     */
    public ConfigLoader(Map<String, String> environment, int processors) {
        this.environment = Map.copyOf(environment);
        this.processors = processors;
    }

    /**
     * Reads everything. Reads files that settings name, writes nothing.
     *
     * @param file the settings file, if there is one
     * @param commandLine what the command line says, as text
     */
    public Loaded load(Optional<Path> file, Map<Setting, String> commandLine) {
        List<String> problems = new ArrayList<>();
        SettingSources sources = new SettingSources(problems);
        file.ifPresent(sources::readFile);
        sources.readEnvironment(environment);
        sources.readCommandLine(commandLine);
        ServerConfig config = new Reading(new SettingReader(sources, problems)).config();
        return problems.isEmpty() ? new Loaded.Good(config) : new Loaded.Wrong(problems);
    }

    /** The settings that say where a listener's certificate and key are. */
    private record TlsSettings(
            Setting certificate, Setting key, Setting keyStore, Setting password) {}

    /** One pass over all settings. */
    private final class Reading {
        private final SettingReader read;
        private final List<String> warnings = new ArrayList<>();

        private Reading(SettingReader read) {
            this.read = read;
        }

        ServerConfig config() {
            List<IpNetwork> proxies = proxies();
            ServerConfig.Edge edge = edge();
            ServerConfig.Listener listen =
                    listener(
                            Setting.LISTEN_HOST,
                            Setting.LISTEN_PORT,
                            edge.tls().isPresent() || !proxies.isEmpty(),
                            "give it a certificate (tls.cert and tls.key), keep 127.0.0.1, or");
            Optional<ServerConfig.Tls> adminTls = tls(ADMIN_TLS);
            ServerConfig.Listener admin =
                    listener(
                            Setting.ADMIN_HOST,
                            Setting.ADMIN_PORT,
                            adminTls.isPresent() || !proxies.isEmpty(),
                            "give it a certificate (admin.tls.cert and admin.tls.key), keep 127.0.0.1, or");
            if (listen.port() != 0 && listen.port() == admin.port()) {
                read.problem(
                        Setting.ADMIN_PORT,
                        "%d is the public listener's port; give another".formatted(admin.port()));
            }
            Optional<ServerConfig.Postgres> postgres = postgres();
            Path dataDir = dataDir();
            String node = node();
            Optional<Secret> token =
                    warnIfShort(
                            Setting.ADMIN_TOKEN,
                            read.headerSecret(Setting.ADMIN_TOKEN, LEAST_SECRET_CHARACTERS));
            Optional<Secret> masterKey = read.key(Setting.MASTER_KEY);
            ServerConfig.Bridge bridge = bridge();
            ServerConfig.Sessions sessions = sessions();
            ServerConfig.Passwords passwords =
                    new ServerConfig.Passwords(read.number(Setting.PASSWORD_MIN_LENGTH, 8, 64));
            RegistrationPolicy registration =
                    choice(Setting.REGISTRATION, RegistrationPolicy.values());
            ServerConfig.Argon2 argon2 = argon2();
            ServerConfig.Memory memory =
                    new ServerConfig.Memory(
                            read.number(Setting.MEMORY_SESSIONS, 100, 10_000_000),
                            read.duration(
                                    Setting.MEMORY_AGE,
                                    Duration.ofSeconds(1),
                                    Duration.ofHours(24)),
                            read.duration(
                                    Setting.MEMORY_WARMING, Duration.ZERO, Duration.ofMinutes(10)));
            Optional<ServerConfig.Redis> redis = redis();
            ServerConfig.Http http =
                    new ServerConfig.Http(
                            read.bytes(Setting.HTTP_MAX_BODY, 1 << 10, 16 << 20),
                            read.duration(
                                    Setting.HTTP_TIMEOUT,
                                    Duration.ofSeconds(1),
                                    Duration.ofMinutes(5)),
                            read.number(Setting.HTTP_CONNECTIONS, 16, 100_000));
            ServerConfig.Audit audit =
                    new ServerConfig.Audit(read.number(Setting.AUDIT_QUEUE, 100, 1_000_000));
            ServerConfig.Secrets secrets =
                    new ServerConfig.Secrets(
                            read.duration(
                                    Setting.SECRET_QUIET,
                                    Duration.ofSeconds(1),
                                    Duration.ofDays(90)),
                            read.duration(
                                    Setting.SECRET_AGE, Duration.ofHours(1), Duration.ofDays(3650)),
                            read.duration(
                                    Setting.SECRET_MASTER_AGE,
                                    Duration.ofHours(1),
                                    Duration.ofDays(3650)));
            ServerConfig.Recent recent =
                    new ServerConfig.Recent(
                            read.number(Setting.RECENT_VALIDATIONS, 100, 1_000_000));
            ServerConfig.Backups backups =
                    new ServerConfig.Backups(read.number(Setting.BACKUP_KEEP, 1, 1_000));
            ServerConfig.Token trustTokens = token();
            ServerConfig.Mail mail = mail();
            ServerConfig.Log log = new ServerConfig.Log(logLevel(), logReceiver());
            return new ServerConfig(
                    dataDir,
                    node,
                    listen,
                    new ServerConfig.Admin(admin, adminNames(), adminTls, token),
                    masterKey,
                    postgres,
                    proxies,
                    bridge,
                    sessions,
                    passwords,
                    registration,
                    argon2,
                    memory,
                    redis,
                    http,
                    edge,
                    audit,
                    secrets,
                    recent,
                    backups,
                    trustTokens,
                    mail,
                    alerting(mail),
                    log,
                    read.entries(),
                    warnings);
        }

        private Path dataDir() {
            String text = read.text(Setting.DATA_DIR);
            try {
                return Path.of(text);
            } catch (InvalidPathException e) {
                read.problem(Setting.DATA_DIR, "%s is no path of this system".formatted(text));
                return Path.of(Setting.DATA_DIR.defaultText());
            }
        }

        private String node() {
            String text = read.text(Setting.NODE_NAME);
            if (!text.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")) {
                read.problem(
                        Setting.NODE_NAME,
                        "%s is no node name; give lower-case letters, digits and hyphens, at most 63"
                                .formatted(text));
            }
            return text;
        }

        private List<IpNetwork> proxies() {
            List<IpNetwork> networks = new ArrayList<>();
            for (String text : read.text(Setting.TRUSTED_PROXIES).split(",", -1)) {
                if (text.isBlank()) {
                    continue;
                }
                Optional<IpNetwork> network = IpNetwork.parse(text.strip());
                if (network.isEmpty()) {
                    read.problem(
                            Setting.TRUSTED_PROXIES,
                            "%s is no network; write it like 10.0.0.0/8 or 127.0.0.2/32"
                                    .formatted(text.strip()));
                } else if (network.get().bits() == 0) {
                    read.problem(
                            Setting.TRUSTED_PROXIES,
                            "%s trusts everybody, so any client could choose its address; name your proxies"
                                    .formatted(text.strip()));
                } else {
                    networks.add(network.get());
                }
            }
            return networks;
        }

        private ServerConfig.Listener listener(
                Setting hostSetting, Setting portSetting, boolean guarded, String instead) {
            String host = read.text(hostSetting);
            int port = read.number(portSetting, 0, 65_535);
            Optional<IpAddress> address = IpAddress.parse(host);
            boolean loopback =
                    host.equals("localhost") || address.filter(IpAddress::isLoopback).isPresent();
            if (address.isEmpty() && !loopback) {
                read.problem(
                        hostSetting,
                        "%s is no address; give one such as 127.0.0.1 or ::1".formatted(host));
            } else if (!loopback && !guarded) {
                read.problem(
                        hostSetting,
                        "%s is reachable from other machines, and nothing encrypts what they send; %s put a TLS proxy in front and name its address in proxies.trusted"
                                .formatted(host, instead));
            }
            return new ServerConfig.Listener(host, port);
        }

        private ServerConfig.Edge edge() {
            return new ServerConfig.Edge(
                    base(),
                    origins(),
                    tls(PUBLIC_TLS),
                    new ServerConfig.Limits(
                            perMinute(Setting.LIMIT_REQUESTS),
                            perMinute(Setting.LIMIT_AUTHENTICATION),
                            perMinute(Setting.LIMIT_HASHING),
                            perMinute(Setting.LIMIT_EXPORT),
                            perMinute(Setting.LIMIT_SECRETS)),
                    read.number(Setting.LOCKOUT_FAILURES, 5, 50));
        }

        private int perMinute(Setting setting) {
            return read.number(setting, 1, 10_000_000);
        }

        private String base() {
            String text = read.text(Setting.HTTP_BASE);
            if (!text.matches("(/[A-Za-z0-9_-]{1,64}){1,4}") || text.equals("/t")) {
                read.problem(
                        Setting.HTTP_BASE,
                        "%s is no base path; give one to four parts of letters, digits, - and _, such as /auth"
                                .formatted(text));
                return Setting.HTTP_BASE.defaultText();
            }
            return text;
        }

        private List<String> origins() {
            List<String> origins = new ArrayList<>();
            for (String text : read.text(Setting.CORS_ORIGINS).split(",", -1)) {
                if (text.isBlank()) {
                    continue;
                }
                Optional<WebOrigin> origin = WebOrigin.parse(text.strip());
                if (origin.isEmpty()) {
                    read.problem(
                            Setting.CORS_ORIGINS,
                            "%s is no origin; write it like https://app.example.com, without a path"
                                    .formatted(text.strip()));
                }
                origin.ifPresent(good -> origins.add(good.value()));
            }
            return origins;
        }

        private List<String> adminNames() {
            List<String> names = new ArrayList<>();
            for (String text : read.text(Setting.ADMIN_NAMES).split(",", -1)) {
                String name = text.strip();
                if (name.isEmpty()) {
                    continue;
                }
                if (name.length() > 253 || !name.matches(HOST_NAME)) {
                    read.problem(
                            Setting.ADMIN_NAMES,
                            "%s is no host name; write it like trust.example.com, without a port"
                                    .formatted(name));
                }
                names.add(name);
            }
            return names;
        }

        private Optional<ServerConfig.Tls> tls(TlsSettings of) {
            Optional<Path> certificate = path(of.certificate());
            Optional<Path> key = path(of.key());
            Optional<Path> keyStore = path(of.keyStore());
            Optional<Secret> password = read.textSecret(of.password());
            if (certificate.isPresent() != key.isPresent()) {
                read.problem(
                        key.isPresent() ? of.key() : of.certificate(),
                        "a certificate needs its key and a key its certificate; give %s and %s"
                                .formatted(of.certificate().key(), of.key().key()));
            }
            if (keyStore.isPresent() && (certificate.isPresent() || key.isPresent())) {
                read.problem(
                        of.keyStore(),
                        "give either %s or %s with %s"
                                .formatted(
                                        of.keyStore().key(),
                                        of.certificate().key(),
                                        of.key().key()));
            }
            if (password.isPresent() && keyStore.isEmpty()) {
                warnings.add(
                        "%s has no effect without %s"
                                .formatted(of.password().key(), of.keyStore().key()));
            }
            if (keyStore.isPresent()) {
                return Optional.of(new ServerConfig.Tls.KeyStore(keyStore.get(), password));
            }
            return certificate.isPresent() && key.isPresent()
                    ? Optional.of(new ServerConfig.Tls.Pem(certificate.get(), key.get()))
                    : Optional.empty();
        }

        private Optional<Path> path(Setting setting) {
            String text = read.text(setting);
            try {
                return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
            } catch (InvalidPathException e) {
                read.problem(setting, "%s is no path of this system".formatted(text));
                return Optional.empty();
            }
        }

        private Optional<ServerConfig.Postgres> postgres() {
            int size = read.number(Setting.DATABASE_POOL, 2, 100);
            Duration wait =
                    read.duration(
                            Setting.DATABASE_WAIT, Duration.ofMillis(250), Duration.ofSeconds(4));
            Duration start =
                    read.duration(Setting.DATABASE_START, Duration.ZERO, Duration.ofMinutes(10));
            boolean hints = onOff(Setting.DATABASE_HINTS);
            // Never printed as it is: it holds a password.
            String text =
                    read.partlyShown(Setting.DATABASE_URL, Reading::withoutPassword).orElse("");
            Optional<PostgresUrl> migrating = migrating();
            if (text.isEmpty() || text.equals("sqlite:")) {
                if (migrating.isPresent()) {
                    read.problem(
                            Setting.DATABASE_MIGRATE_URL,
                            "has no effect on SQLite; give database.url too, or leave it empty");
                }
                return Optional.empty();
            }
            if (text.startsWith("sqlite:")) {
                read.problem(
                        Setting.DATABASE_URL,
                        "names an SQLite file; that is always drawbridge.db of the data folder: leave it empty");
                return Optional.empty();
            }
            if (!text.startsWith("postgresql:") && !text.startsWith("postgres:")) {
                read.problem(
                        Setting.DATABASE_URL,
                        scheme(text)
                                + "; leave it empty for SQLite, or give postgresql://user:password@host:5432/database");
                return Optional.empty();
            }
            return switch (PostgresUrl.parse(text)) {
                case PostgresUrl.Outcome.Good(PostgresUrl url) ->
                        Optional.of(
                                new ServerConfig.Postgres(
                                        url,
                                        migrating,
                                        new Database.Pool(size, wait),
                                        start,
                                        hints));
                case PostgresUrl.Outcome.Bad(String why) -> {
                    read.problem(Setting.DATABASE_URL, why);
                    yield Optional.empty();
                }
            };
        }

        private Optional<PostgresUrl> migrating() {
            String text =
                    read.partlyShown(Setting.DATABASE_MIGRATE_URL, Reading::withoutPassword)
                            .orElse("");
            if (text.isEmpty() || text.equals("sqlite:")) {
                return Optional.empty();
            }
            return switch (PostgresUrl.parse(text)) {
                case PostgresUrl.Outcome.Good(PostgresUrl url) -> Optional.of(url);
                case PostgresUrl.Outcome.Bad(String why) -> {
                    read.problem(Setting.DATABASE_MIGRATE_URL, why);
                    yield Optional.empty();
                }
            };
        }

        private static String withoutPassword(String text) {
            if (text.equals("sqlite:")) {
                return text;
            }
            return PostgresUrl.parse(text) instanceof PostgresUrl.Outcome.Good(PostgresUrl url)
                    ? url.toString()
                    : SettingReader.MASK;
        }

        private Optional<ServerConfig.Redis> redis() {
            Duration timeout =
                    read.duration(
                            Setting.REDIS_TIMEOUT, Duration.ofMillis(5), Duration.ofSeconds(1));
            int connections = read.number(Setting.REDIS_CONNECTIONS, 1, 1_000);
            Duration age =
                    read.duration(Setting.REDIS_AGE, Duration.ofSeconds(1), Duration.ofHours(24));
            Optional<Path> authorities = path(Setting.REDIS_CA);
            Optional<Secret> given = read.secret(Setting.REDIS_URL);
            Optional<URI> url =
                    given.flatMap(secret ->
                            secret.use(bytes -> redis(new String(bytes, StandardCharsets.UTF_8))));
            if (given.isPresent() && url.isEmpty()) {
                // Never printed: it may hold the password.
                read.problem(
                        Setting.REDIS_URL,
                        "is no Redis; write it like redis://127.0.0.1:6379 or, with TLS, rediss://user:password@redis.example.com:6379/0");
            }
            if (url.isPresent() && !isEncryptedOrHere(url.get())) {
                warnings.add(
                        "redis.url is not encrypted: whoever can listen reads its password, though not the sealed copies; use rediss://");
            }
            if (authorities.isPresent()
                    && url.filter(at -> at.getScheme().equals("rediss")).isEmpty()) {
                warnings.add("redis.ca has no effect without a rediss:// address in redis.url");
            }
            return url.map(
                    at -> new ServerConfig.Redis(at, timeout, connections, age, authorities));
        }

        private static Optional<URI> redis(String text) {
            try {
                URI url = new URI(text.strip());
                boolean isRedis =
                        "redis".equals(url.getScheme()) || "rediss".equals(url.getScheme());
                String path = url.getPath() == null ? "" : url.getPath();
                return isRedis
                                && url.getHost() != null
                                && url.getPort() > 0
                                && path.matches("(/[0-9]{0,4})?")
                                && url.getQuery() == null
                                && url.getFragment() == null
                        ? Optional.of(url)
                        : Optional.empty();
            } catch (URISyntaxException e) {
                return Optional.empty();
            }
        }

        private static boolean isEncryptedOrHere(URI url) {
            return url.getScheme().equals("rediss")
                    || url.getHost().equals("localhost")
                    || IpAddress.parse(url.getHost()).filter(IpAddress::isLoopback).isPresent();
        }

        private static String scheme(String url) {
            int colon = url.indexOf(':');
            String scheme = colon > 0 ? url.substring(0, colon) : "";
            return scheme.matches("[A-Za-z][A-Za-z0-9+.-]{0,19}")
                    ? "is a " + scheme + " address"
                    : "is no address this version knows";
        }

        private ServerConfig.Bridge bridge() {
            Optional<Secret> secret =
                    warnIfShort(
                            Setting.BRIDGE_SECRET,
                            read.headerSecret(Setting.BRIDGE_SECRET, LEAST_SECRET_CHARACTERS));
            if (!read.isGiven(Setting.BRIDGE_SECRET)) {
                for (Setting idle :
                        List.of(Setting.CALLER_SIGNALS, Setting.CALLER_KIT, Setting.CALLER_MODE)) {
                    if (read.isGiven(idle)) {
                        warnings.add(
                                "%s has no effect: there is no caller default without bridge.secret"
                                        .formatted(idle.key()));
                    }
                }
            }
            return new ServerConfig.Bridge(
                    secret,
                    read.oneOf(
                            Setting.CALLER_SIGNALS, "required or when-sent", CallerSignals::parse),
                    read.oneOf(Setting.CALLER_KIT, "drawbridge or flowfull", CallerKit::parse),
                    read.oneOf(
                            Setting.CALLER_MODE,
                            "STANDARD, ADVANCED or STRICT",
                            ValidationMode::parse),
                    read.duration(Setting.BRIDGE_LEASE, Duration.ZERO, Duration.ofMinutes(10)));
        }

        private Optional<Secret> warnIfShort(Setting setting, Optional<Secret> secret) {
            if (secret.filter(given -> given.length() < GOOD_SECRET_CHARACTERS).isPresent()) {
                warnings.add(
                        "%s has %d characters; 32 random ones are out of reach of guessing"
                                .formatted(setting.key(), secret.get().length()));
            }
            return secret;
        }

        private ServerConfig.Sessions sessions() {
            ServerConfig.Sessions sessions =
                    new ServerConfig.Sessions(
                            read.duration(Setting.SESSION_IDLE, Duration.ofMinutes(1), LONGEST),
                            read.duration(Setting.SESSION_ABSOLUTE, Duration.ofMinutes(1), LONGEST),
                            read.duration(
                                    Setting.SESSION_HOLD, Duration.ZERO, Duration.ofMinutes(10)),
                            renewal(),
                            cookie());
            if (sessions.idle().compareTo(sessions.absolute()) > 0) {
                read.problem(
                        Setting.SESSION_IDLE,
                        "%s is longer than session.absolute, %s; a session never gets that old"
                                .formatted(
                                        Units.text(sessions.idle()),
                                        Units.text(sessions.absolute())));
            }
            return sessions;
        }

        private ServerConfig.Renewal renewal() {
            ServerConfig.Renewal renewal =
                    new ServerConfig.Renewal(
                            read.duration(Setting.SESSION_REMEMBER, Duration.ZERO, LONGEST),
                            choice(Setting.SESSION_PROFILE, SessionProfile.values()),
                            read.duration(
                                    Setting.SESSION_SHORT_LIFETIME,
                                    Duration.ofMinutes(1),
                                    Duration.ofHours(24)),
                            read.duration(
                                    Setting.SESSION_SHORT_REFRESH, Duration.ofMinutes(1), LONGEST),
                            read.duration(
                                    Setting.SESSION_GRACE, Duration.ZERO, Duration.ofMinutes(1)));
            if (renewal.shortLifetime().compareTo(renewal.shortRefresh()) > 0) {
                read.problem(
                        Setting.SESSION_SHORT_LIFETIME,
                        "%s is longer than session.short.refresh, %s; an id never gets that old"
                                .formatted(
                                        Units.text(renewal.shortLifetime()),
                                        Units.text(renewal.shortRefresh())));
            }
            return renewal;
        }

        private ServerConfig.Cookie cookie() {
            boolean isOn = onOff(Setting.SESSION_COOKIE);
            CookieSecurity secure = choice(Setting.SESSION_COOKIE_SECURE, CookieSecurity.values());
            boolean isPrefixed = onOff(Setting.SESSION_COOKIE_PREFIX);
            String sameSite =
                    read.oneOf(
                            Setting.SESSION_COOKIE_SAME_SITE,
                            "Strict, Lax or None",
                            text ->
                                    Stream.of("Strict", "Lax", "None")
                                            .filter(text::equalsIgnoreCase)
                                            .findFirst());
            if (sameSite.equals("None") && secure != CookieSecurity.ALWAYS) {
                read.problem(
                        Setting.SESSION_COOKIE_SAME_SITE,
                        "None is taken by browsers from Secure cookies only; set session.cookie.secure to always");
            }
            return new ServerConfig.Cookie(isOn, secure, isPrefixed, sameSite);
        }

        private boolean onOff(Setting setting) {
            return read.oneOf(
                    setting,
                    "on or off",
                    text ->
                            switch (text.toLowerCase(Locale.ROOT)) {
                                case "on" -> Optional.of(true);
                                case "off" -> Optional.of(false);
                                default -> Optional.empty();
                            });
        }

        /** One of the constants, written in lower case. */
        private <T extends Enum<T>> T choice(Setting setting, T[] values) {
            String names =
                    Stream.of(values)
                            .map(value -> value.name().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(", "));
            return read.oneOf(
                    setting,
                    "one of " + names,
                    text ->
                            Stream.of(values)
                                    .filter(value -> value.name().equalsIgnoreCase(text))
                                    .findFirst());
        }

        /** All processors where validations go before hashes on each, else all but one. */
        private int hashThreads() {
            return Platform.current().defersThreads() ? processors : Math.max(1, processors - 1);
        }

        private ServerConfig.Argon2 argon2() {
            long memory = read.bytes(Setting.ARGON2_MEMORY, 19_456L << 10, 1 << 30);
            if (memory % 1024 != 0) {
                read.problem(
                        Setting.ARGON2_MEMORY,
                        "%s is no whole number of KiB".formatted(Units.text(memory)));
            }
            return new ServerConfig.Argon2(
                    memory,
                    read.number(Setting.ARGON2_ITERATIONS, 2, 64),
                    read.number(Setting.ARGON2_PARALLELISM, 1, 16),
                    read.numberOrAuto(Setting.ARGON2_THREADS, 1, 64, hashThreads()),
                    read.number(Setting.ARGON2_QUEUE, 1, 10_000),
                    read.duration(Setting.ARGON2_TIME, Duration.ZERO, Duration.ofSeconds(2)),
                    read.bytes(Setting.ARGON2_BUDGET, 19_456L << 10, 64L << 30));
        }

        private ServerConfig.Token token() {
            Duration least = Duration.ofMinutes(1);
            Duration most = Duration.ofDays(31);
            return new ServerConfig.Token(
                    read.signingKey(Setting.SIGNING_KEY),
                    publicUrl(),
                    linkPath(),
                    linkOrigins(),
                    read.oneOf(
                            Setting.EMAIL_VERIFICATION,
                            "on or off",
                            text ->
                                    text.equals("on") || text.equals("off")
                                            ? Optional.of(text.equals("on"))
                                            : Optional.empty()),
                    read.duration(Setting.TOKEN_VERIFY_LIFETIME, least, most),
                    read.duration(Setting.TOKEN_RESET_LIFETIME, least, Duration.ofDays(1)),
                    read.duration(Setting.TOKEN_LOGIN_LIFETIME, least, Duration.ofDays(1)),
                    read.duration(Setting.TOKEN_INVITE_LIFETIME, least, most));
        }

        /** Scheme, host and port, as browsers write an origin. */
        private Optional<String> publicUrl() {
            String text = read.text(Setting.PUBLIC_URL);
            return text.isEmpty()
                    ? Optional.empty()
                    : Optional.of(origin(Setting.PUBLIC_URL, text));
        }

        private String origin(Setting setting, String text) {
            URI uri = Urls.parse(text).orElse(URI.create(""));
            boolean good =
                    ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
                            && uri.getHost() != null
                            && text.equals(uri.getScheme() + "://" + uri.getRawAuthority())
                            && uri.getRawUserInfo() == null;
            if (!good) {
                read.problem(
                        setting,
                        "%s is no origin; write it like https://login.example.com, without a slash at its end"
                                .formatted(text));
            } else if (uri.getScheme().equals("http") && !isHere(uri.getHost())) {
                warnings.add(
                        "%s names %s without TLS: whoever is on the way reads one-time links"
                                .formatted(setting.key(), text));
            }
            return text;
        }

        private static boolean isHere(String host) {
            return host.equals("localhost")
                    || IpAddress.parse(host.replaceAll("[\\[\\]]", ""))
                            .filter(IpAddress::isLoopback)
                            .isPresent();
        }

        private String linkPath() {
            String text = read.text(Setting.LINK_PATH);
            if (!text.matches("/[A-Za-z0-9._~/-]{0,200}")) {
                read.problem(
                        Setting.LINK_PATH,
                        "%s is no path; write it like /auth/confirm".formatted(text));
            }
            return text;
        }

        private List<String> linkOrigins() {
            List<String> origins = new ArrayList<>();
            for (String text : read.text(Setting.LINK_ORIGINS).split(",", -1)) {
                if (!text.isBlank()) {
                    origins.add(origin(Setting.LINK_ORIGINS, text.strip()));
                }
            }
            return origins;
        }

        private ServerConfig.Mail mail() {
            String text = read.text(Setting.SMTP_URL);
            Optional<Secret> password = read.secret(Setting.SMTP_PASSWORD);
            String from = read.text(Setting.SMTP_FROM);
            if (!from.matches("[^\\s@<>,;:\"]{1,64}@[^\\s@<>,;:\"]{1,189}")) {
                read.problem(Setting.SMTP_FROM, "%s is no e-mail address".formatted(from));
            }
            if (text.isEmpty()) {
                if (read.isGiven(Setting.SMTP_PASSWORD)) {
                    warnings.add("smtp.password has no effect without smtp.url");
                }
                return new ServerConfig.Mail(Optional.empty(), password, from);
            }
            Optional<URI> server =
                    Urls.parse(text)
                            .filter(uri -> uri.getHost() != null && uri.getRawPath().isEmpty())
                            .filter(uri ->
                                    "smtp".equals(uri.getScheme())
                                            || "smtps".equals(uri.getScheme()))
                            .filter(uri ->
                                    uri.getRawUserInfo() == null
                                            || uri.getRawUserInfo().indexOf(':') < 0);
            if (server.isEmpty()) {
                // Not printed: it may hold a password.
                read.problem(
                        Setting.SMTP_URL,
                        "is no mail server; write it like smtps://user@mail.example.com:465, and the password into smtp.password");
            }
            return new ServerConfig.Mail(server, password, from);
        }

        private ServerConfig.Alerting alerting(ServerConfig.Mail mail) {
            List<String> recipients = new ArrayList<>();
            for (String text : read.text(Setting.ALERT_MAIL_TO).split(",", -1)) {
                if (text.isBlank()) {
                    continue;
                }
                if (!text.strip().matches("[^\\s@<>,;:\"]{1,64}@[^\\s@<>,;:\"]{1,189}")) {
                    read.problem(
                            Setting.ALERT_MAIL_TO,
                            "%s is no e-mail address".formatted(text.strip()));
                }
                recipients.add(text.strip());
            }
            if (recipients.size() > 10) {
                read.problem(
                        Setting.ALERT_MAIL_TO,
                        "has %d addresses; give a list's address instead of more than ten"
                                .formatted(recipients.size()));
            }
            if (!recipients.isEmpty() && mail.server().isEmpty()) {
                warnings.add("alert.mail.to has no effect without smtp.url");
            }
            return new ServerConfig.Alerting(path(Setting.GEO_DATABASE), webhook(), recipients);
        }

        private Optional<ServerConfig.Webhook> webhook() {
            Optional<Secret> secret =
                    read.headerSecret(Setting.ALERT_WEBHOOK_SECRET, LEAST_SECRET_CHARACTERS);
            // Never printed as it is: the path of such an address is often a secret.
            Optional<String> text =
                    read.partlyShown(Setting.ALERT_WEBHOOK_URL, Reading::withoutPath);
            if (text.isEmpty()) {
                if (read.isGiven(Setting.ALERT_WEBHOOK_SECRET)) {
                    warnings.add("alert.webhook.secret has no effect without alert.webhook.url");
                }
                return Optional.empty();
            }
            Optional<URI> url =
                    Urls.parse(text.get().strip())
                            .filter(uri -> uri.getHost() != null && uri.getRawUserInfo() == null)
                            .filter(uri ->
                                    "https".equals(uri.getScheme())
                                            || ("http".equals(uri.getScheme())
                                                    && isHere(uri.getHost())));
            if (url.isEmpty()) {
                read.problem(
                        Setting.ALERT_WEBHOOK_URL,
                        "is no address alerts can be posted to; write it like https://hooks.example.com/alerts, http only for this machine");
            } else if (secret.isEmpty()) {
                read.problem(
                        Setting.ALERT_WEBHOOK_SECRET,
                        "is missing; whoever takes alerts must be able to tell ours from others");
            }
            return url.flatMap(at -> secret.map(key -> new ServerConfig.Webhook(at, key)));
        }

        private static String withoutPath(String text) {
            return Urls.parse(text.strip())
                    .filter(uri -> uri.getHost() != null)
                    .map(uri -> uri.getScheme() + "://" + uri.getHost() + "/" + SettingReader.MASK)
                    .orElse(SettingReader.MASK);
        }

        private Optional<ServerConfig.LogReceiver> logReceiver() {
            int lines = read.number(Setting.LOG_SYSLOG_BUFFER, 100, 1_000_000);
            Optional<Path> authorities = path(Setting.LOG_SYSLOG_CA);
            String text = read.text(Setting.LOG_SYSLOG).strip();
            if (text.isEmpty()) {
                if (authorities.isPresent()) {
                    warnings.add("log.syslog.ca has no effect without log.syslog");
                }
                return Optional.empty();
            }
            Optional<URI> url =
                    Urls.parse(text)
                            .filter(uri -> List.of("tls", "tcp", "udp").contains(uri.getScheme()))
                            .filter(uri -> uri.getHost() != null && uri.getPort() > 0)
                            .filter(uri ->
                                    uri.getRawUserInfo() == null
                                            && uri.getRawPath().isEmpty()
                                            && uri.getRawQuery() == null
                                            && uri.getRawFragment() == null);
            if (url.isEmpty()) {
                read.problem(
                        Setting.LOG_SYSLOG,
                        "is no receiver of logs; write it like tls://logs.example.com:6514, with the port");
                return Optional.empty();
            }
            boolean isTls = url.get().getScheme().equals("tls");
            if (!isTls && !isHere(url.get().getHost())) {
                warnings.add(
                        "log.syslog is not encrypted: whoever can listen reads the logs, and whoever can send may forge them; use tls://");
            }
            if (!isTls && authorities.isPresent()) {
                warnings.add("log.syslog.ca has no effect without a tls:// receiver");
            }
            return Optional.of(new ServerConfig.LogReceiver(url.get(), authorities, lines));
        }

        private LogLevel logLevel() {
            return read.oneOf(
                    Setting.LOG_LEVEL,
                    "ERROR, WARN, INFO or DEBUG",
                    text -> {
                        for (LogLevel level : LogLevel.values()) {
                            if (level.name().equals(text.toUpperCase(Locale.ROOT))) {
                                return Optional.of(level);
                            }
                        }
                        return Optional.empty();
                    });
        }
    }
}
