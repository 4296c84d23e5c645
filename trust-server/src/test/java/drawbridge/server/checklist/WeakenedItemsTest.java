package drawbridge.server.checklist;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RawDatabase;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;
import drawbridge.server.support.SqliteOnly;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

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
            assertThat(checklist.get("kept").asInt()).isEqualTo(7);
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
                    DRAWBRIDGE_CORS_ORIGINS          | http://shop.example.com | browsers     | warn | origin_without_tls
                    DRAWBRIDGE_SESSION_COOKIE_SECURE | never                 | browsers       | warn | cookie_not_secure
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
            assertWeak(sound, weak.now("default"), item, verdict, code);
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

        assertWeak(before, server.now(tenant), item, verdict, code);
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
        String whole = rule.replace("{", "{\"method\":\"*\",\"pattern\":\"/orders/**\",");
        Answer put =
                server.server()
                        .admin(
                                "PUT",
                                "/v1/policies",
                                "{\"tenant\":\"%s\",\"baseVersion\":0,\"rules\":[%s]}"
                                        .formatted(tenant, whole));
        assertThat(put.status()).as(put.response().body()).isEqualTo(200);

        assertWeak(before, server.now(tenant), item, verdict, code);
    }

    @Test
    void pagesWithoutTlsOfATenant() {
        String tenant = tenant("");
        Map<String, String> before = CheckedServer.rows(server.now(tenant));
        String lax = tenant(",\"corsOrigins\":[\"http://shop.example.com\"]");

        assertWeak(before, server.now(lax), "browsers", "warn", "origin_without_tls");
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
                assertWeak(before, server.now(tenant), "secrets", "warn", "session_id_in_query");

        Answer bare =
                server.server()
                        .post(
                                "/auth/bridge/validate",
                                "{\"session_id\":\"" + session + "\"}",
                                "X-Bridge-Secret",
                                secret);
        assertThat(bare.status()).as(bare.response().body()).isEqualTo(200);
        assertWeak(after, server.now(tenant), "authentication", "warn", "signal_not_sent");
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
    void aDumpInTheDataFolder() throws IOException {
        Map<String, String> before = CheckedServer.rows(server.now("default"));
        Path dump = server.folder().resolve("java_pid4711.hprof");
        Files.writeString(dump, "memory");
        try {
            assertWeak(before, server.now("default"), "leftovers", "warn", "left_behind");
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
            assertWeak(before, server.now("default"), "least_privilege", verdict, "folder_open");
        } finally {
            Files.setPosixFilePermissions(
                    server.folder(), PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    @SqliteOnly
    void aTableThatNoWallStandsBefore(@TempDir Path folder) {
        try (CheckedServer weak = CheckedServer.start(folder, Clock.systemUTC(), Map.of())) {
            new RawDatabase(folder).change("CREATE TABLE extra (tenant_id TEXT, what TEXT)");

            assertWeak(sound, weak.now("default"), "row_security", "fail", "wall_open");
        }
    }

    @Test
    void rightsThatNobodyUsesAndSecretsThatNobodyRotates(@TempDir Path folder) {
        MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));
        try (CheckedServer weak = CheckedServer.start(folder, clock, Map.of())) {
            clock.advance(Duration.ofDays(31));
            Map<String, String> idle =
                    assertWeak(
                            sound, weak.now("default"), "least_privilege", "warn", "caller_unused");

            clock.advance(Duration.ofDays(60));
            assertWeak(idle, weak.now("default"), "secrets", "warn", "secret_overdue");
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
            assertWeak(sound, weak.now("default"), "secrets", "fail", "secret_in_logs");

            weak.server()
                    .admin(
                            "/v1/callers/%s/secrets/%d/burn"
                                    .formatted(caller, hit.get("version").asInt()),
                            "{}");
            assertThat(CheckedServer.rows(weak.now("default"))).containsEntry("secrets", "pass []");

            Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-r--r--"));
            assertWeak(sound, weak.now("default"), "central_logs", "warn", "log_readable");
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

    /** Gives the rows as they are after it. */
    private static Map<String, String> assertWeak(
            Map<String, String> before, JsonNode now, String item, String verdict, String code) {
        Map<String, String> after = CheckedServer.rows(now);
        assertThat(after.get(item)).startsWith(verdict + " ").contains(code);
        assertThat(String.valueOf(before.get(item))).doesNotContain(code);
        Map<String, String> others = new HashMap<>(after);
        others.put(item, String.valueOf(before.get(item)));
        if (!now.get("tenant").asString().equals("default")) {
            // Other tests make tenants meanwhile, and that is no weakness.
            others.put("row_security", String.valueOf(before.get("row_security")));
        }
        assertThat(others).as(now.toPrettyString()).isEqualTo(before);
        return after;
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
