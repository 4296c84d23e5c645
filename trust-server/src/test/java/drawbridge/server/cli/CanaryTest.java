package drawbridge.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.server.ServerMain;
import drawbridge.server.config.Setting;
import drawbridge.server.support.ChildJava;
import drawbridge.server.support.SqliteOnly;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A server that is told everything by its environment, with values that would be recognised
 * anywhere. It is used, misused and killed; then everything it has written is searched for them.
 */
@SqliteOnly
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "looks at POSIX rights")
final class CanaryTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String BRIDGE = "canary-bridge-Zq8vK2mT5xWc9rLd3nPf";
    private static final String ADMIN = "canary-admin-Hb7sJ4kV1yQe6uNg0tRa";
    private static final String PASSWORD = "canary violet Xw3pD8fM harbour lantern";
    private static final String REDIS = "canary-redis-Tf6mD3xY8qSb1wCj5pVz";
    private static final String HOOK = "canary-hook-Rk4tN8pB2sYd6wFh0vMc";
    private static final String HOOK_SECRET = "canary-whsec-Jx1gE5uQ9zCa3lOi7nTy";
    private static final String WRONG = "canary-wrong-Lc5zB2jS7vYh4gKo9eTi";

    @TempDir private Path temp = Path.of("");

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Map<String, String> canaries = new LinkedHashMap<>();
    private @Nullable Process server;
    private URI url = URI.create("http://127.0.0.1:0");
    private URI adminUrl = url;

    @AfterEach
    void end() {
        if (server != null) {
            server.destroyForcibly().onExit().join(); // then its folder is deleted
        }
        http.close();
    }

    @Test
    void everySettingCanComeByTheEnvironmentAlone() throws Exception {
        Map<String, String> given = everything();
        start(given);

        JsonNode settings = JsonMapper.shared().readTree(admin("GET", "/v1/config").body());

        for (JsonNode setting : settings) {
            String variable = setting.get("variable").asString();
            if (given.containsKey(variable) || given.containsKey(variable + "_FILE")) {
                assertThat(setting.get("source").asString())
                        .as(variable)
                        .isIn("environment", "file");
            }
            if (setting.get("secret").asBoolean()) {
                assertThat(given).containsKey(variable + "_FILE");
            }
        }
        assertThat(post("/auth/bridge/validate", "{}", "X-Bridge-Secret", BRIDGE).statusCode())
                .isEqualTo(400); // the secret is good, there is no session
    }

    @Test
    void noSecretIsWrittenInClear() throws Exception {
        Process process = start(everything());
        canaries.put("bridge secret", BRIDGE);
        canaries.put("admin token", ADMIN);
        canaries.put("password", PASSWORD);
        canaries.put("wrong value", WRONG);
        canaries.put("redis password", REDIS);
        canaries.put("webhook path", HOOK);
        canaries.put("webhook secret", HOOK_SECRET);
        String login = "{\"email\":\"ana@example.test\",\"password\":\"%s\"}".formatted(PASSWORD);
        String first = session(post("/auth/register", login));
        String second = session(post("/auth/login", login));
        remember("session", first);
        remember("second session", second);

        // used
        String call = "{\"session_id\":\"%s\",\"ip\":\"127.0.0.1\"}";
        assertThat(
                        post(
                                        "/auth/bridge/validate",
                                        call.formatted(first),
                                        "X-Bridge-Secret",
                                        BRIDGE)
                                .statusCode())
                .isEqualTo(200);
        post("/auth/refresh", "{}", "X-Session-ID", second);
        post("/auth/logout", "{}", "X-Session-ID", first);
        admin("POST", "/v1/backup");
        String export = admin("GET", "/v1/audit/export").body();
        Files.writeString(temp.resolve("audit-export.jsonl"), export);

        // misused: every value where it does not belong
        post("/auth/login", login.replace(PASSWORD, WRONG));
        post("/auth/login", "{\"email\":\"ana@example.test\",\"password\":\"" + WRONG);
        post("/auth/login", "{\"email\":\"" + WRONG + "\",\"password\":7}");
        post("/auth/bridge/validate", call.formatted(WRONG), "X-Bridge-Secret", WRONG);
        post("/auth/bridge/validate?session_id=" + first, "{}", "X-Bridge-Secret", BRIDGE);
        post("/auth/bridge/validate", call.formatted(second), "X-Bridge-Secret", ADMIN);
        post(
                "/auth/password-reset/complete",
                "{\"token\":\"%s\",\"password\":\"%s\"}".formatted(WRONG, WRONG));
        get("/auth/password-reset/validate/" + WRONG);
        get("/auth/token/validate?token=" + WRONG);
        get("/auth/validation", "X-Session-ID", WRONG);
        get("/auth/validation", "Cookie", "session_id=" + WRONG);
        get("/no/such/path/" + WRONG + "?" + first);
        http.send(
                HttpRequest.newBuilder(adminUrl.resolve("/v1/sessions"))
                        .header("Authorization", "Bearer " + WRONG)
                        .build(),
                BodyHandlers.ofString());
        await().atMost(PATIENCE) // refusals are written a quarter of a second later
                .until(() ->
                        admin("GET", "/v1/audit?kind=admin.refused")
                                .body()
                                .contains("\"total\":1"));

        String arguments = String.join(" ", process.info().arguments().orElse(new String[0]));
        process.destroyForcibly().waitFor();
        for (Map.Entry<String, String> canary : canaries.entrySet()) {
            assertThat(arguments)
                    .as("%s among the arguments", canary.getKey())
                    .doesNotContain(canary.getValue());
        }
        List<Path> written = files(temp);
        assertThat(written).anyMatch(file -> file.endsWith("drawbridge.db-wal"));
        assertThat(written).anyMatch(file -> file.endsWith("server.jsonl"));
        for (Path file : written) {
            if (file.startsWith(temp.resolve("secrets"))) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------");
                continue;
            }
            search(file);
        }
    }

    private void remember(String what, String session) {
        canaries.put(what, session);
        canaries.put(
                what + "'s bytes in hex",
                HexFormat.of()
                        .formatHex(
                                Base64.getUrlDecoder()
                                        .decode(session.substring(session.indexOf('_') + 1))));
    }

    private void search(Path file) throws IOException {
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        for (Map.Entry<String, String> canary : canaries.entrySet()) {
            assertThat(text.contains(canary.getValue()))
                    .as("%s in %s", canary.getKey(), temp.relativize(file))
                    .isFalse();
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    /** A value for every setting that has one; secrets by file. */
    private Map<String, String> everything() throws IOException {
        Path secrets = Files.createDirectories(temp.resolve("secrets"));
        Map<String, String> given = new HashMap<>();
        for (Setting setting : Setting.values()) {
            if (setting.isSecret()) {
                String value =
                        switch (setting) {
                            case BRIDGE_SECRET -> BRIDGE;
                            case ADMIN_TOKEN -> ADMIN;
                            case SIGNING_KEY ->
                                    // the example of RFC 8032, section 7.1, test 1
                                    "k4.secret."
                                            + Base64.getUrlEncoder()
                                                    .withoutPadding()
                                                    .encodeToString(
                                                            HexFormat.of()
                                                                    .parseHex(
                                                                            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
                                                                                    + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
                            case DATABASE_URL, DATABASE_MIGRATE_URL -> "sqlite:";
                            case ALERT_WEBHOOK_URL -> "http://127.0.0.1:1/" + HOOK;
                            case ALERT_WEBHOOK_SECRET -> HOOK_SECRET;
                            // nobody listens there, which a server outlives
                            case REDIS_URL -> "redis://:" + REDIS + "@127.0.0.1:1";
                            default -> "Q".repeat(43); // 32 bytes in base64url
                        };
                Path file = Files.writeString(secrets.resolve(setting.key()), value + "\n");
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
                given.put(setting.variable() + "_FILE", file.toString());
            } else if (!setting.defaultText().isEmpty()) {
                given.put(setting.variable(), setting.defaultText());
            }
        }
        given.put("DRAWBRIDGE_DATA_DIR", temp.resolve("data").toString());
        given.put("DRAWBRIDGE_PORT", "0");
        given.put("DRAWBRIDGE_LOG_SYSLOG", "udp://127.0.0.1:9"); // nobody listens there either
        given.put("DRAWBRIDGE_ADMIN_PORT", "0");
        return given;
    }

    private Process start(Map<String, String> environment) throws IOException {
        Path address = temp.resolve("data").resolve("address.json");
        ProcessBuilder program = new ProcessBuilder(ChildJava.command(ServerMain.class, "serve"));
        program.environment().putAll(environment);
        program.redirectErrorStream(true);
        program.redirectOutput(temp.resolve("server.out").toFile());
        Process process = program.start();
        server = process;
        await().atMost(PATIENCE).until(() -> Files.exists(address) || !process.isAlive());
        assertThat(process.isAlive()).as(Files.readString(temp.resolve("server.out"))).isTrue();
        JsonNode said = JsonMapper.shared().readTree(Files.readString(address));
        url = URI.create(said.get("publicUrl").asString());
        adminUrl = URI.create(said.get("adminUrl").asString());
        return process;
    }

    private static String session(HttpResponse<String> answer) {
        JsonNode json = JsonMapper.shared().readTree(answer.body());
        JsonNode data = json.has("data") ? json.get("data") : json;
        return data.get("session_id").asString();
    }

    private HttpResponse<String> post(String path, String body, String... headers)
            throws Exception {
        return send(path, headers, request -> request.POST(BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        return send(path, headers, HttpRequest.Builder::GET);
    }

    private interface Method {
        HttpRequest.Builder of(HttpRequest.Builder request);
    }

    private HttpResponse<String> send(String path, String[] headers, Method method)
            throws Exception {
        List<String> all = new ArrayList<>(List.of("Content-Type", "application/json"));
        all.addAll(List.of(headers));
        return http.send(
                method.of(
                                HttpRequest.newBuilder(url.resolve(path))
                                        .timeout(Duration.ofSeconds(20))
                                        .headers(all.toArray(String[]::new)))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> admin(String method, String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(adminUrl.resolve(path))
                        .timeout(Duration.ofSeconds(20))
                        .header("Authorization", "Bearer " + ADMIN)
                        .method(method, BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }
}
