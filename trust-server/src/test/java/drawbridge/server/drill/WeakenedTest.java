package drawbridge.server.drill;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.model.Threat;
import drawbridge.server.support.RunningServer.Answer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Whoever weakens a server turns exactly that row amber, and a server that does what it must never
 * do exactly that row red, in the matrix and by its drill. {@code docs/drills.md} holds the same
 * tables.
 */
final class WeakenedTest {
    /** What a tenant's rules and callers bear on; the other drills meet nothing but settings. */
    private static final Set<Threat> OF_A_TENANT =
            EnumSet.of(Threat.TOKEN_THEFT, Threat.HIJACKING, Threat.REVOCATION_WINDOW);

    private static final AtomicInteger TENANTS = new AtomicInteger();
    private static final List<DrilledServer> SERVERS = new ArrayList<>();

    private static final BentFront FRONT = BentFront.open();

    @BeforeAll
    static void start(@TempDir Path folder) {
        SERVERS.add(DrilledServer.start(folder.resolve("default"), Map.of()));
        SERVERS.add(DrilledServer.start(folder.resolve("bent"), Map.of(), FRONT::before));
    }

    @AfterAll
    static void close() {
        SERVERS.forEach(DrilledServer::close);
        FRONT.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"mode":"ADVANCED"}                                | token_theft           | device_told
                    {"mode":"STRICT","leastDeviceEvidence":"told"}     | token_theft           | device_told
                    {"mode":"ADVANCED","leastDeviceEvidence":"cookie"}      |                       |
                    {"mode":"STANDARD","ipMatch":"prefix"}             | hijacking             | address_by_network
                    """)
    void aRule(String rule, String rows, String code) {
        String tenant = tenant();
        DrilledServer server = SERVERS.getFirst();
        String whole = rule.replace("{", "{\"method\":\"*\",\"pattern\":\"/orders/**\",");
        Answer put =
                server.server()
                        .admin(
                                "PUT",
                                "/v1/policies",
                                "{\"tenant\":\"%s\",\"baseVersion\":0,\"rules\":[%s]}"
                                        .formatted(tenant, whole));
        assertThat(put.status()).as(put.response().body()).isEqualTo(200);

        assertWeak(server, tenant, OF_A_TENANT, rows, code, "* /orders/**");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"signals":"when-sent"}              | token_theft,hijacking | signals_when_sent
                    {"advancedMeans":"agent"}            | hijacking             | advanced_means_agent
                    {"floor":"ADVANCED"}                 | token_theft           | device_told
                    {"kit":"flowfull","lease":"60s"}     | revocation_window     | caller_remembers
                    {"remember":"30s"}                   | revocation_window     | caller_remembers
                    {"networks":["10.0.0.0/8"]}          |                       |
                    """)
    void aCaller(String settings, String rows, String code) {
        String tenant = tenant();
        DrilledServer server = SERVERS.getFirst();
        Answer made =
                server.server()
                        .admin(
                                "/v1/callers",
                                settings.replaceFirst(
                                        "\\{",
                                        "{\"name\":\"shop\",\"tenant\":\"" + tenant + "\","));
        assertThat(made.status()).as(made.response().body()).isEqualTo(201);

        assertWeak(server, tenant, OF_A_TENANT, rows, code, "shop");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    DRAWBRIDGE_LIMIT_AUTHENTICATION | 100000 | brute_force | logins_not_limited         | limit.authentication
                    DRAWBRIDGE_PASSWORD_MIN_LENGTH  | 8      | brute_force | passwords_short            | password.min.length
                    DRAWBRIDGE_TOKEN_LOGIN_LIFETIME | 12h    | link_replay | link_lives_long            | token.login.lifetime
                    DRAWBRIDGE_MEMORY_WARMING       | 0s     | cold_start  | not_warmed                 | memory.warming
                    DRAWBRIDGE_LIMIT_SECRETS        | 100000 | auth_bypass | secret_guesses_not_limited | limit.secrets
                    """)
    void aSetting(
            String name,
            String value,
            String rows,
            String code,
            String setting,
            @TempDir Path folder) {
        try (DrilledServer server = DrilledServer.start(folder, Map.of(name, value))) {
            assertWeak(server, "default", EnumSet.allOf(Threat.class), rows, code, setting);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    READABLE_COOKIES      | token_theft       | cookie_readable
                    FILLS_AGENT_IN        | hijacking         | signal_not_compared
                    ENDS_LATER            | revocation_window | trusted_after_end
                    NEVER_TIRES           | brute_force       | guesses_not_slowed
                    TAKES_LINKS_TWICE     | link_replay       | link_used_twice
                    TELLS_BY_TIME         | cold_start        | unknown_ids_told
                    TAKES_MISSING_SECRETS | auth_bypass       | secret_not_needed
                    """)
    void aBentServer(Bend bend, String row, String code) {
        DrilledServer server = SERVERS.getLast();
        Map<String, String> sound = checklist(server);
        FRONT.bend(bend);
        JsonNode run = server.play("{}");
        Map<String, String> expected = allHold();
        expected.put(row, "open");

        assertThat(DrilledServer.outcomes(run)).as(run.toPrettyString()).isEqualTo(expected);
        assertThat(server.matrix("default")).isEqualTo(expected);
        assertThat(reasonsOf(run, row)).contains(code);
        Map<String, String> weak = new TreeMap<>(sound);
        weak.put("authentication", "fail");
        assertThat(checklist(server)).as("the practices").isEqualTo(weak);

        FRONT.bend(Bend.NONE);
        JsonNode straight = server.play("{\"drills\":[\"%s\"]}".formatted(row));
        assertThat(DrilledServer.outcomes(straight)).isEqualTo(Map.of(row, "holds"));
        assertThat(server.matrix("default")).as("once a drill holds").isEqualTo(allHold());
    }

    private static Map<String, String> checklist(DrilledServer server) {
        Map<String, String> practices = new TreeMap<>();
        server.server()
                .admin("/v1/checklist")
                .json()
                .get("items")
                .forEach(item ->
                        practices.put(item.get("id").asString(), item.get("verdict").asString()));
        return practices;
    }

    private static Map<String, String> allHold() {
        Map<String, String> all = new TreeMap<>();
        for (Threat threat : Threat.values()) {
            all.put(threat.wireName(), "holds");
        }
        return all;
    }

    private static List<String> reasonsOf(JsonNode run, String row) {
        List<String> codes = new ArrayList<>();
        for (JsonNode drill : run.get("drills")) {
            if (drill.get("id").asString().equals(row)) {
                drill.get("reasons").forEach(reason -> codes.add(reason.get("code").asString()));
            }
        }
        return codes;
    }

    private static String tenant() {
        String name = "weakened-" + TENANTS.incrementAndGet();
        Answer made =
                SERVERS.getFirst()
                        .server()
                        .admin(
                                "/v1/tenants",
                                "{\"id\":\"" + name + "\",\"name\":\"" + name + "\"}");
        assertThat(made.status()).as(made.response().body()).isEqualTo(201);
        return name;
    }

    private static void assertWeak(
            DrilledServer server,
            String tenant,
            Set<Threat> played,
            String rows,
            String code,
            String named) {
        List<String> weak = rows == null ? List.of() : Arrays.asList(rows.split(","));
        Map<String, String> expected = new TreeMap<>();
        for (Threat threat : Threat.values()) {
            expected.put(threat.wireName(), weak.contains(threat.wireName()) ? "weak" : "holds");
        }
        assertThat(server.matrix(tenant)).isEqualTo(expected);

        String drills =
                played.stream()
                        .map(threat -> "\"" + threat.wireName() + "\"")
                        .collect(Collectors.joining(","));
        JsonNode run = server.play("{\"tenant\":\"%s\",\"drills\":[%s]}".formatted(tenant, drills));
        expected.keySet().removeIf(row -> !drills.contains(row));

        assertThat(DrilledServer.outcomes(run)).as(run.toPrettyString()).isEqualTo(expected);
        for (JsonNode drill : run.get("drills")) {
            if (weak.contains(drill.get("id").asString())) {
                JsonNode reason = drill.get("reasons").get(0);
                assertThat(drill.get("reasons")).hasSize(1);
                assertThat(reason.get("code").asString()).isEqualTo(code);
                assertThat(reason.get("what").asString() + reason.get("setting")).contains(named);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"aRule", "aCaller", "aSetting", "aBentServer"})
    void thePageHoldsTheSameTable(String table) throws Exception {
        String page = Files.readString(Path.of("..", "docs", "drills.md"));
        for (var method : WeakenedTest.class.getDeclaredMethods()) {
            if (method.getName().equals(table)) {
                for (String line :
                        method.getAnnotation(CsvSource.class).textBlock().strip().split("\n")) {
                    String[] cells = line.split("\\|", -1);
                    String code = cells[cells.length > 4 ? 3 : 2].strip();
                    assertThat(page).contains("`" + cells[0].strip()).contains(code);
                }
            }
        }
    }
}
