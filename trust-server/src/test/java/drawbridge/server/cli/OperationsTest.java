package drawbridge.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.Platform;
import drawbridge.server.support.Given;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.SqliteOnly;
import drawbridge.server.support.TestDatabase;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What an operator does on the command line, with a server running and without. */
@SqliteOnly
final class OperationsTest {
    private static final String PASSPHRASE = "a passphrase of several words";

    @TempDir Path temp = Path.of("");

    private final MutableClock clock = new MutableClock(Given.OPENED);
    private final Map<String, String> environment = new HashMap<>();
    private Path data = Path.of("");
    private String output = "";
    private String errors = "";

    @BeforeEach
    void place() {
        data = temp.resolve("data");
    }

    @Test
    void theDataFolderSaysWhereItsServerAnswers() throws Exception {
        try (RunningServer server = start(data)) {
            server.register("ana@example.test");

            assertThat(run("session", "list")).isZero();
            assertThat(output).contains("ref_").contains("ana@example.test");
            assertThat(run("session", "list", "--json")).isZero();
            String ref = json().get("items").get(0).get("ref").asString();
            assertThat(run("session", "revoke", ref, "--reason", "lost phone")).isZero();
            assertThat(run("session", "restore", ref)).isZero();
            assertThat(run("session", "revoke-matching", "user:ana")).isEqualTo(2);
            assertThat(errors).contains("1 live sessions match; to end them, give --count 1");
            assertThat(run("session", "revoke-matching", "user:ana", "--count", "1", "--json"))
                    .isZero();
            assertThat(json().get("ended").asInt()).isEqualTo(1);
            assertThat(run("session", "undo-revocation", json().get("id").asString())).isZero();
            assertThat(output).contains("restored: 1");
            assertThat(run("session", "revocations")).isZero();
            Path csv = temp.resolve("sessions.csv");
            assertThat(run("session", "export", "--to", csv.toString())).isZero();
            assertThat(Files.readString(csv)).contains("ana@example.test");
            assertThat(run("session", "export", "--to", csv.toString())).isEqualTo(1);
            assertThat(run("session", "show", "ref_0123456789012345678901")).isEqualTo(1);
            assertThat(errors).contains("UNKNOWN_ID");
            assertThat(run("doctor")).isZero();
            assertThat(output).contains("answers " + server.publicUrl());
        }

        assertThat(run("session", "list")).isEqualTo(6);
        assertThat(errors).contains("no server runs on");
        assertThat(data.resolve("address.json")).doesNotExist();
    }

    @Test
    void aWrongAdminTokenIsRefused() throws Exception {
        Path token = Files.writeString(temp.resolve("token"), "not-the-admin-token\n");
        try (RunningServer _ = start(data)) {
            assertThat(run("session", "list", "--admin-token-file", token.toString())).isEqualTo(1);
        }

        assertThat(errors).contains("INVALID_ADMIN_TOKEN");
    }

    @Test
    void everyCommandOfAGroupExplainsItself() {
        assertThat(run("audit", "export", "--help")).isZero();

        assertThat(output).startsWith("Usage: drawbridge-server audit export");
        assertThat(errors).isEmpty();
    }

    @Test
    void anAuditExportThatFailsLeavesNoFile() throws Exception {
        Path file = temp.resolve("audit.jsonl");
        String[] export = {"audit", "export", "--to", file.toString()};
        Path wrong = Files.writeString(temp.resolve("token"), "not-the-admin-token\n");
        try (RunningServer _ = start(data)) {
            assertThat(run(with(export, "--admin-token-file", wrong.toString()))).isEqualTo(1);
            assertThat(file).doesNotExist();
            assertThat(run(export)).isZero();
            byte[] first = Files.readAllBytes(file);
            assertThat(run(export)).isEqualTo(1);
            assertThat(Files.readAllBytes(file)).isEqualTo(first);
        }
    }

    @Test
    void callersAreMadeAndTheirSecretsEnd() throws Exception {
        Path file = temp.resolve("secret");
        try (RunningServer server = start(data)) {
            String session = server.register("ana@example.test");
            assertThat(
                            run(
                                    "caller",
                                    "create",
                                    "shop",
                                    "--scope",
                                    "validate",
                                    "--secret-to",
                                    file.toString(),
                                    "--json"))
                    .isZero();
            String id = json().get("caller").get("id").asString();
            String secret = Files.readString(file).strip();
            assertThat(output).doesNotContain(secret);
            String call = "{\"session_id\":\"%s\",\"ip\":\"127.0.0.1\"}".formatted(session);
            String[] first = {"X-Bridge-Secret", secret};
            assertThat(server.post("/auth/bridge/validate", call, first).status()).isEqualTo(200);

            assertThat(run("caller", "rotate", id, "--overlap", "1h", "--show-secret")).isZero();
            assertThat(output).contains("version: 2", "secret: brs_");
            assertThat(run("caller", "retire", id, "1")).isZero();
            assertThat(server.post("/auth/bridge/validate", call, first).status()).isEqualTo(401);
            assertThat(run("caller", "retire", id, "2")).isEqualTo(1);
            assertThat(errors).contains("LAST_SECRET");
            assertThat(run("caller", "burn", id, "2")).isZero();
            assertThat(run("caller", "show", id)).isZero();
            assertThat(output).contains("secrets:").contains("burned").contains("retired");
            assertThat(run("caller", "list")).isZero();
            assertThat(output).contains(id).contains("shop");
        }
    }

    @Test
    void rulesAreComparedBroughtInAndTakenOut() throws Exception {
        Path rules =
                Files.writeString(
                        temp.resolve("rules.json"),
                        "{\"format\":\"drawbridge-policies/1\",\"rules\":[{\"method\":\"POST\","
                                + "\"pattern\":\"/pay/**\",\"mode\":\"STRICT\"}]}");
        Path exported = temp.resolve("exported.json");
        try (RunningServer _ = start(data)) {
            assertThat(run("policy", "diff", rules.toString())).isZero();
            assertThat(output).contains("added").contains("POST /pay/** STRICT");
            assertThat(run("policy", "list")).isZero();
            assertThat(output).contains("There are none.");
            assertThat(run("policy", "import", rules.toString(), "--json")).isZero();
            assertThat(json().get("version").asInt()).isEqualTo(1);
            assertThat(json().get("changed").asBoolean()).isTrue();
            assertThat(run("policy", "import", rules.toString())).isZero();
            assertThat(output).contains("changed: false").contains("version: 1");
            assertThat(run("policy", "list")).isZero();
            assertThat(output).contains("/pay/**").contains("STRICT");
            assertThat(run("policy", "export", "--to", exported.toString(), "--json")).isZero();
            assertThat(json().get("exportedTo").asString()).isEqualTo(exported.toString());
            assertThat(run("policy", "diff", exported.toString(), "--json")).isZero();
            assertThat(json().get("changes")).isEmpty();
        }
    }

    @Test
    void tenantsAreMadeSuspendedAndDeleted() throws Exception {
        try (RunningServer _ = start(data)) {
            assertThat(run("tenant", "create", "acme", "--name", "Acme")).isZero();
            assertThat(run("tenant", "suspend", "acme", "--reason", "unpaid")).isZero();
            assertThat(output).contains("state: suspended");
            assertThat(run("tenant", "resume", "acme", "--json")).isZero();
            assertThat(json().get("state").asString()).isEqualTo("active");
            assertThat(run("tenant", "delete", "acme", "--confirm", "Acme")).isEqualTo(1);
            assertThat(errors).contains("TENANT_NOT_DELETABLE");
            assertThat(run("tenant", "suspend", "acme")).isZero();
            Path file = temp.resolve("acme.json");
            assertThat(run("tenant", "export", "acme", "--to", file.toString(), "--json")).isZero();
            assertThat(json().get("exportedTo").asString()).isEqualTo(file.toString());
            assertThat(JsonMapper.shared().readTree(Files.readString(file)).get("tenant").get("id"))
                    .isEqualTo(JsonMapper.shared().valueToTree("acme"));
            assertThat(Platform.current().accessOf(file).othersRead()).isFalse();
            assertThat(run("tenant", "delete", "acme", "--confirm", "Acme"))
                    .as("it was exported")
                    .isZero();
            assertThat(run("tenant", "list")).isZero();
            assertThat(output).contains("default").doesNotContain("acme");
        }
    }

    @Test
    void tokensAreIssuedJudgedAndRevokedAndTheirKeysTurn() throws Exception {
        Path file = temp.resolve("token");
        try (RunningServer server = start(data)) {
            server.register("ana@example.test");
            assertThat(
                            run(
                                    "token",
                                    "issue",
                                    "password_reset",
                                    "--email",
                                    "ana@example.test",
                                    "--lifetime",
                                    "24h",
                                    "--secret-to",
                                    file.toString(),
                                    "--json"))
                    .isZero();
            String id = json().get("id").asString();
            String token = Files.readString(file).strip();
            assertThat(output).doesNotContain(token);
            assertThat(run("key", "rotate")).isZero();
            assertThat(run("key", "list")).isZero();
            assertThat(output).contains("signing").contains("verifying").contains("next");
            assertThat(runWith(token, "token", "inspect", "--json")).isZero();
            assertThat(json().get("valid").asBoolean()).isTrue();
            assertThat(Instant.parse(json().get("item").get("expiresAt").asString()))
                    .isEqualTo(
                            Instant.parse(json().get("item").get("issuedAt").asString())
                                    .plus(Duration.ofHours(24)));
            assertThat(run("token", "revoke", id, "--reason", "sent in error")).isZero();
            assertThat(run("token", "list", "--state", "revoked")).isZero();
            assertThat(output).contains(id);
            assertThat(runWith(token, "token", "inspect")).isZero();
            assertThat(output).contains("valid: false").contains("stopped");
        }
    }

    @Test
    void usersAreMadeDisabledAndGivenAPassword() throws Exception {
        try (RunningServer server = start(data)) {
            assertThat(
                            runWith(
                                    RunningServer.PASSWORD,
                                    "user",
                                    "create",
                                    "ana@example.test",
                                    "--name",
                                    "Ana",
                                    "--json"))
                    .isZero();
            String id = json().get("id").asString();
            assertThat(logIn(server, "ana@example.test")).isEqualTo(200);
            assertThat(run("user", "set-type", id, "admin")).isZero();
            assertThat(output).contains("userType: admin");
            assertThat(run("user", "disable", id)).isZero();
            assertThat(logIn(server, "ana@example.test")).isNotEqualTo(200);
            assertThat(run("user", "enable", id)).isZero();
            assertThat(runWith("short", "user", "set-password", id)).isEqualTo(1);
            assertThat(errors).contains("WEAK_PASSWORD");
            assertThat(runWith("a quite different secret", "user", "set-password", id)).isZero();
            assertThat(logIn(server, "ana@example.test")).isEqualTo(401);
            assertThat(run("user", "list", "--filter", "ana")).isZero();
            assertThat(output).contains(id).contains("active");
            assertThat(run("session", "revoke-user", id)).isZero();
            assertThat(run("user", "disable", "Ana@example.test")).isZero();
            assertThat(logIn(server, "ana@example.test")).isNotEqualTo(200);
            assertThat(run("user", "enable", "ana@example.test")).isZero();
            assertThat(run("session", "revoke-user", "ana@example.test")).isZero();
            assertThat(run("user", "disable", "ana@example")).isEqualTo(1);
            assertThat(errors).contains("no account has the address");
        }
    }

    @Test
    void aSecretThatNobodyWouldGetIsNotMade() {
        assertThat(run("caller", "create", "shop")).isEqualTo(2);
        assertThat(errors).contains("--secret-to FILE or --show-secret");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "looks at POSIX rights")
    void aBackupOfARunningServerIsWholeAndPrivate() throws Exception {
        Path file = temp.resolve("backup.db");
        try (RunningServer server = start(data)) {
            server.register("ana@example.test");
            assertThat(run("backup", "--to", file.toString(), "--json")).isZero();
        }

        assertThat(json().get("sha256").asString()).hasSize(64);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(ask(file, "PRAGMA integrity_check")).isEqualTo("ok");
        assertThat(ask(file, "SELECT email FROM user_account")).isEqualTo("ana@example.test");
        try (Stream<Path> kept = Files.list(data.resolve("backups"))) {
            assertThat(kept).hasSize(1);
        }
    }

    @Test
    void onlyTheNewestBackupsAreKept() throws Exception {
        environment.put("DRAWBRIDGE_BACKUP_KEEP", "2");
        start(data).close();
        for (int i = 0; i < 3; i++) {
            assertThat(run("backup")).isZero();
        }

        try (Stream<Path> kept = Files.list(data.resolve("backups"))) {
            assertThat(kept).hasSize(2);
        }
    }

    @Test
    void aRestoreEndsEverySessionAndKeepsWhatWasThere() throws Exception {
        Path file = temp.resolve("backup.db");
        String before;
        try (RunningServer server = start(data)) {
            before = server.register("ana@example.test");
        }
        assertThat(run("backup", "--to", file.toString())).isZero();
        String after;
        try (RunningServer server = start(data)) {
            after = server.register("ben@example.test");
            assertThat(run("restore", "--from", file.toString())).isEqualTo(3);
        }

        assertThat(run("restore", "--from", file.toString(), "--json")).isZero();

        assertThat(json().get("keptAs").asString()).startsWith("before-restore-");
        try (RunningServer server = start(data)) {
            assertThat(validate(server, before)).isEqualTo(401);
            assertThat(validate(server, after)).isEqualTo(401);
            assertThat(logIn(server, "ana@example.test")).isEqualTo(200);
            assertThat(logIn(server, "ben@example.test")).isEqualTo(401);
            JsonNode audit = server.admin("/v1/audit?kind=backup.restored").json();
            assertThat(audit.get("total").asLong()).isEqualTo(1);
            assertThat(server.admin("/v1/audit/verify", "{}").json().get("sound").asBoolean())
                    .isTrue();
        }
    }

    @Test
    void aSecretRetiredSinceTheBackupStaysRetired() throws Exception {
        Path file = temp.resolve("backup.db");
        start(data).close();
        assertThat(run("backup", "--to", file.toString())).isZero();
        change(data, "UPDATE caller_secret SET state = 'retired', ended_at = 1");

        assertThat(run("restore", "--from", file.toString())).isZero();

        assertThat(ask(data.resolve("drawbridge.db"), "SELECT state FROM caller_secret"))
                .isEqualTo("retired");
    }

    @Test
    void whatIsNoGoodBackupIsRefusedAndNothingChanged() throws Exception {
        Path good = temp.resolve("good.db");
        start(data).close();
        assertThat(run("backup", "--to", good.toString())).isZero();
        byte[] present = Files.readAllBytes(data.resolve("drawbridge.db"));

        Path text = Files.writeString(temp.resolve("text"), "no database".repeat(999));
        Path damaged = Files.copy(good, temp.resolve("damaged.db"));
        byte[] bytes = Files.readAllBytes(damaged);
        Arrays.fill(bytes, 8192, 16384, (byte) 7);
        Files.write(damaged, bytes);
        Path newer = Files.copy(good, temp.resolve("newer.db"));
        execute(
                newer,
                "INSERT INTO flyway_schema_history SELECT installed_rank + 1, '99', 'later', type,"
                        + " 'V99__later.sql', 1, installed_by, installed_on, execution_time, success"
                        + " FROM flyway_schema_history ORDER BY installed_rank DESC LIMIT 1");

        assertThat(run("restore", "--from", text.toString())).isEqualTo(1);
        assertThat(run("restore", "--from", damaged.toString())).isEqualTo(1);
        assertThat(errors).contains("damaged");
        assertThat(run("restore", "--from", newer.toString())).isEqualTo(1);
        assertThat(errors).contains("cannot be used by this version");
        assertThat(run("restore", "--from", temp.resolve("none").toString())).isEqualTo(1);
        assertThat(Files.readAllBytes(data.resolve("drawbridge.db"))).isEqualTo(present);
    }

    @Test
    void aBackupUnderAnotherMasterKeyIsRefused() throws Exception {
        Path file = temp.resolve("backup.db");
        start(temp.resolve("other")).close();
        assertThat(
                        run(
                                "backup",
                                "--data-dir",
                                temp.resolve("other").toString(),
                                "--to",
                                file.toString()))
                .isZero();
        start(data).close();

        assertThat(run("restore", "--from", file.toString())).isEqualTo(1);

        assertThat(errors).contains("the master key does not open");
    }

    @Test
    void aNewMasterKeyLeavesEverythingWorking() throws Exception {
        String session;
        try (RunningServer server = start(data)) {
            session = server.register("ana@example.test");
            assertThat(run("secret", "rotate-master-key")).isEqualTo(3);
        }
        String old = Files.readString(data.resolve("master-key"));

        assertThat(run("secret", "rotate-master-key")).isZero();

        assertThat(Files.readString(data.resolve("master-key"))).isNotEqualTo(old);
        try (RunningServer server = start(data)) {
            assertThat(validate(server, session)).isEqualTo(200);
            assertThat(server.admin("/v1/audit/verify", "{}").json().get("sound").asBoolean())
                    .isTrue();
            assertThat(
                            server.admin("/v1/audit?kind=secret.master_key_rotated")
                                    .json()
                                    .get("total")
                                    .asLong())
                    .isEqualTo(1);
        }
        Files.writeString(data.resolve("master-key"), old);
        assertThat(run("audit", "verify")).isEqualTo(2);
        assertThat(errors).contains("the master key does not open");
    }

    @Test
    void aTurnOfTheMasterKeyThatWasBrokenOffIsFinishedOrTakenBack() throws Exception {
        String session;
        try (RunningServer server = start(data)) {
            session = server.register("ana@example.test");
        }
        Path key = data.resolve("master-key");
        Path next = data.resolve("master-key.next");
        byte[] old = Files.readAllBytes(key);

        // after the new key was written, before anything was sealed under it
        Files.writeString(next, "A".repeat(43) + "\n");
        try (RunningServer server = start(data)) {
            assertThat(validate(server, session)).isEqualTo(200);
        }
        assertThat(next).doesNotExist();
        assertThat(Files.readAllBytes(key)).isEqualTo(old);

        // after the commit, before the new key was put in place
        assertThat(run("secret", "rotate-master-key")).isZero();
        byte[] fresh = Files.readAllBytes(key);
        Files.write(next, fresh);
        Files.write(key, old);
        try (RunningServer server = start(data)) {
            assertThat(validate(server, session)).isEqualTo(200);
        }
        assertThat(next).doesNotExist();
        assertThat(Files.readAllBytes(key)).isEqualTo(fresh);
    }

    @Test
    void aMasterKeyFromTheSettingsIsTurnedToAFile() throws Exception {
        Path given = Files.writeString(temp.resolve("key"), "B".repeat(43) + "\n");
        Path fresh = temp.resolve("fresh-key");
        environment.put("DRAWBRIDGE_MASTER_KEY_FILE", given.toString());
        String session;
        try (RunningServer server = start(data)) {
            session = server.register("ana@example.test");
        }

        assertThat(run("secret", "rotate-master-key")).isEqualTo(2);
        assertThat(run("secret", "rotate-master-key", "--to", fresh.toString())).isZero();

        environment.put("DRAWBRIDGE_MASTER_KEY_FILE", fresh.toString());
        try (RunningServer server = start(data)) {
            assertThat(validate(server, session)).isEqualTo(200);
        }
        assertThat(data.resolve("master-key")).doesNotExist();
    }

    @Test
    void aNewAdminTokenReplacesTheOld() throws Exception {
        start(data).close();
        String old = Files.readString(data.resolve("admin-token"));

        assertThat(run("secret", "rotate-admin-token")).isZero();

        Path kept = Files.writeString(temp.resolve("old"), old);
        try (RunningServer _ = start(data)) {
            assertThat(run("session", "list", "--admin-token-file", kept.toString())).isEqualTo(1);
            assertThat(run("session", "list")).isZero();
        }
    }

    @Test
    void theAuditIsVerifiedAndExportedWithAndWithoutAServer() throws Exception {
        Path running = temp.resolve("running.jsonl");
        Path stopped = temp.resolve("stopped.jsonl");
        try (RunningServer server = start(data)) {
            server.register("ana@example.test");
            assertThat(run("audit", "verify")).isZero();
            assertThat(output).contains("The audit is whole.");
            assertThat(run("audit", "list", "--kind", "user.*", "--json")).isZero();
            assertThat(json().get("total").asLong()).isEqualTo(1);
            assertThat(run("audit", "export", "--to", running.toString())).isZero();
            assertThat(run("audit", "checkpoints")).isZero();
        }
        assertThat(run("audit", "verify", "--json")).isZero();
        String key = json().get("publicKey").asString();
        assertThat(run("audit", "export", "--to", stopped.toString())).isZero();

        for (Path file : List.of(running, stopped)) {
            assertThat(run("audit", "verify", "--file", file.toString(), "--public-key", key))
                    .as("%s", errors + output)
                    .isZero();
        }
        Path witness = temp.resolve("witness");
        Files.write(
                witness,
                Files.readAllLines(stopped).stream()
                        .filter(line -> line.contains("\"checkpoint\""))
                        .toList());
        assertThat(run("audit", "verify", "--witness", witness.toString())).isZero();
        change(data, "UPDATE audit SET actor = 'nobody' WHERE number = 2");
        assertThat(run("audit", "verify")).isEqualTo(1);
        assertThat(output).contains("FOUND changed");
        assertThat(run("audit", "verify", "--file", data.resolve("lock").toString())).isEqualTo(2);
    }

    @Test
    void aCopyBringsAccountsAndNoSession() throws Exception {
        Path file = temp.resolve("copy.export");
        String session;
        try (RunningServer server = start(data)) {
            session = server.register("ana@example.test");
        }
        assertThat(runWith(PASSPHRASE, "export", "--to", file.toString())).isZero();
        try (RunningServer server = start(data)) {
            assertThat(validate(server, session)).isEqualTo(200);
        }
        Path other = temp.resolve("other");
        try (RunningServer server = start(other)) {
            server.register("ben@example.test");
        }
        String[] imports = {"import", "--data-dir", other.toString(), "--from", file.toString()};

        assertThat(runWith("another passphrase", imports)).isEqualTo(1);
        assertThat(errors).contains("passphrase is another one");
        assertThat(runWith(PASSPHRASE, with(imports, "--dry-run", "--json"))).isZero();
        assertThat(json().get("added").get("user_account").asLong()).isEqualTo(1);
        assertThat(runWith(PASSPHRASE, with(imports, "--json"))).isZero();
        assertThat(runWith(PASSPHRASE, with(imports, "--json"))).isZero();
        assertThat(json().get("kept").get("user_account").asLong()).isEqualTo(1);

        try (RunningServer server = start(other)) {
            assertThat(validate(server, session)).isEqualTo(401);
            assertThat(logIn(server, "ana@example.test")).isEqualTo(200);
            assertThat(logIn(server, "ben@example.test")).isEqualTo(200);
            assertThat(server.admin("/v1/audit/verify", "{}").json().get("sound").asBoolean())
                    .isTrue();
        }
    }

    @Test
    void aMoveBringsSessionsAndTheSourceServesNoMore() throws Exception {
        Path file = temp.resolve("move.export");
        Path passphrase = Files.writeString(temp.resolve("passphrase"), PASSPHRASE + "\n");
        String session;
        try (RunningServer server = start(data)) {
            session = server.register("ana@example.test");
        }
        assertThat(
                        run(
                                "export",
                                "--seal",
                                "--to",
                                file.toString(),
                                "--passphrase-file",
                                passphrase.toString()))
                .isZero();
        assertThat(run("serve", "--port", "0", "--admin-port", "0")).isEqualTo(2);
        assertThat(errors).contains("--seal");
        Path other = temp.resolve("other");
        environment.put("DRAWBRIDGE_DATA_DIR", other.toString());

        assertThat(
                        runWith(
                                PASSPHRASE,
                                "import",
                                "--data-dir",
                                other.toString(),
                                "--from",
                                file.toString()))
                .isZero();

        try (RunningServer server = start(other)) {
            assertThat(validate(server, session)).isEqualTo(200);
            assertThat(
                            server.validate(
                                            Map.of(
                                                    "session_id", session,
                                                    "ip", "127.0.0.1",
                                                    "device_id", "device-1",
                                                    "user_agent", "Test/1",
                                                    "validation_mode", "STRICT"))
                                    .status())
                    .isEqualTo(200); // the keyed hash of the device still fits
            assertThat(server.admin("/v1/audit/verify", "{}").json().get("sound").asBoolean())
                    .isTrue();
        }
        assertThat(
                        runWith(
                                PASSPHRASE,
                                "import",
                                "--data-dir",
                                other.toString(),
                                "--from",
                                file.toString()))
                .isEqualTo(1);
        assertThat(errors).contains("holds accounts already");

        assertThat(run("export", "--reopen", "--data-dir", data.toString())).isZero();
        try (RunningServer server = start(data)) {
            assertThat(validate(server, session)).isEqualTo(401);
        }
    }

    @Test
    void everythingMovesToAPostgresAndBack() throws Exception {
        String first;
        try (RunningServer server = start(data)) {
            first = server.register("ana@example.test");
            assertThat(run("migrate-data", "--to", "postgresql")).isEqualTo(2);
            assertThat(errors).contains("set DATABASE_URL");
        }
        String url = TestDatabase.postgresFor(data);
        environment.put("DATABASE_URL", url);
        clock.advance(Duration.ofMinutes(1));

        assertThat(run("migrate-data", "--to", "postgresql", "--json")).isZero();
        assertThat(json().get("movedTo").asString()).isEqualTo("postgresql");
        assertThat(json().get("at").asString()).startsWith("postgresql://");
        assertThat(json().get("compared").asString()).contains("SHA-256");
        assertThat(json().get("rows").get("session").asLong()).isEqualTo(1);
        assertThat(json().get("keptAs").isNull()).isTrue();
        assertThat(run("migrate-data", "--to", "postgresql")).isEqualTo(1);
        assertThat(errors).contains("moved away already");
        Path nowhere = temp.resolve("nowhere");
        assertThat(run("migrate-data", "--to", "postgresql", "--data-dir", nowhere.toString()))
                .isEqualTo(2);
        assertThat(errors).contains("there is no data folder");
        assertThat(nowhere).doesNotExist();
        String second;
        try (RunningServer server = start(data)) {
            assertThat(validate(server, first)).isEqualTo(200);
            second = server.register("ben@example.test");
            assertThat(run("migrate-data", "--to", "sqlite")).isEqualTo(3); // it runs
        }
        clock.advance(Duration.ofMinutes(1));

        assertThat(run("migrate-data", "--to", "sqlite")).isZero();
        assertThat(output).contains("movedTo: sqlite").contains("before-restore-");
        environment.remove("DATABASE_URL");
        try (RunningServer server = start(data)) {
            assertThat(validate(server, first)).isEqualTo(200);
            assertThat(validate(server, second)).isEqualTo(200);
            assertThat(server.admin("/v1/audit/verify", "{}").json().get("sound").asBoolean())
                    .isTrue();
        }
    }

    @Test
    void anExportThatWasChangedOrCutIsRefused() throws Exception {
        Path file = temp.resolve("copy.export");
        start(data).close();
        assertThat(runWith(PASSPHRASE, "export", "--to", file.toString())).isZero();
        byte[] bytes = Files.readAllBytes(file);
        Path other = temp.resolve("other");

        for (int at : List.of(20, 40, bytes.length / 2, bytes.length - 1)) {
            byte[] changed = bytes.clone();
            changed[at] ^= 1;
            Files.write(file, changed);
            assertThat(
                            runWith(
                                    PASSPHRASE,
                                    "import",
                                    "--data-dir",
                                    other.toString(),
                                    "--from",
                                    file.toString()))
                    .as("byte %d", at)
                    .isEqualTo(1);
        }
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 20));
        assertThat(
                        runWith(
                                PASSPHRASE,
                                "import",
                                "--data-dir",
                                other.toString(),
                                "--from",
                                file.toString()))
                .isEqualTo(1);
        assertThat(other.resolve("drawbridge.db")).doesNotExist();
    }

    private RunningServer start(Path folder) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("DRAWBRIDGE_DATA_DIR", folder.toString());
        return RunningServer.start(folder, clock, all);
    }

    private static int validate(RunningServer server, String session) {
        return server.validate(Map.of("session_id", session, "ip", "127.0.0.1")).status();
    }

    private static int logIn(RunningServer server, String email) {
        return server.post(
                        "/auth/login",
                        "{\"email\":\"%s\",\"password\":\"%s\"}"
                                .formatted(email, RunningServer.PASSWORD))
                .status();
    }

    private static String[] with(String[] arguments, String... more) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private int run(String... arguments) {
        return runWith("", arguments);
    }

    private int runWith(String input, String... arguments) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("DRAWBRIDGE_DATA_DIR", data.toString());
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code =
                Cli.run(
                        new Terminal(
                                new PrintWriter(out, true),
                                new PrintWriter(err, true),
                                all,
                                new ByteArrayInputStream(
                                        (input + "\n").getBytes(StandardCharsets.UTF_8))),
                        arguments);
        output = out.toString();
        errors = err.toString();
        return code;
    }

    private JsonNode json() {
        return JsonMapper.shared().readTree(output);
    }

    private static void change(Path folder, String statement) throws SQLException {
        execute(folder.resolve("drawbridge.db"), statement);
    }

    private static void execute(Path file, String text) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute(text);
        }
    }

    private static String ask(Path file, String query) throws SQLException, IOException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            return rows.next() ? rows.getString(1) : "";
        }
    }
}
