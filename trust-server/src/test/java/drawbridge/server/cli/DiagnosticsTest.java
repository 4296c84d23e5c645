package drawbridge.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.support.KillableServer;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.SqliteOnly;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** A diagnostic bundle of a server that was told, and has logged, what must not leave it. */
@SqliteOnly
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "looks at POSIX rights")
final class DiagnosticsTest {
    private static final String EMAIL = "canary.ana@example.test";
    private static final String ADDRESS = "203.0.113.77";
    private static final String ADDRESS6 = "2001:db8:77::1234";
    private static final String PASSWORD = "canary violet harbour 42";
    private static final String HOOK = "canary-hook-Rk4tN8pB2sYd6wFh0vMc";

    @TempDir private Path temp = Path.of("");
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void aBundleSaysHowTheServerStandsAndNothingOfAnybody() throws Exception {
        Map<String, String> canaries = new LinkedHashMap<>();
        canaries.put("e-mail address", EMAIL);
        canaries.put("address", ADDRESS);
        canaries.put("IPv6 address", ADDRESS6);
        canaries.put("password", PASSWORD);
        canaries.put("webhook's path", HOOK);
        canaries.put("bridge secret", RunningServer.SECRET);
        Path file = temp.resolve("bundle.zip");
        try (KillableServer server =
                new KillableServer(
                        temp,
                        Map.of(
                                "DRAWBRIDGE_LOG_LEVEL",
                                "DEBUG",
                                "DRAWBRIDGE_ALERT_WEBHOOK_URL",
                                "http://127.0.0.1:1/" + HOOK,
                                "DRAWBRIDGE_ALERT_WEBHOOK_SECRET",
                                HOOK + "-signs",
                                "DRAWBRIDGE_SMTP_URL",
                                "smtp://canary.ana%40example.test@127.0.0.1:1",
                                "DRAWBRIDGE_ALERT_MAIL_TO",
                                EMAIL))) {
            server.start();
            String session =
                    JsonMapper.shared()
                            .readTree(
                                    server.post(
                                                    "/auth/register",
                                                    Map.of(
                                                            "email",
                                                            EMAIL,
                                                            "password",
                                                            PASSWORD,
                                                            "ip",
                                                            ADDRESS))
                                            .body())
                            .findValue("session_id")
                            .asString();
            canaries.put("session id", session);
            String token =
                    JsonMapper.shared()
                            .readTree(
                                    server.admin(
                                                    "/v1/tokens",
                                                    Map.of("purpose", "magic_link", "email", EMAIL))
                                            .body())
                            .findValue("token")
                            .asString();
            canaries.put("trust token", token);
            canaries.put(
                    "admin token", Files.readString(server.data().resolve("admin-token")).strip());
            int _ =
                    server.post(
                                    "/auth/bridge/validate",
                                    Map.of("session_id", session, "ip", ADDRESS))
                            .statusCode();
            // what a careless line of some library might hold
            for (String canary : canaries.values()) {
                Files.writeString(
                        server.data().resolve("logs").resolve("server.jsonl"),
                        "{\"level\":\"WARN\",\"message\":\"seen password=%s from %s (%s)\"}\n"
                                .formatted(
                                        canary.replace(' ', '_'),
                                        canary.replace(PASSWORD, "x"),
                                        ADDRESS6),
                        StandardOpenOption.APPEND);
            }

            assertThat(run("diagnostics", "--data-dir", server.data().toString()))
                    .as(err.toString())
                    .isZero();
            assertThat(out.toString())
                    .contains("configuration.json", "left out", "[e-mail]", "nothing was written")
                    .doesNotContain(EMAIL);
            assertThat(
                            run(
                                    "diagnostics",
                                    "--data-dir",
                                    server.data().toString(),
                                    "--out",
                                    file.toString()))
                    .as(err.toString())
                    .isZero();
            assertThat(server.admin("GET", "/v1/audit?kind=diagnostics.read").body())
                    .contains("\"total\":1");
            assertThat(
                            run(
                                    "diagnostics",
                                    "--data-dir",
                                    server.data().toString(),
                                    "--out",
                                    file.toString()))
                    .isEqualTo(2); // never over another file
        }

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        Map<String, String> entries = entries(file);
        assertThat(entries)
                .containsKeys(
                        "manifest.json",
                        "server.json",
                        "condition.json",
                        "configuration.json",
                        "health.json",
                        "metrics.txt",
                        "nodes.json",
                        "checklist.json",
                        "alerts.json",
                        "threads.txt",
                        "log.jsonl");
        JsonNode manifest = JsonMapper.shared().readTree(text(entries, "manifest.json"));
        for (JsonNode part : manifest.path("parts")) {
            assertThat(text(entries, part.path("name").asString()).getBytes(StandardCharsets.UTF_8))
                    .hasSize(part.path("bytes").asInt());
        }
        assertThat(manifest.path("leftOut").size()).isPositive();
        assertThat(entries.get("condition.json")).contains("\"schema\" : \"1");
        assertThat(entries.get("configuration.json")).contains("session.idle");
        assertThat(entries.get("threads.txt")).contains("db-writer");
        assertThat(entries.get("metrics.txt")).contains("drawbridge_sessions_live");
        assertThat(entries.get("log.jsonl")).contains("seen password=[secret]", "[address]");
        entries.forEach((name, text) ->
                canaries.forEach((what, canary) ->
                        assertThat(text.contains(canary)).as("%s in %s", what, name).isFalse()));
    }

    @Test
    void aServerThatDoesNotRunIsAskedForLess() throws Exception {
        try (KillableServer server = new KillableServer(temp)) {
            server.start();
            server.kill();
            Path file = temp.resolve("bundle.zip");

            assertThat(
                            run(
                                    "diagnostics",
                                    "--data-dir",
                                    server.data().toString(),
                                    "--out",
                                    file.toString()))
                    .as(err.toString())
                    .isZero();

            assertThat(entries(file))
                    .containsKeys(
                            "manifest.json",
                            "server.json",
                            "configuration.json",
                            "folder.json",
                            "log.jsonl");
        }
    }

    private static String text(Map<String, String> entries, String name) {
        return Objects.requireNonNull(entries.get(name), name);
    }

    private static Map<String, String> entries(Path file) throws Exception {
        Map<String, String> entries = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.put(
                        entry.getName().replace("drawbridge-diagnostics/", ""),
                        new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return entries;
    }

    private int run(String... arguments) {
        return Cli.run(
                new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), Map.of()),
                arguments);
    }
}
