package drawbridge.server.storage;

import drawbridge.model.IpAddress;
import drawbridge.model.Secret;

import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a PostgreSQL is and how it is reached, as {@code DATABASE_URL} says it. Several hosts are
 * one database and its stand-bys. Prints neither user nor password.
 */
public final class PostgresUrl {
    /** What became of a text. */
    public sealed interface Outcome {
        /** It is one. */
        record Good(PostgresUrl url) implements Outcome {}

        /** It is none, or one that must not be used; the sentence holds nothing secret. */
        record Bad(String why) implements Outcome {}
    }

    /** One host, and its port. */
    private record Host(String name, int port) {
        boolean isLoopback() {
            return name.equals("localhost")
                    || IpAddress.parse(name).filter(IpAddress::isLoopback).isPresent();
        }

        String text() {
            return (name.contains(":") ? "[" + name + "]" : name) + ":" + port;
        }
    }

    private static final int USUAL_PORT = 5432;
    private static final Pattern FORM =
            Pattern.compile("postgres(?:ql)?://(?:([^@/?]*)@)?([^@/?]+)/([^@/?]+)(?:\\?([^?]*))?");
    private static final Pattern HOST =
            Pattern.compile("(?:\\[([0-9a-fA-F:.]+)]|([A-Za-z0-9._-]+))(?::([0-9]{1,5}))?");
    private static final Set<String> PARAMETERS =
            new TreeSet<>(
                    List.of(
                            "channelBinding",
                            "prepareThreshold",
                            "sslcert",
                            "sslkey",
                            "sslmode",
                            "sslrootcert"));

    private final List<Host> hosts;
    private final String database;
    private final @Nullable String user;
    private final @Nullable Secret password;
    private final Map<String, String> parameters;

    private PostgresUrl(
            List<Host> hosts,
            String database,
            @Nullable String user,
            @Nullable Secret password,
            Map<String, String> parameters) {
        this.hosts = List.copyOf(hosts);
        this.database = database;
        this.user = user;
        this.password = password;
        this.parameters = Map.copyOf(parameters);
    }

    /** Reads {@code postgresql://user:password@host:port/database?sslmode=verify-full}. */
    public static Outcome parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return new Outcome.Bad(
                    "is no address of a PostgreSQL; write postgresql://user:password@host:5432/database, with %40 for an @, %2F for a / and %3F for a ? in the password");
        }
        try {
            List<Host> hosts = hosts(form.group(2));
            if (hosts.isEmpty()) {
                return new Outcome.Bad(
                        "names no host that can be read; write it like db.example.com:5432");
            }
            Map<String, String> parameters = parameters(form.group(4));
            for (String name : parameters.keySet()) {
                if (!PARAMETERS.contains(name)) {
                    return new Outcome.Bad(
                            "has the parameter %s, which is not known here; known are %s"
                                    .formatted(
                                            name.replaceAll("[^A-Za-z0-9_.-]", "?"),
                                            String.join(", ", PARAMETERS)));
                }
            }
            String userInfo = form.group(1);
            int colon = userInfo == null ? -1 : userInfo.indexOf(':');
            String user =
                    userInfo == null
                            ? null
                            : decoded(colon < 0 ? userInfo : userInfo.substring(0, colon));
            Secret password =
                    userInfo == null || colon < 0
                            ? null
                            : Secret.ofText(decoded(userInfo.substring(colon + 1)));
            PostgresUrl url =
                    new PostgresUrl(hosts, decoded(form.group(3)), user, password, parameters);
            return url.refusal()
                    .<Outcome>map(Outcome.Bad::new)
                    .orElseGet(() -> new Outcome.Good(url));
        } catch (IllegalArgumentException e) {
            return new Outcome.Bad("has a % that is not followed by two hex digits");
        }
    }

    private static List<Host> hosts(String list) {
        List<Host> hosts = new ArrayList<>();
        for (String each : list.split(",", -1)) {
            Matcher host = HOST.matcher(each);
            if (!host.matches()) {
                return List.of();
            }
            int port = host.group(3) == null ? USUAL_PORT : Integer.parseInt(host.group(3));
            if (port == 0 || port > 65_535) {
                return List.of();
            }
            hosts.add(new Host(host.group(1) == null ? host.group(2) : host.group(1), port));
        }
        return hosts;
    }

    private static Map<String, String> parameters(@Nullable String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (query != null && !query.isEmpty()) {
            for (String each : query.split("&", -1)) {
                int equals = each.indexOf('=');
                parameters.put(
                        decoded(equals < 0 ? each : each.substring(0, equals)),
                        equals < 0 ? "" : decoded(each.substring(equals + 1)));
            }
        }
        return parameters;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Passwords and sessions never cross a network that somebody else can read or answer on. */
    private Optional<String> refusal() {
        if (!isLoopback() && !"verify-full".equals(parameters.get("sslmode"))) {
            return Optional.of(
                    "names the database host %s on another machine without TLS that checks who answers; add ?sslmode=verify-full, and &sslrootcert=FILE when its certificate is not signed by a public authority"
                            .formatted(
                                    hosts.stream()
                                            .filter(host -> !host.isLoopback())
                                            .findFirst()
                                            .orElseThrow()
                                            .name()));
        }
        return Optional.empty();
    }

    private boolean isLoopback() {
        return hosts.stream().allMatch(Host::isLoopback);
    }

    /**
     * Connections, each made when it is asked for.
     *
     * @param answerSeconds how long the database may be silent while it owes an answer
     */
    PGSimpleDataSource source(int answerSeconds) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(hosts.stream().map(Host::name).toArray(String[]::new));
        source.setPortNumbers(hosts.stream().mapToInt(Host::port).toArray());
        source.setDatabaseName(database);
        source.setUser(user);
        if (password != null) {
            source.setPassword(password.use(bytes -> new String(bytes, StandardCharsets.UTF_8)));
        }
        source.setApplicationName("drawbridge");
        source.setTcpKeepAlive(true);
        source.setConnectTimeout(2);
        source.setSocketTimeout(answerSeconds);
        // A statement that the connection remembers is not there on the next one that a pooler
        // gives.
        source.setPrepareThreshold(0);
        source.setSslMode(isLoopback() ? "disable" : "verify-full");
        try {
            if (hosts.size() > 1) {
                source.setProperty("targetServerType", "primary");
            }
            if (!isLoopback() && !parameters.containsKey("sslrootcert")) {
                source.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
            }
            for (Map.Entry<String, String> parameter : parameters.entrySet()) {
                source.setProperty(parameter.getKey(), parameter.getValue());
            }
        } catch (SQLException e) {
            throw new StoreUnavailableException("database", "reading its address", e);
        }
        return source;
    }

    /** The address without user, password and parameters. */
    @Override
    public String toString() {
        return "postgresql://"
                + String.join(",", hosts.stream().map(Host::text).toList())
                + "/"
                + database;
    }
}
