package drawbridge.server.checklist;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;

import drawbridge.model.TenantId;
import drawbridge.server.storage.Database.PoolFigures;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RawDatabase;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;
import drawbridge.server.support.SqliteOnly;
import drawbridge.server.support.TestDatabase;
import drawbridge.server.support.TestIdentity;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Whoever weakens a server turns exactly that item. {@code docs/checklist.md} holds the same
 * tables.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class WeakenedItemsTest {
    private final Map<String, String> sound = new TreeMap<>();
    private CheckedServer server;
    private int tenants;

    @BeforeAll
    void start(@TempDir Path folder) {
        server = CheckedServer.start(folder.resolve("data"), Clock.systemUTC(), Map.of());
        sound.putAll(CheckedServer.rows(server.tried("default")));
    }

    @AfterAll
    void close() {
        server.close();
    }

    @Test
    void nothingIsLaxInTheServerThatIsWeakened() {
        assertThat(sound)
                .containsEntry("secrets", "pass []")
                .containsEntry("authentication", "pass []")
                .containsEntry("rate_limits", "pass []")
                .containsEntry("input", "pass []")
                .containsEntry("browsers", "pass []")
                .containsEntry("leftovers", "pass []")
                .containsEntry("central_logs", "warn [logs_stay_here]")
                .containsEntry("monitoring", "warn [nobody_told]");
    }

    @Test
    void aDefaultInstallHasNoFail(@TempDir Path folder) {
        try (RunningServer plain = RunningServer.start(folder, Clock.systemUTC(), defaults())) {
            JsonNode checklist = plain.admin("/v1/checklist").json();

            assertThat(CheckedServer.rows(checklist).values())
                    .hasSize(10)
                    .noneMatch(row -> row.startsWith("fail"));
            assertThat(checklist.get("verdict").asString()).isEqualTo("warn");
            // Of a PostgreSQL the tests' login may do everything, which is one that is not kept.
            assertThat(checklist.get("kept").asInt()).isEqualTo(TestDatabase.isPostgres() ? 6 : 7);
        }
    }

    private static Map<String, String> defaults() {
        return Map.of(
                "DRAWBRIDGE_LIMIT_REQUESTS", "600",
                "DRAWBRIDGE_LIMIT_AUTHENTICATION", "10",
                "DRAWBRIDGE_LIMIT_HASHING", "5",
                "DRAWBRIDGE_LIMIT_EXPORT", "6",
                "DRAWBRIDGE_LIMIT_SECRETS", "60");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    BRIDGE_SECRET                    | sixteen-letters-1     | secrets        | warn | setting_weak
                    DRAWBRIDGE_EMAIL_VERIFICATION    | off                   | authentication | warn | registration_tells
                    DRAWBRIDGE_PASSWORD_MIN_LENGTH   | 8                     | authentication | warn | passwords_short
                    DRAWBRIDGE_TOKEN_LOGIN_LIFETIME  | 12h                   | authentication | warn | link_lives_long
                    DRAWBRIDGE_LIMIT_AUTHENTICATION  | 100000                | rate_limits    | warn | logins_not_limited
                    DRAWBRIDGE_LIMIT_SECRETS         | 100000                | rate_limits    | warn | secret_guesses_not_limited
                    DRAWBRIDGE_LOG_LEVEL             | ERROR                 | central_logs   | fail | log_level_high
                    DRAWBRIDGE_HTTP_MAX_BODY         | 4MiB                  | input          | warn | body_large
                    DRAWBRIDGE_HTTP_TIMEOUT          | 61s                   | input          | warn | slow_clients
                    DRAWBRIDGE_CORS_ORIGINS          | http://shop.example.com | browsers     | warn | origin_without_tls
                    DRAWBRIDGE_SESSION_COOKIE_SECURE | never                 | browsers       | warn | cookie_not_secure
                    DRAWBRIDGE_PUBLIC_URL            | http://login.example.com | browsers    | warn | link_without_tls
                    REDIS_URL                        | redis://0.0.0.0:1     | leftovers      | warn | redis_plain
                    """)
    void aSetting(
            String name,
            String value,
            String item,
            String verdict,
            String code,
            @TempDir Path folder) {
        try (CheckedServer weak =
                CheckedServer.start(folder, Clock.systemUTC(), Map.of(name, value))) {
            CheckedServer.assertWeak(sound, weak.now("default"), item, verdict, code);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"signals":"when-sent"}              | authentication | warn | signals_when_sent
                    {"advancedMeans":"agent"}            | authentication | warn | advanced_means_agent
                    {"floor":"ADVANCED"}                 | authentication | warn | device_told
                    {"kit":"flowfull","lease":"60s"}     | authentication | warn | caller_remembers
                    """)
    void aCaller(String settings, String item, String verdict, String code) {
        String tenant = tenant("");
        Map<String, String> before = CheckedServer.rows(server.now(tenant));
        caller(tenant, settings);

        CheckedServer.assertWeak(before, server.now(tenant), item, verdict, code);
    }

    private Answer caller(String tenant, String settings) {
        Answer made =
                server.server()
                        .admin(
                                "/v1/callers",
                                settings.replaceFirst(
                                        "\\{",
                                        "{\"name\":\"shop\",\"tenant\":\"" + tenant + "\","));
        assertThat(made.status()).as(made.response().body()).isEqualTo(201);
        return made;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"mode":"ADVANCED"}                    | authentication | warn | device_told
                    {"mode":"STANDARD","ipMatch":"prefix"} | authentication | warn | address_by_network
                    """)
    void aRule(String rule, String item, String verdict, String code) {
        String tenant = tenant("");
        Map<String, String> before = CheckedServer.rows(server.now(tenant));
        rules(tenant, rule.replace("{", "{\"method\":\"*\",\"pattern\":\"/orders/**\","));

        CheckedServer.assertWeak(before, server.now(tenant), item, verdict, code);
    }

    private void rules(String tenant, String rule) {
        Answer put =
                server.server()
                        .admin(
                                "PUT",
                                "/v1/policies",
                                "{\"tenant\":\"%s\",\"baseVersion\":0,\"rules\":[%s]}"
                                        .formatted(tenant, rule));
        assertThat(put.status()).as(put.response().body()).isEqualTo(200);
    }

    @Test
    void pagesWithoutTlsOfATenant() {
        String tenant = tenant("");
        Map<String, String> before = CheckedServer.rows(server.now(tenant));
        String lax = tenant(",\"corsOrigins\":[\"http://shop.example.com\"]");

        CheckedServer.assertWeak(before, server.now(lax), "browsers", "warn", "origin_without_tls");
    }

    @Test
    void aCallerThatPutsSessionIdsIntoTheQueryAndOneThatLeavesSignalsOut() {
        String tenant = tenant("");
        Answer made = caller(tenant, "{\"kit\":\"flowfull\",\"signals\":\"when-sent\"}");
        Map<String, String> before = CheckedServer.rows(server.now(tenant));
        String session = session(tenant);
        String secret = made.json().get("secret").asString();

        Answer trusted =
                server.server()
                        .post(
                                "/auth/bridge/validate?session_id=" + session,
                                "{\"ip\":\"127.0.0.1\"}",
                                "X-Bridge-Secret",
                                secret);
        assertThat(trusted.status()).as(trusted.response().body()).isEqualTo(200);
        Map<String, String> after =
                CheckedServer.assertWeak(
                        before, server.now(tenant), "secrets", "warn", "session_id_in_query");

        Answer bare =
                server.server()
                        .post(
                                "/auth/bridge/validate",
                                "{\"session_id\":\"" + session + "\"}",
                                "X-Bridge-Secret",
                                secret);
        assertThat(bare.status()).as(bare.response().body()).isEqualTo(200);
        CheckedServer.assertWeak(
                after, server.now(tenant), "authentication", "warn", "signal_not_sent");
    }

    private String session(String tenant) {
        String email = "ana@example.test";
        Answer made =
                server.server()
                        .admin(
                                "/v1/users",
                                "{\"tenant\":\"%s\",\"email\":\"%s\",\"password\":\"%s\",\"verified\":true}"
                                        .formatted(tenant, email, RunningServer.PASSWORD));
        assertThat(made.status()).as(made.response().body()).isEqualTo(201);
        Answer login =
                server.server()
                        .post(
                                "/t/" + tenant + "/auth/login",
                                "{\"email\":\"%s\",\"password\":\"%s\"}"
                                        .formatted(email, RunningServer.PASSWORD));
        assertThat(login.status()).as(login.response().body()).isEqualTo(200);
        return login.json().findValue("session_id").asString();
    }

    @Test
    void aCallerThatDoesNotTellItsRoutes() {
        String tenant = tenant("");
        Answer made = caller(tenant, "{\"floor\":\"STANDARD\"}");
        rules(tenant, "{\"method\":\"*\",\"pattern\":\"/orders/**\",\"mode\":\"STANDARD\"}");
        Map<String, String> before = CheckedServer.rows(server.now(tenant));

        Answer trusted =
                server.server()
                        .post(
                                "/auth/bridge/validate",
                                "{\"session_id\":\"%s\",\"ip\":\"127.0.0.1\"}"
                                        .formatted(session(tenant)),
                                "X-Bridge-Secret",
                                made.json().get("secret").asString());

        assertThat(trusted.status()).as(trusted.response().body()).isEqualTo(200);
        CheckedServer.assertWeak(
                before, server.now(tenant), "authentication", "warn", "route_not_told");
    }

    @Test
    void rulesOfAlertsThatAreAllOff(@TempDir Path folder) {
        try (CheckedServer weak = CheckedServer.start(folder, Clock.systemUTC(), Map.of())) {
            String off =
                    weak.server()
                            .admin("/v1/alerts/rules")
                            .json()
                            .get("rules")
                            .valueStream()
                            .map(rule -> "{\"rule\":%s,\"on\":false}".formatted(rule.get("rule")))
                            .collect(Collectors.joining(","));
            Answer put =
                    weak.server().admin("PUT", "/v1/alerts/rules", "{\"rules\":[" + off + "]}");
            assertThat(put.status()).as(put.response().body()).isEqualTo(200);

            CheckedServer.assertWeak(sound, weak.now("default"), "monitoring", "warn", "no_alerts");
        }
    }

    @Test
    void aMachineThatWritesItsMemoryDown() {
        HotSpotDiagnosticMXBean jvm =
                ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        String was = jvm.getVMOption("HeapDumpOnOutOfMemoryError").getValue();
        jvm.setVMOption("HeapDumpOnOutOfMemoryError", "false");
        Map<String, String> before = CheckedServer.rows(server.now("default"));
        try {
            jvm.setVMOption("HeapDumpOnOutOfMemoryError", "true");

            CheckedServer.assertWeak(
                    before, server.now("default"), "leftovers", "warn", "heap_dump_on");
        } finally {
            jvm.setVMOption("HeapDumpOnOutOfMemoryError", was);
        }
    }

    /** More wait than there are: the server that is asked in that moment waits itself. */
    @Test
    void morePeopleThanConnections(@TempDir Path folder) {
        ChecklistSettings settings = CheckedServer.settings(folder);

        assertThat(codes(new OfLeftovers(settings, () -> new PoolFigures(4, 4, 8, 4))))
                .doesNotContain("warn pool_short");
        assertThat(codes(new OfLeftovers(settings, () -> new PoolFigures(4, 4, 8, 5))))
                .contains("warn pool_short");
    }

    @Test
    void aDataFolderThatIsNotSeen(@TempDir Path folder) {
        ChecklistSettings settings = CheckedServer.settings(folder.resolve("gone"));

        assertThat(codes(new OfLeftovers(settings, () -> new PoolFigures(4, 0, 8, 0))))
                .contains("warn folder_unknown");
    }

    private static List<String> codes(Judge judge) {
        return judge.judge(TenantId.DEFAULT, Instant.EPOCH).stream()
                .map(each -> each.verdict() + " " + each.code())
                .toList();
    }

    @Test
    void aDumpInTheDataFolder() throws IOException {
        Map<String, String> before = CheckedServer.rows(server.now("default"));
        Path dump = server.folder().resolve("java_pid4711.hprof");
        Files.writeString(dump, "memory");
        try {
            CheckedServer.assertWeak(
                    before, server.now("default"), "leftovers", "warn", "left_behind");
        } finally {
            Files.delete(dump);
        }
    }

    @ParameterizedTest
    @CsvSource({"rwxr-xr-x,warn", "rwxrwxrwx,fail"})
    void aDataFolderThatIsOpenToOthers(String rights, String verdict) throws IOException {
        Map<String, String> before = CheckedServer.rows(server.now("default"));
        Files.setPosixFilePermissions(server.folder(), PosixFilePermissions.fromString(rights));
        try {
            CheckedServer.assertWeak(
                    before, server.now("default"), "least_privilege", verdict, "folder_open");
        } finally {
            Files.setPosixFilePermissions(
                    server.folder(), PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void aKeyThatOthersMayRead(@TempDir Path folder) throws Exception {
        Path certificate = folder.resolve("cert.pem");
        Path key = folder.resolve("key.pem");
        TestIdentity.of("localhost", "EC", 256).write(certificate, key);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Map<String, String> tls =
                Map.of(
                        "DRAWBRIDGE_TLS_CERT", certificate.toString(),
                        "DRAWBRIDGE_TLS_KEY", key.toString());
        try (CheckedServer weak =
                CheckedServer.start(folder.resolve("data"), Clock.systemUTC(), tls)) {
            Map<String, String> before = CheckedServer.rows(weak.now("default"));

            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));

            CheckedServer.assertWeak(
                    before, weak.now("default"), "least_privilege", "warn", "key_readable");
        }
    }

    @Test
    void aKeyThatIsNotWhereItWas(@TempDir Path folder) throws Exception {
        Path certificate = folder.resolve("cert.pem");
        Path key = folder.resolve("key.pem");
        TestIdentity.of("localhost", "EC", 256).write(certificate, key);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Map<String, String> tls =
                Map.of(
                        "DRAWBRIDGE_TLS_CERT", certificate.toString(),
                        "DRAWBRIDGE_TLS_KEY", key.toString());
        try (CheckedServer weak =
                CheckedServer.start(folder.resolve("data"), Clock.systemUTC(), tls)) {
            Map<String, String> before = CheckedServer.rows(weak.now("default"));

            Files.move(key, folder.resolve("key-of-last-year.pem"));

            CheckedServer.assertWeak(
                    before, weak.now("default"), "least_privilege", "warn", "key_unknown");
        }
    }

    @Test
    void aLogWhoseRightsCannotBeRead(@TempDir Path folder) throws IOException {
        try (CheckedServer weak = CheckedServer.start(folder, Clock.systemUTC(), Map.of())) {
            Path log = Files.createDirectories(folder.resolve("logs")).resolve("server.jsonl");
            Map<String, String> before = CheckedServer.rows(weak.now("default"));

            // Leads to itself: nobody can look at it, whoever they are.
            Files.createSymbolicLink(log, log);

            CheckedServer.assertWeak(
                    before, weak.now("default"), "central_logs", "warn", "log_unknown");
        }
    }

    @Test
    @SqliteOnly
    void aTableThatNoWallStandsBefore(@TempDir Path folder) {
        try (CheckedServer weak = CheckedServer.start(folder, Clock.systemUTC(), Map.of())) {
            new RawDatabase(folder).change("CREATE TABLE extra (tenant_id TEXT, what TEXT)");

            CheckedServer.assertWeak(
                    sound, weak.now("default"), "row_security", "fail", "wall_open");
        }
    }

    @Test
    void rightsThatNobodyUsesAndSecretsThatNobodyRotates(@TempDir Path folder) {
        MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));
        try (CheckedServer weak = CheckedServer.start(folder, clock, Map.of())) {
            clock.advance(Duration.ofDays(31));
            Map<String, String> idle =
                    CheckedServer.assertWeak(
                            sound, weak.now("default"), "least_privilege", "warn", "caller_unused");

            clock.advance(Duration.ofDays(60));
            for (String code :
                    List.of("secret_overdue", "admin_token_overdue", "signing_key_overdue")) {
                CheckedServer.assertWeak(idle, weak.now("default"), "secrets", "warn", code);
            }

            clock.advance(Duration.ofDays(300));
            CheckedServer.assertWeak(
                    idle, weak.now("default"), "secrets", "warn", "master_key_overdue");
        }
    }

    @Test
    void aRightThatNobodyUses(@TempDir Path folder) {
        MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));
        try (CheckedServer weak = CheckedServer.start(folder, clock, Map.of())) {
            String till =
                    weak.server()
                            .admin(
                                    "/v1/callers",
                                    "{\"name\":\"till\",\"scopes\":[\"validate\",\"revoke-own\"]}")
                            .text("secret");
            clock.advance(Duration.ofDays(31));
            for (String secret : List.of(RunningServer.SECRET, till)) {
                weak.server()
                        .post(
                                "/auth/bridge/validate",
                                "{\"session_id\":\"nobody\",\"ip\":\"127.0.0.1\"}",
                                "X-Bridge-Secret",
                                secret);
            }

            CheckedServer.assertWeak(
                    sound, weak.now("default"), "least_privilege", "warn", "right_unused");
        }
    }

    @Test
    void aSecretInFilesOfSomebodyElse(@TempDir Path folder) throws IOException {
        Path shop = Files.createDirectories(folder.resolve("shop"));
        try (CheckedServer weak =
                CheckedServer.start(folder.resolve("data"), Clock.systemUTC(), Map.of())) {
            Files.writeString(shop.resolve(".env"), "BRIDGE_SECRET=" + RunningServer.SECRET);

            weak.searched("{\"folder\":\"%s\"}".formatted(shop));

            CheckedServer.assertWeak(
                    sound, weak.now("default"), "secrets", "fail", "secret_in_files");
        }
    }

    @Test
    void aSecretInTheLogsUntilItIsBurned(@TempDir Path folder) throws IOException {
        try (CheckedServer weak = CheckedServer.start(folder, Clock.systemUTC(), Map.of())) {
            Answer made = weak.server().admin("/v1/callers", "{\"name\":\"till\"}");
            String caller = made.json().get("caller").get("id").asString();
            Files.createDirectories(folder.resolve("logs"));
            Path log = folder.resolve("logs/server.jsonl");
            Files.createFile(
                    log,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
            Files.writeString(
                    log,
                    "{\"message\":\"started\"}\n{\"message\":\"X-Bridge-Secret=%s\"}\n"
                            .formatted(made.json().get("secret").asString()));

            JsonNode hit = weak.searched("{}").get("hits").get(0);
            assertThat(hit.get("place").asString()).isEqualTo("server.jsonl");
            assertThat(hit.get("line").asInt()).isEqualTo(2);
            assertThat(hit.get("callerId").asString()).isEqualTo(caller);
            CheckedServer.assertWeak(
                    sound, weak.now("default"), "secrets", "fail", "secret_in_logs");

            weak.server()
                    .admin(
                            "/v1/callers/%s/secrets/%d/burn"
                                    .formatted(caller, hit.get("version").asInt()),
                            "{}");
            assertThat(CheckedServer.rows(weak.now("default"))).containsEntry("secrets", "pass []");

            Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-r--r--"));
            CheckedServer.assertWeak(
                    sound, weak.now("default"), "central_logs", "warn", "log_readable");
        }
    }

    private String tenant(String more) {
        String name = "weakened-" + ++tenants;
        Answer made =
                server.server()
                        .admin(
                                "/v1/tenants",
                                "{\"id\":\"%s\",\"name\":\"%s\"%s}".formatted(name, name, more));
        assertThat(made.status()).as(made.response().body()).isEqualTo(201);
        return name;
    }

    @ParameterizedTest
    @CsvSource({"aRule", "aCaller", "aSetting"})
    void thePageHoldsTheSameTable(String table) throws IOException {
        String page = Files.readString(Path.of("..", "docs", "checklist.md"));
        for (var method : WeakenedItemsTest.class.getDeclaredMethods()) {
            if (method.getName().equals(table)) {
                for (String line :
                        method.getAnnotation(CsvSource.class).textBlock().strip().split("\n")) {
                    String[] cells = line.split("\\|", -1);
                    assertThat(page)
                            .contains("`" + cells[0].strip())
                            .contains("`" + cells[cells.length - 1].strip() + "`");
                }
            }
        }
    }
}
