package drawbridge.console.supervise;

import java.nio.file.Files;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The environment a server is started with: what the system needs, and the settings the server
 * documents. Whatever else stands in the console's environment stays there. Pure.
 */
public final class ServerEnvironment {
    /** What programs of the system need; a name of Windows counts in any letter case. */
    private static final Set<String> SYSTEM =
            Set.of(
                    "PATH",
                    "HOME",
                    "LANG",
                    "TZ",
                    "TMPDIR",
                    "TEMP",
                    "TMP",
                    "SYSTEMROOT",
                    "JAVA_HOME");

    /** The server's settings. The ones the console gives as options are not among them. */
    private static final Set<String> SETTINGS =
            Set.of(
                    "DRAWBRIDGE_ADMIN_LISTEN",
                    "DRAWBRIDGE_ARGON2_BUDGET",
                    "DRAWBRIDGE_ARGON2_ITERATIONS",
                    "DRAWBRIDGE_ARGON2_MEMORY",
                    "DRAWBRIDGE_ARGON2_PARALLELISM",
                    "DRAWBRIDGE_ARGON2_QUEUE",
                    "DRAWBRIDGE_ARGON2_THREADS",
                    "DRAWBRIDGE_ARGON2_TIME",
                    "DRAWBRIDGE_AUDIT_QUEUE",
                    "DRAWBRIDGE_BACKUP_KEEP",
                    "DRAWBRIDGE_BRIDGE_LEASE",
                    "DRAWBRIDGE_CORS_ORIGINS",
                    "DRAWBRIDGE_DATABASE_HINTS",
                    "DRAWBRIDGE_DATABASE_POOL",
                    "DRAWBRIDGE_DATABASE_START",
                    "DRAWBRIDGE_DATABASE_WAIT",
                    "DRAWBRIDGE_DEFAULT_CALLER_KIT",
                    "DRAWBRIDGE_DEFAULT_CALLER_MODE",
                    "DRAWBRIDGE_DEFAULT_CALLER_SIGNALS",
                    "DRAWBRIDGE_EMAIL_VERIFICATION",
                    "DRAWBRIDGE_HTTP_BASE",
                    "DRAWBRIDGE_HTTP_CONNECTIONS",
                    "DRAWBRIDGE_HTTP_MAX_BODY",
                    "DRAWBRIDGE_HTTP_TIMEOUT",
                    "DRAWBRIDGE_JAVA_OPTS",
                    "DRAWBRIDGE_LIMIT_AUTHENTICATION",
                    "DRAWBRIDGE_LIMIT_EXPORT",
                    "DRAWBRIDGE_LIMIT_HASHING",
                    "DRAWBRIDGE_LIMIT_REQUESTS",
                    "DRAWBRIDGE_LIMIT_SECRETS",
                    "DRAWBRIDGE_LINK_ORIGINS",
                    "DRAWBRIDGE_LINK_PATH",
                    "DRAWBRIDGE_LISTEN",
                    "DRAWBRIDGE_LOCKOUT_FAILURES",
                    "DRAWBRIDGE_ADMIN_NAMES",
                    "DRAWBRIDGE_ADMIN_TLS_CERT",
                    "DRAWBRIDGE_ADMIN_TLS_KEY",
                    "DRAWBRIDGE_ADMIN_TLS_KEYSTORE",
                    "DRAWBRIDGE_ALERT_MAIL_TO",
                    "DRAWBRIDGE_GEO_DATABASE",
                    "DRAWBRIDGE_LOG_LEVEL",
                    "DRAWBRIDGE_LOG_SYSLOG",
                    "DRAWBRIDGE_LOG_SYSLOG_BUFFER",
                    "DRAWBRIDGE_LOG_SYSLOG_CA",
                    "DRAWBRIDGE_MEMORY_AGE",
                    "DRAWBRIDGE_MEMORY_SESSIONS",
                    "DRAWBRIDGE_MEMORY_WARMING",
                    "DRAWBRIDGE_NODE",
                    "DRAWBRIDGE_PASSWORD_MIN_LENGTH",
                    "DRAWBRIDGE_PUBLIC_URL",
                    "DRAWBRIDGE_RECENT_VALIDATIONS",
                    "DRAWBRIDGE_REDIS_AGE",
                    "DRAWBRIDGE_REDIS_CA",
                    "DRAWBRIDGE_REDIS_CONNECTIONS",
                    "DRAWBRIDGE_REDIS_TIMEOUT",
                    "DRAWBRIDGE_REGISTRATION",
                    "DRAWBRIDGE_SECRET_AGE",
                    "DRAWBRIDGE_SECRET_MASTER_AGE",
                    "DRAWBRIDGE_SECRET_QUIET",
                    "DRAWBRIDGE_SESSION_ABSOLUTE",
                    "DRAWBRIDGE_SESSION_COOKIE",
                    "DRAWBRIDGE_SESSION_COOKIE_PREFIX",
                    "DRAWBRIDGE_SESSION_COOKIE_SAMESITE",
                    "DRAWBRIDGE_SESSION_COOKIE_SECURE",
                    "DRAWBRIDGE_SESSION_HOLD",
                    "DRAWBRIDGE_SESSION_IDLE",
                    "DRAWBRIDGE_SESSION_PROFILE",
                    "DRAWBRIDGE_SESSION_REFRESH_GRACE",
                    "DRAWBRIDGE_SESSION_REMEMBER",
                    "DRAWBRIDGE_SESSION_SHORT_LIFETIME",
                    "DRAWBRIDGE_SESSION_SHORT_REFRESH",
                    "DRAWBRIDGE_SMTP_FROM",
                    "DRAWBRIDGE_SMTP_URL",
                    "DRAWBRIDGE_TLS_CERT",
                    "DRAWBRIDGE_TLS_KEY",
                    "DRAWBRIDGE_TLS_KEYSTORE",
                    "DRAWBRIDGE_TOKEN_INVITE_LIFETIME",
                    "DRAWBRIDGE_TOKEN_LOGIN_LIFETIME",
                    "DRAWBRIDGE_TOKEN_RESET_LIFETIME",
                    "DRAWBRIDGE_TOKEN_VERIFY_LIFETIME",
                    "DRAWBRIDGE_TRUSTED_PROXIES");

    /** The server's secrets, each of which may also come from a file named by {@code …_FILE}. */
    private static final Set<String> SECRETS =
            Set.of(
                    "BRIDGE_SECRET",
                    "BRIDGE_VALIDATION_SECRET",
                    "DRAWBRIDGE_ADMIN_TLS_KEYSTORE_PASSWORD",
                    "DRAWBRIDGE_ADMIN_TOKEN",
                    "DRAWBRIDGE_ALERT_WEBHOOK_SECRET",
                    "DRAWBRIDGE_ALERT_WEBHOOK_URL",
                    "DATABASE_URL",
                    "DATABASE_MIGRATE_URL",
                    "DRAWBRIDGE_MASTER_KEY",
                    "DRAWBRIDGE_SIGNING_KEY",
                    "DRAWBRIDGE_SMTP_PASSWORD",
                    "DRAWBRIDGE_TLS_KEYSTORE_PASSWORD",
                    "REDIS_URL");

    private static final Set<String> ALLOWED =
            Stream.of(
                            SETTINGS.stream(),
                            SECRETS.stream(),
                            SECRETS.stream().map(name -> name + "_FILE"))
                    .flatMap(names -> names)
                    .collect(Collectors.toUnmodifiableSet());

    /** Where simulated traffic comes from; every machine has this address. */
    static final String SIMULATED_FROM = "127.0.0.1";

    private ServerEnvironment() {}

    /**
     * The environment of a throw-away server: what the system needs, and nothing of what the
     * console was told about the person's own server and its databases. It believes the addresses
     * that the simulated traffic brings along.
     *
     * @param environment the console's environment
     */
    public static Map<String, String> ofThrowAway(Map<String, String> environment) {
        Map<String, String> allowed = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (isOfTheSystem(name)) {
                allowed.put(name, value);
            }
        });
        allowed.put("DRAWBRIDGE_TRUSTED_PROXIES", SIMULATED_FROM + "/32");
        return allowed;
    }

    /**
     * What the server gets. On a folder with a bridge secret of the console's making it is named,
     * unless the environment says which secret is used.
     *
     * @param environment the console's environment
     */
    public static Map<String, String> of(Map<String, String> environment, DataFolder folder) {
        Map<String, String> allowed = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (isAllowed(name)) {
                allowed.put(name, value);
            }
        });
        boolean hasSecret = Files.exists(folder.bridgeSecret());
        if (hasSecret && !DataFolder.isSecretGiven(environment)) {
            allowed.put("BRIDGE_SECRET_FILE", folder.bridgeSecret().toString());
        }
        return allowed;
    }

    /** Whether the server may see that variable. */
    public static boolean isAllowed(String name) {
        return ALLOWED.contains(name) || isOfTheSystem(name);
    }

    private static boolean isOfTheSystem(String name) {
        return SYSTEM.contains(name.toUpperCase(Locale.ROOT)) || name.startsWith("LC_");
    }
}
