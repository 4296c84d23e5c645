package drawbridge.server.config;

import drawbridge.model.CallerKit;
import drawbridge.model.CallerSignals;
import drawbridge.model.IpNetwork;
import drawbridge.model.Secret;
import drawbridge.model.ValidationMode;
import drawbridge.model.view.ConfigEntry;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.PostgresUrl;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * All the server is told, checked and typed. Built by {@link ConfigLoader} alone, seen by the
 * wiring alone. Sizes are in bytes.
 *
 * @param dataDir the data folder, as given
 * @param node this server's name among the nodes
 * @param listen the public listener
 * @param admin the admin listener
 * @param masterKey 32 bytes that seal secrets at rest; empty when the data folder's own counts
 * @param postgres where everything is stored; empty when in the data folder's SQLite file
 * @param trustedProxies networks whose forwarded addresses count; empty trusts nobody
 * @param bridge the caller {@code default}
 * @param session how long sessions live
 * @param password what a new password must be
 * @param registration who may make accounts
 * @param argon2 what a password hash costs
 * @param memory the memory tier
 * @param redis the tier behind it; empty for none
 * @param http limits of a request
 * @param edge what the public listener lets in
 * @param audit the audit log's queue
 * @param secrets when secrets are called quiet or overdue
 * @param recent what is remembered of calls
 * @param backups the backups it keeps
 * @param token how trust tokens are signed and where their links lead
 * @param mail how mails are handed over
 * @param alerting what alerts are judged with
 * @param log what is logged
 * @param entries every setting with its value and where it came from, secrets masked, in the order
 *     of {@link Setting}
 * @param warnings what is allowed but should not stay so; one sentence each, without secrets
 */
public record ServerConfig(
        Path dataDir,
        String node,
        Listener listen,
        Admin admin,
        Optional<Secret> masterKey,
        Optional<Postgres> postgres,
        List<IpNetwork> trustedProxies,
        Bridge bridge,
        Sessions session,
        Passwords password,
        RegistrationPolicy registration,
        Argon2 argon2,
        Memory memory,
        Optional<Redis> redis,
        Http http,
        Edge edge,
        Audit audit,
        Secrets secrets,
        Recent recent,
        Backups backups,
        Token token,
        Mail mail,
        Alerting alerting,
        Log log,
        List<ConfigEntry> entries,
        List<String> warnings) {
    public ServerConfig {
        trustedProxies = List.copyOf(trustedProxies);
        entries = List.copyOf(entries);
        warnings = List.copyOf(warnings);
    }

    /**
     * Where to listen.
     *
     * @param host an IP literal or {@code localhost}
     * @param port 0 for any free one
     */
    public record Listener(String host, int port) {}

    /**
     * A database that is not the data folder's own.
     *
     * @param url where it is
     * @param migrating the same with another login, that brings the schema up to date; empty when
     *     one login does both
     * @param pool how many connections read, and how long a request waits for one
     * @param start how long a start waits for it to be reachable; zero for not at all
     * @param hints whether it tells this server at once that others wrote into the revocation log
     */
    public record Postgres(
            PostgresUrl url,
            Optional<PostgresUrl> migrating,
            Database.Pool pool,
            Duration start,
            boolean hints) {}

    /**
     * The admin API.
     *
     * @param listen where to listen
     * @param names host names under which it may be called, besides its own and localhost
     * @param tls certificate and key; empty for plain HTTP
     * @param token what opens it; empty when the data folder's own counts
     */
    public record Admin(
            Listener listen, List<String> names, Optional<Tls> tls, Optional<Secret> token) {
        public Admin {
            names = List.copyOf(names);
        }
    }

    /**
     * The caller {@code default}.
     *
     * @param secret what it presents; empty when there is no such caller
     * @param signals what becomes of a call that lacks a signal
     * @param kit its client library
     * @param mode the least mode it is judged by
     * @param lease expiry told to callers of kit flowfull; zero for the real one
     */
    public record Bridge(
            Optional<Secret> secret,
            CallerSignals signals,
            CallerKit kit,
            ValidationMode mode,
            Duration lease) {}

    /**
     * How long sessions live.
     *
     * @param idle without use
     * @param absolute in all
     * @param hold between an administrator's revocation and the end of its Undo; zero for no Undo
     * @param renewal how they are remembered and renewed
     * @param cookie how browsers hold them
     */
    public record Sessions(
            Duration idle, Duration absolute, Duration hold, Renewal renewal, Cookie cookie) {}

    /**
     * How sessions are remembered and renewed.
     *
     * @param remember what a user who asks to be remembered gets; zero for nothing
     * @param profile whether ids are short-lived
     * @param shortLifetime how long an id of the short profile lasts
     * @param shortRefresh how long after the login it can be renewed
     * @param grace how long an id still counts after it was replaced
     */
    public record Renewal(
            Duration remember,
            SessionProfile profile,
            Duration shortLifetime,
            Duration shortRefresh,
            Duration grace) {}

    /** How long one id of a session lasts. */
    public enum SessionProfile {
        /** As long as the session. */
        STANDARD,
        /** Minutes; it must be refreshed. */
        SHORT
    }

    /**
     * The cookies of a browser.
     *
     * @param isOn whether there are any
     * @param secure when they are marked Secure
     * @param isPrefixed whether a Secure one is named {@code __Host-}
     * @param sameSite as browsers spell it
     */
    public record Cookie(
            boolean isOn, CookieSecurity secure, boolean isPrefixed, String sameSite) {}

    /** When a cookie is marked Secure. */
    public enum CookieSecurity {
        /** When the request arrived by TLS. */
        AUTO,
        /** Always. */
        ALWAYS,
        /** Never. */
        NEVER
    }

    /** Who may make accounts over the public listener. */
    public enum RegistrationPolicy {
        /** Anybody. */
        OPEN,
        /** Back ends, with their bridge secret. */
        BRIDGE,
        /** Users of type admin. */
        ADMIN,
        /** Nobody. */
        OFF
    }

    /**
     * What a new password must be.
     *
     * @param minLength in code points, 8 to 64
     */
    public record Passwords(int minLength) {}

    /**
     * What a password hash costs.
     *
     * @param memoryBytes for one hash, a whole number of KiB
     * @param iterations passes over the memory
     * @param parallelism lanes
     * @param threads hashes computed at once
     * @param queueEntries hashes that may wait
     * @param time what one should take; zero for whatever it takes with that memory
     * @param budgetBytes memory of all that are computed at once, at most
     */
    public record Argon2(
            long memoryBytes,
            int iterations,
            int parallelism,
            int threads,
            int queueEntries,
            Duration time,
            long budgetBytes) {
        /** The memory in KiB, as Argon2 counts it. */
        public int memoryKib() {
            return Math.toIntExact(memoryBytes / 1024);
        }
    }

    /**
     * The memory tier.
     *
     * @param sessions how many it keeps
     * @param age after which it reads one again
     * @param warming how long it may be filled at the start; zero for not at all
     */
    public record Memory(int sessions, Duration age, Duration warming) {}

    /**
     * The tier between memory and database.
     *
     * @param url where it is; may hold a password
     * @param timeout how long it is waited for
     * @param connections how many at most
     * @param age how long a copy is kept at most
     * @param authorities PEM file with those that must vouch for it; empty for those that Java
     *     knows
     */
    public record Redis(
            URI url, Duration timeout, int connections, Duration age, Optional<Path> authorities) {
        /** The password is in the URL. */
        @Override
        public String toString() {
            return "Redis[" + url.getHost() + "]";
        }
    }

    /**
     * Limits of a request.
     *
     * @param maxBodyBytes of its body
     * @param timeout to send it
     * @param connections to each listener at most
     */
    public record Http(long maxBodyBytes, Duration timeout, int connections) {}

    /**
     * What the public listener lets in.
     *
     * @param base the path under which the API is, such as {@code /auth}
     * @param corsOrigins whose pages may call for the tenant {@code default}
     * @param tls certificate and key; empty for plain HTTP
     * @param limits how many requests a minute
     * @param lockoutFailures failed logins in a row that close an account to unknown devices
     */
    public record Edge(
            String base,
            List<String> corsOrigins,
            Optional<Tls> tls,
            Limits limits,
            int lockoutFailures) {
        public Edge {
            corsOrigins = List.copyOf(corsOrigins);
        }
    }

    /** Where certificate and key of a listener are. */
    public sealed interface Tls {
        /** A certificate chain and its key, each a PEM file. */
        record Pem(Path certificate, Path key) implements Tls {}

        /** A PKCS#12 file with both. */
        record KeyStore(Path file, Optional<Secret> password) implements Tls {}
    }

    /**
     * Requests a minute; as many at once are let through after a quiet minute.
     *
     * @param requests cheap ones, from one source
     * @param authentication logins and the like, from one source and for one account
     * @param hashing those that set a password, from one source and for one account
     * @param export exports, from one source
     * @param secrets wrong bridge secrets, from one source
     */
    public record Limits(int requests, int authentication, int hashing, int export, int secrets) {}

    /**
     * The audit log.
     *
     * @param queueEntries refusals that may wait to be written
     */
    public record Audit(int queueEntries) {}

    /**
     * When secrets are called quiet or overdue.
     *
     * @param quiet how long nothing may have used an old version before it is safe to retire
     * @param age after which a bridge secret, the signing key and the admin token are overdue
     * @param masterAge after which the master key is
     */
    public record Secrets(Duration quiet, Duration age, Duration masterAge) {}

    /**
     * What is remembered of calls.
     *
     * @param validations bridge calls kept in memory
     */
    public record Recent(int validations) {}

    /**
     * The backups in the data folder.
     *
     * @param keep how many of each kind
     */
    public record Backups(int keep) {}

    /**
     * How trust tokens are signed and where their links lead.
     *
     * @param signingKey what signs them, as {@code k4.secret}; empty when keys are drawn
     * @param publicUrl what links begin with, without a slash at its end; empty for the public
     *     listener's own address
     * @param linkPath our page, behind that
     * @param origins where else links may lead
     * @param verification whether addresses must be proven
     * @param verify how long a link that proves an address works
     * @param reset how long a link that sets a password works
     * @param login how long a link that logs in works
     * @param invite how long an invitation can be accepted
     */
    public record Token(
            Optional<Secret> signingKey,
            Optional<String> publicUrl,
            String linkPath,
            List<String> origins,
            boolean verification,
            Duration verify,
            Duration reset,
            Duration login,
            Duration invite) {
        public Token {
            origins = List.copyOf(origins);
        }
    }

    /**
     * How mails are handed over.
     *
     * @param server {@code smtp} or {@code smtps}, with host, perhaps port and user; empty when
     *     mails stay in the outbox
     * @param password for that user
     * @param from the sender's address
     */
    public record Mail(Optional<URI> server, Optional<Secret> password, String from) {}

    /**
     * What alerts are judged with, and who is told of them.
     *
     * @param places a file that says where addresses are; empty for none
     * @param webhook where they are posted to; empty for nowhere
     * @param mailTo who gets them by mail
     */
    public record Alerting(Optional<Path> places, Optional<Webhook> webhook, List<String> mailTo) {
        public Alerting {
            mailTo = List.copyOf(mailTo);
        }
    }

    /**
     * Where alerts are posted to.
     *
     * @param url https, or http on this machine
     * @param secret signs them
     */
    public record Webhook(URI url, Secret secret) {
        @Override
        public String toString() {
            return "Webhook[" + url.getHost() + "]";
        }
    }

    /**
     * What is logged.
     *
     * @param level the least level
     * @param receiver where lines are sent besides; empty for nowhere
     */
    public record Log(LogLevel level, Optional<LogReceiver> receiver) {}

    /**
     * Who takes log lines.
     *
     * @param url {@code tls}, {@code tcp} or {@code udp}, host and port
     * @param authorities PEM file with those that vouch for it; empty for those that Java knows
     * @param bufferLines lines that may wait for it
     */
    public record LogReceiver(URI url, Optional<Path> authorities, int bufferLines) {}

    /** How much is logged; each level includes those before it. */
    public enum LogLevel {
        ERROR,
        WARN,
        INFO,
        DEBUG
    }
}
