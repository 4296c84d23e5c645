package drawbridge.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.model.CallerKit;
import drawbridge.model.CallerSignals;
import drawbridge.model.IpNetwork;
import drawbridge.model.Secret;
import drawbridge.model.ValidationMode;
import drawbridge.model.view.ConfigEntry;
import drawbridge.server.Platform;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

final class ConfigLoaderTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    @TempDir Path temp;

    @Test
    void theDefaultsAreThese() {
        ServerConfig config = good(Map.of());

        assertThat(config.dataDir()).isEqualTo(Path.of("./drawbridge-data"));
        assertThat(config.node()).isEqualTo("node-1");
        assertThat(config.listen()).isEqualTo(new ServerConfig.Listener("127.0.0.1", 7070));
        assertThat(config.admin().listen()).isEqualTo(new ServerConfig.Listener("127.0.0.1", 7071));
        assertThat(config.admin().token()).isEmpty();
        assertThat(config.masterKey()).isEmpty();
        assertThat(config.trustedProxies()).isEmpty();
        assertThat(config.bridge())
                .isEqualTo(
                        new ServerConfig.Bridge(
                                Optional.empty(),
                                CallerSignals.REQUIRED,
                                CallerKit.DRAWBRIDGE,
                                ValidationMode.STANDARD,
                                Duration.ofSeconds(60)));
        assertThat(config.session())
                .isEqualTo(
                        new ServerConfig.Sessions(
                                Duration.ofMinutes(30),
                                Duration.ofDays(7),
                                Duration.ofSeconds(30),
                                new ServerConfig.Renewal(
                                        Duration.ofDays(30),
                                        ServerConfig.SessionProfile.STANDARD,
                                        Duration.ofMinutes(15),
                                        Duration.ofDays(30),
                                        Duration.ofSeconds(10)),
                                new ServerConfig.Cookie(
                                        true, ServerConfig.CookieSecurity.AUTO, true, "Lax")));
        assertThat(config.password()).isEqualTo(new ServerConfig.Passwords(15));
        assertThat(config.argon2())
                .isEqualTo(
                        new ServerConfig.Argon2(
                                19_456L * 1024,
                                2,
                                1,
                                Platform.current().defersThreads() ? 4 : 3,
                                64,
                                Duration.ofMillis(50),
                                128L << 20));
        assertThat(config.registration()).isEqualTo(ServerConfig.RegistrationPolicy.OPEN);
        assertThat(config.argon2().memoryKib()).isEqualTo(19_456);
        assertThat(config.memory())
                .isEqualTo(
                        new ServerConfig.Memory(
                                100_000, Duration.ofMinutes(10), Duration.ofSeconds(10)));
        assertThat(config.http())
                .isEqualTo(new ServerConfig.Http(64 * 1024, Duration.ofSeconds(10), 2_000));
        assertThat(config.audit()).isEqualTo(new ServerConfig.Audit(10_000));
        assertThat(config.secrets())
                .isEqualTo(
                        new ServerConfig.Secrets(
                                Duration.ofMinutes(10), Duration.ofDays(90), Duration.ofDays(365)));
        assertThat(config.log())
                .isEqualTo(new ServerConfig.Log(ServerConfig.LogLevel.INFO, Optional.empty()));
        assertThat(config.warnings()).isEmpty();
    }

    @Test
    void hashesOnTheOnlyProcessor() {
        Loaded single = new ConfigLoader(Map.of(), 1).load(Optional.empty(), Map.of());

        assertThat(single)
                .isInstanceOfSatisfying(
                        Loaded.Good.class,
                        good -> assertThat(good.config().argon2().threads()).isEqualTo(1));
    }

    @Test
    void commandLineWinsOverEnvironmentOverFile() throws IOException {
        Path file =
                Files.writeString(
                        temp.resolve("drawbridge.conf"),
                        """
                        # what the file says
                        listen.port = 1001
                        admin.port  = 1002
                        node.name   = from-file
                        """);
        Map<String, String> environment =
                Map.of("DRAWBRIDGE_PORT", "2001", "DRAWBRIDGE_ADMIN_PORT", " 2002 ");

        ServerConfig config =
                good(
                        new ConfigLoader(environment, 4)
                                .load(Optional.of(file), Map.of(Setting.ADMIN_PORT, "3002")));

        assertThat(config.node()).isEqualTo("from-file");
        assertThat(config.listen().port()).isEqualTo(2001);
        assertThat(config.admin().listen().port()).isEqualTo(3002);
        assertThat(entry(config, Setting.NODE_NAME).source()).isEqualTo("file");
        assertThat(entry(config, Setting.LISTEN_PORT).source()).isEqualTo("environment");
        assertThat(entry(config, Setting.ADMIN_PORT).source()).isEqualTo("command line");
        assertThat(entry(config, Setting.SESSION_IDLE).source()).isEqualTo("default");
    }

    @Test
    void tellsEveryProblemAtOnceAndWhereItStands() throws IOException {
        Path file =
                Files.writeString(
                        temp.resolve("drawbridge.conf"),
                        """
                        session.idle = 0s
                        session.ilde = 5m
                        audit.queue = many
                        audit.queue = 500
                        this is no setting
                        """);

        List<String> problems =
                wrong(
                        new ConfigLoader(
                                        Map.of(
                                                "DRAWBRIDGE_PROT", "1",
                                                "DRAWBRIDGE_HTTP_MAX_BODY", "64KB"),
                                        4)
                                .load(Optional.of(file), Map.of()));

        assertThat(problems)
                .containsExactlyInAnyOrder(
                        "session.idle: 0s is too short; give 1m or more (from drawbridge.conf line 1)",
                        "session.ilde: there is no such setting; the nearest is session.idle (drawbridge.conf line 2)",
                        "audit.queue: many is no whole number; give 100 to 1000000 (from drawbridge.conf line 3)",
                        "audit.queue: is given twice, in lines 3 and 4",
                        "drawbridge.conf line 5: has no \"=\"; write key = value",
                        "DRAWBRIDGE_PROT: there is no such variable; the nearest is DRAWBRIDGE_PORT",
                        "http.max.body: 64KB is no size; give a whole number with B, KiB, MiB or GiB, such as 64KiB (from DRAWBRIDGE_HTTP_MAX_BODY)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DRAWBRIDGE_SESSION_IDLE | 30 | is no duration",
                "DRAWBRIDGE_SESSION_IDLE | 8d | is longer than session.absolute, 7d",
                "DRAWBRIDGE_SESSION_ABSOLUTE | 400d | too long; give 366d or less",
                "DRAWBRIDGE_SESSION_PROFILE | long | give one of standard, short",
                "DRAWBRIDGE_SESSION_SHORT_REFRESH | 5m | is longer than session.short.refresh, 5m",
                "DRAWBRIDGE_SESSION_REFRESH_GRACE | 2m | too long; give 1m or less",
                "DRAWBRIDGE_SESSION_COOKIE | yes | give on or off",
                "DRAWBRIDGE_SESSION_COOKIE_SAMESITE | None | set session.cookie.secure to always",
                "DRAWBRIDGE_REGISTRATION | closed | give one of open, bridge, admin, off",
                "DRAWBRIDGE_SESSION_HOLD | 11m | too long; give 10m or less",
                "DRAWBRIDGE_PASSWORD_MIN_LENGTH | 7 | too small; give 8 or more",
                "DRAWBRIDGE_PASSWORD_MIN_LENGTH | 65 | too large; give 64 or less",
                "DRAWBRIDGE_ARGON2_MEMORY | 8MiB | too small; give 19MiB or more",
                "DRAWBRIDGE_ARGON2_MEMORY | 19922945B | is no whole number of KiB",
                "DRAWBRIDGE_ARGON2_ITERATIONS | 1 | too small; give 2 or more",
                "DRAWBRIDGE_ARGON2_THREADS | none | give 1 to 64 or auto",
                "DRAWBRIDGE_PORT | 65536 | too large; give 65535 or less",
                "DRAWBRIDGE_PORT | 7071 | 7071 is the public listener's port",
                "DRAWBRIDGE_NODE | Node_1 | is no node name",
                "DRAWBRIDGE_DEFAULT_CALLER_MODE | relaxed | give STANDARD, ADVANCED or STRICT",
                "DRAWBRIDGE_DEFAULT_CALLER_KIT | node | give drawbridge or flowfull",
                "DRAWBRIDGE_DEFAULT_CALLER_SIGNALS | never | give required or when-sent",
                "DRAWBRIDGE_LOG_LEVEL | LOUD | give ERROR, WARN, INFO or DEBUG",
                "DRAWBRIDGE_TRUSTED_PROXIES | 10.0.0.0/33 | 10.0.0.0/33 is no network",
                "DRAWBRIDGE_TRUSTED_PROXIES | 0.0.0.0/0 | trusts everybody",
                "DRAWBRIDGE_LISTEN | example.org | is no address",
                "DRAWBRIDGE_MASTER_KEY | tooshort | give 32 random bytes in base64url or hex",
                "DRAWBRIDGE_ADMIN_TOKEN | short | has 5 characters; give 16 or more",
                "BRIDGE_SECRET | fifteen-letters | has 15 characters; give 16 or more",
                "BRIDGE_SECRET | a secret with blanks in it | holds a blank",
                "DATABASE_URL | postgresql://u:hunter2@h/db | add ?sslmode=verify-full, and &sslrootcert=FILE",
                "DATABASE_URL | postgresql://u:hunter2@h/db?sslmode=require | host h on another machine without TLS",
                "DATABASE_URL | postgresql://u:hunter2@127.0.0.1,h/db | host h on another machine without TLS",
                "DATABASE_URL | postgresql://u:hunter2@127.0.0.1/db?ssl=true | has the parameter ssl, which is not known",
                "DATABASE_URL | postgresql://u:hunter2@x@127.0.0.1/db | with %40 for an @",
                "DATABASE_URL | postgresql://u:hunter2%@127.0.0.1/db | has a % that is not followed by two hex digits",
                "DATABASE_URL | postgresql://u:hunter2@127.0.0.1:0/db | names no host that can be read",
                "DATABASE_URL | postgresql://127.0.0.1 | is no address of a PostgreSQL",
                "DATABASE_URL | mysql://u:hunter2@127.0.0.1/db | is a mysql address; leave it empty for SQLite",
                "DATABASE_URL | sqlite:/var/lib/x.db | names an SQLite file; that is always drawbridge.db",
                "DRAWBRIDGE_DATABASE_POOL | 1 | too small; give 2 or more",
                "DRAWBRIDGE_DATABASE_WAIT | 5s | too long; give 4s or less",
                "REDIS_URL | redis://:hunter2@h | is no Redis; write it like redis://127.0.0.1:6379",
                "REDIS_URL | http://:hunter2@h:6379 | is no Redis; write it like redis://127.0.0.1:6379",
                "DRAWBRIDGE_PORT_FILE | x | there is no such variable; the nearest is DRAWBRIDGE_PORT"
            })
    void namesWhatIsWrong(String variable, String value, String said) {
        List<String> problems = wrong(load(Map.of(variable, value)));

        assertThat(problems).anySatisfy(problem -> assertThat(problem).contains(said));
        assertThat(String.join("\n", problems)).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.10"})
    void staysOnLoopbackUnlessTlsOrAProxyGuardsIt(String host) {
        assertThat(wrong(load(Map.of("DRAWBRIDGE_LISTEN", host))))
                .singleElement()
                .asString()
                .contains("tls.cert")
                .contains("proxies.trusted");
        assertThat(wrong(load(Map.of("DRAWBRIDGE_ADMIN_LISTEN", host))))
                .singleElement()
                .asString()
                .startsWith("admin.host:");
        ServerConfig config =
                good(Map.of("DRAWBRIDGE_LISTEN", host, "DRAWBRIDGE_TRUSTED_PROXIES", "10.0.0.7"));
        assertThat(config.listen().host()).isEqualTo(host);
        Map<String, String> tls =
                Map.of("DRAWBRIDGE_TLS_CERT", "/c.pem", "DRAWBRIDGE_TLS_KEY", "/k.pem");
        Map<String, String> open = new HashMap<>(tls);
        open.put("DRAWBRIDGE_LISTEN", host);
        assertThat(good(open).edge().tls()).isPresent();
        Map<String, String> admin = new HashMap<>(tls);
        admin.put("DRAWBRIDGE_ADMIN_LISTEN", host); // that certificate is the public listener's
        assertThat(wrong(load(admin)))
                .singleElement()
                .asString()
                .startsWith("admin.host:")
                .contains("admin.tls.cert");
        admin.put("DRAWBRIDGE_ADMIN_TLS_CERT", "/a.pem");
        assertThat(wrong(load(admin))).anyMatch(text -> text.startsWith("admin.tls.cert:"));
        admin.put("DRAWBRIDGE_ADMIN_TLS_KEY", "/a-key.pem");
        assertThat(good(admin).admin().tls()).isPresent();
        admin.put("DRAWBRIDGE_ADMIN_NAMES", "trust.example.com, https://no");
        assertThat(wrong(load(admin))).singleElement().asString().startsWith("admin.names:");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DRAWBRIDGE_TLS_CERT | /c.pem | tls.cert: a certificate needs its key",
                "DRAWBRIDGE_TLS_KEY | /k.pem | tls.key: a certificate needs its key",
                "DRAWBRIDGE_CORS_ORIGINS | * | * is no origin",
                "DRAWBRIDGE_CORS_ORIGINS | null | null is no origin",
                "DRAWBRIDGE_CORS_ORIGINS | https://a.test/path | is no origin",
                "DRAWBRIDGE_CORS_ORIGINS | https://*.a.test | is no origin",
                "DRAWBRIDGE_HTTP_BASE | auth | auth is no base path",
                "DRAWBRIDGE_HTTP_BASE | / | / is no base path",
                "DRAWBRIDGE_HTTP_BASE | /a/../b | is no base path",
                "DRAWBRIDGE_LIMIT_AUTHENTICATION | 0 | 0 is too small; give 1 or more",
                "DRAWBRIDGE_LOCKOUT_FAILURES | 51 | 51 is too large; give 50 or less"
            })
    void namesWhatIsWrongAtTheEdge(String variable, String value, String said) {
        assertThat(wrong(load(Map.of(variable, value)))).singleElement().asString().contains(said);
    }

    @Test
    void spellsOriginsAsBrowsersDo() {
        ServerConfig config =
                good(
                        Map.of(
                                "DRAWBRIDGE_CORS_ORIGINS",
                                "https://App.Example.com:443, http://localhost:3000 , https://[::1]:8443"));

        assertThat(config.edge().corsOrigins())
                .containsExactly(
                        "https://app.example.com", "http://localhost:3000", "https://[::1]:8443");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.9.9.9", "::1", "localhost"})
    void listensOnAnyLoopbackAddress(String host) {
        assertThat(good(Map.of("DRAWBRIDGE_LISTEN", host)).listen().host()).isEqualTo(host);
    }

    @Test
    void readsNetworksWithAndWithoutLength() {
        ServerConfig config =
                good(Map.of("DRAWBRIDGE_TRUSTED_PROXIES", "127.0.0.2/32, 10.0.0.0/8,2001:db8::1,"));

        assertThat(config.trustedProxies())
                .extracting(IpNetwork::toString)
                .containsExactly("127.0.0.2/32", "10.0.0.0/8", "2001:db8::1/128");
    }

    @Test
    void readsASecretFromAFile() throws IOException {
        Path file = Files.writeString(temp.resolve("secret"), SECRET + "\n");

        ServerConfig config = good(Map.of("BRIDGE_SECRET_FILE", file.toString()));

        assertThat(config.bridge().secret()).contains(Secret.ofText(SECRET));
    }

    @Test
    void readsASecretBesideTheSettingsFile() throws IOException {
        Files.writeString(temp.resolve("secret"), SECRET);
        Path file = Files.writeString(temp.resolve("conf"), "bridge.secret.file = secret\n");

        ServerConfig config = good(new ConfigLoader(Map.of(), 4).load(Optional.of(file), Map.of()));

        assertThat(config.bridge().secret()).contains(Secret.ofText(SECRET));
    }

    @Test
    void refusesASecretGivenTwice() throws IOException {
        Path file = Files.writeString(temp.resolve("secret"), SECRET);

        assertThat(
                        wrong(
                                load(
                                        Map.of(
                                                "DRAWBRIDGE_ADMIN_TOKEN",
                                                SECRET,
                                                "DRAWBRIDGE_ADMIN_TOKEN_FILE",
                                                file.toString()))))
                .containsExactly(
                        "admin.token: DRAWBRIDGE_ADMIN_TOKEN and DRAWBRIDGE_ADMIN_TOKEN_FILE are both set; keep one of them");
    }

    @Test
    void namesASecretFileThatIsNotThereOrEmpty() throws IOException {
        Path empty = Files.writeString(temp.resolve("empty"), "\n");

        assertThat(
                        wrong(
                                load(
                                        Map.of(
                                                "BRIDGE_SECRET_FILE",
                                                temp.resolve("none").toString(),
                                                "DRAWBRIDGE_MASTER_KEY_FILE",
                                                empty.toString()))))
                .containsExactlyInAnyOrder(
                        "bridge.secret: the file %s cannot be read: no such file (from BRIDGE_SECRET_FILE)"
                                .formatted(temp.resolve("none")),
                        "master.key: the file %s is empty (from DRAWBRIDGE_MASTER_KEY_FILE)"
                                .formatted(empty));
    }

    @Test
    void readsTheBridgeSecretUnderEitherNameButNotTwoOfThem() {
        assertThat(good(Map.of("BRIDGE_VALIDATION_SECRET", SECRET)).bridge().secret())
                .contains(Secret.ofText(SECRET));
        assertThat(
                        good(Map.of("BRIDGE_VALIDATION_SECRET", SECRET, "BRIDGE_SECRET", SECRET))
                                .bridge()
                                .secret())
                .contains(Secret.ofText(SECRET));
        assertThat(
                        wrong(
                                load(
                                        Map.of(
                                                "BRIDGE_VALIDATION_SECRET",
                                                SECRET,
                                                "BRIDGE_SECRET",
                                                SECRET.toUpperCase(Locale.ROOT)))))
                .containsExactly(
                        "bridge.secret: BRIDGE_SECRET and BRIDGE_VALIDATION_SECRET are both set, and differ; keep one of them");
    }

    @Test
    void warnsOfAShortSecretAndOfSettingsWithoutEffect() {
        assertThat(good(Map.of("BRIDGE_SECRET", "0123456789abcdef")).warnings())
                .containsExactly(
                        "bridge.secret has 16 characters; 32 random ones are out of reach of guessing");
        assertThat(good(Map.of("DRAWBRIDGE_DEFAULT_CALLER_KIT", "flowfull")).warnings())
                .containsExactly(
                        "bridge.caller.kit has no effect: there is no caller default without bridge.secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
            })
    void readsAMasterKeyInHexAndBase64url(String text) {
        Secret key = good(Map.of("DRAWBRIDGE_MASTER_KEY", text)).masterKey().orElseThrow();

        byte[] expected = new byte[32];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = (byte) i;
        }
        assertThat(key).isEqualTo(Secret.takeOwnership(expected));
    }

    @Test
    void anEmptyVariableCountsAsNotSet() {
        ServerConfig config = good(Map.of("BRIDGE_SECRET", "", "DRAWBRIDGE_PORT", "  "));

        assertThat(config.bridge().secret()).isEmpty();
        assertThat(config.listen().port()).isEqualTo(7070);
    }

    @Test
    void leavesTheLaunchersVariablesToThem() {
        assertThat(good(Map.of("DRAWBRIDGE_JAVA_OPTS", "-Xmx1g")).warnings()).isEmpty();
    }

    @Test
    void acceptsTheNameOfTheUsualStorage() {
        ServerConfig config = good(Map.of("DATABASE_URL", "sqlite:"));

        assertThat(entry(config, Setting.DATABASE_URL).value()).isEqualTo("sqlite:");
        assertThat(config.postgres()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "postgresql://ana:hunter2@127.0.0.1/door | postgresql://127.0.0.1:5432/door",
                "postgres://ana:hunter2%40x@localhost:6432/door | postgresql://localhost:6432/door",
                "postgresql://ana:hunter2@[::1]:5433/door | postgresql://[::1]:5433/door",
                "postgresql://ana:hunter2@db.example.test/door?sslmode=verify-full&sslrootcert=/ca.pem | postgresql://db.example.test:5432/door",
                "postgresql://ana:hunter2@a.test:1,b.test:2/door?sslmode=verify-full | postgresql://a.test:1,b.test:2/door"
            })
    void takesAPostgresAndShowsNeitherUserNorPassword(String url, String shown) {
        ServerConfig config = good(Map.of("DATABASE_URL", url));

        assertThat(config.postgres().orElseThrow().url()).hasToString(shown);
        assertThat(entry(config, Setting.DATABASE_URL).value()).isEqualTo(shown);
        assertThat(config.toString()).doesNotContain("hunter2").doesNotContain("ana");
    }

    @Test
    void takesTheDatabasesAddressFromAFile(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("url");
        Files.writeString(file, "postgresql://ana:hunter2@127.0.0.1/door\n");

        assertThat(good(Map.of("DATABASE_URL_FILE", file.toString())).postgres()).isPresent();
    }

    @Test
    void listsEverySettingWithItsValueAndMasksSecrets() {
        ServerConfig config =
                good(
                        Map.of(
                                "BRIDGE_SECRET", SECRET,
                                "DRAWBRIDGE_SESSION_IDLE", "3600s",
                                "DRAWBRIDGE_HTTP_MAX_BODY", "2048B"));

        assertThat(config.entries())
                .extracting(ConfigEntry::key)
                .containsExactlyElementsOf(
                        List.of(Setting.values()).stream().map(Setting::key).toList());
        assertThat(entry(config, Setting.SESSION_IDLE).value()).isEqualTo("1h");
        assertThat(entry(config, Setting.HTTP_MAX_BODY).value()).isEqualTo("2KiB");
        assertThat(entry(config, Setting.ARGON2_THREADS).value())
                .isEqualTo(Platform.current().defersThreads() ? "4" : "3");
        assertThat(entry(config, Setting.BRIDGE_SECRET))
                .isEqualTo(
                        new ConfigEntry(
                                "bridge.secret",
                                "BRIDGE_SECRET",
                                "••••••",
                                "environment",
                                true,
                                Setting.BRIDGE_SECRET.about()));
        assertThat(entry(config, Setting.ADMIN_TOKEN).value()).isEmpty();
        assertThat(config.toString()).doesNotContain(SECRET);
    }

    @Test
    void namesASettingsFileThatCannotBeRead() {
        Path file = temp.resolve("none.conf");

        assertThat(wrong(new ConfigLoader(Map.of(), 4).load(Optional.of(file), Map.of())))
                .containsExactly(file + ": cannot be read: no such file");
    }

    private static Loaded load(Map<String, String> environment) {
        return new ConfigLoader(environment, 4).load(Optional.empty(), Map.of());
    }

    private static ServerConfig good(Map<String, String> environment) {
        return good(load(environment));
    }

    private static ServerConfig good(Loaded loaded) {
        return switch (loaded) {
            case Loaded.Good good -> good.config();
            case Loaded.Wrong wrong -> throw new AssertionError(wrong.problems().toString());
        };
    }

    private static List<String> wrong(Loaded loaded) {
        return switch (loaded) {
            case Loaded.Good _ -> throw new AssertionError("nothing was found wrong");
            case Loaded.Wrong wrong -> wrong.problems();
        };
    }

    private static ConfigEntry entry(ServerConfig config, Setting setting) {
        return config.entries().stream()
                .filter(entry -> entry.key().equals(setting.key()))
                .findFirst()
                .orElseThrow();
    }
}
