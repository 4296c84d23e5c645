package drawbridge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.support.DatabaseContract;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;
import drawbridge.server.support.SqliteOnly;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** The server's own secrets: their ages, and their rotation while it runs. */
@DatabaseContract
class OwnSecretsTest {
    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));
    @TempDir private Path data;

    private RunningServer start(Map<String, String> environment) {
        return RunningServer.start(data, clock, environment);
    }

    private static int ask(RunningServer server, String token) {
        return server.send(
                        HttpRequest.newBuilder(server.server().adminUrl().resolve("/v1/secrets"))
                                .header("Authorization", "Bearer " + token)
                                .GET())
                .status();
    }

    private static JsonNode secret(RunningServer server, String name) {
        return server.admin("/v1/secrets").json().get(name);
    }

    @Test
    void rotatesTheAdminTokenWhileItRunsAndOverRestarts() throws Exception {
        String first;
        String second;
        try (RunningServer server = start(Map.of())) {
            first = server.adminToken();

            Answer rotated =
                    server.admin("/v1/secrets/admin-token/rotate", "{\"overlap\":\"10m\"}");

            second = rotated.text("secret");
            assertThat(server.adminToken()).isEqualTo(second).isNotEqualTo(first);
            assertThat(ask(server, first)).isEqualTo(200);
            assertThat(ask(server, second)).isEqualTo(200);
            JsonNode now = secret(server, "adminToken");
            assertThat(now.get("previousUntil").asString()).isEqualTo("2026-03-01T12:10:00Z");
            assertThat(now.get("previousUsedAt").asString()).isEqualTo("2026-03-01T12:00:00Z");
            assertThat(now.get("dueAt").asString()).isEqualTo("2026-05-30T12:00:00Z");
            assertThat(server.admin("/v1/secrets").response().body()).doesNotContain(first, second);
        }
        assertThat(Files.readString(data.resolve("admin-token.facts")))
                .doesNotContain(first, second);
        try (RunningServer server = start(Map.of())) {
            assertThat(ask(server, first)).as("the overlap outlives a restart").isEqualTo(200);
            clock.advance(Duration.ofMinutes(10));
            assertThat(ask(server, first)).isEqualTo(401);
            assertThat(ask(server, second)).isEqualTo(200);
            assertThat(secret(server, "adminToken").get("previousUntil").isNull()).isTrue();
            assertThat(secret(server, "adminToken").get("since").asString())
                    .isEqualTo("2026-03-01T12:00:00Z");
        }
    }

    @Test
    void endsTheAdminTokenAtOnceWithoutAnOverlap() {
        try (RunningServer server = start(Map.of())) {
            String first = server.adminToken();

            server.admin("/v1/secrets/admin-token/rotate", "{\"overlap\":\"0s\"}");

            assertThat(ask(server, first)).isEqualTo(401);
            assertThat(ask(server, server.adminToken())).isEqualTo(200);
            assertThat(audited(server)).contains("secret.admin_token_rotated");
        }
    }

    private static String audited(RunningServer server) {
        return server.admin("/v1/audit?limit=20").response().body();
    }

    /** On a database that others may open with the same key, all of them must be stopped first. */
    @SqliteOnly
    @Test
    void turnsTheMasterKeyWhileItRuns() throws Exception {
        String before;
        try (RunningServer server = start(Map.of())) {
            before = Files.readString(data.resolve("master-key"));
            clock.advance(Duration.ofDays(365));
            assertThat(secret(server, "masterKey").get("due").asBoolean()).isTrue();

            Answer turned = server.admin("/v1/secrets/master-key/rotate", "{}");

            assertThat(turned.status()).as(turned.response().body()).isEqualTo(200);
            assertThat(turned.json().has("secret")).isFalse();
            assertThat(secret(server, "masterKey").get("due").asBoolean()).isFalse();
            assertThat(audited(server)).contains("secret.master_key_rotated");
        }
        assertThat(Files.readString(data.resolve("master-key"))).isNotEqualTo(before);
        try (RunningServer server = start(Map.of())) {
            assertThat(secret(server, "masterKey").get("since").asString())
                    .isEqualTo("2027-03-01T12:00:00Z");
            assertThat(server.admin("/v1/callers/clr_default").status()).isEqualTo(200);
        }
    }

    @Test
    void leavesWhatTheSettingsGiveToThem() {
        String token = "an-admin-token-only-for-tests-0123456789";
        Map<String, String> given =
                Map.of(
                        "DRAWBRIDGE_ADMIN_TOKEN",
                        token,
                        "DRAWBRIDGE_MASTER_KEY",
                        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
        try (RunningServer server = start(given)) {
            HttpRequest.Builder rotate =
                    HttpRequest.newBuilder(
                                    server.server()
                                            .adminUrl()
                                            .resolve("/v1/secrets/admin-token/rotate"))
                            .header("Authorization", "Bearer " + token)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString("{}"));

            Answer refused = server.send(rotate);

            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.text("code")).isEqualTo("NOT_ROTATABLE");
            JsonNode all =
                    server.send(
                                    HttpRequest.newBuilder(
                                                    server.server()
                                                            .adminUrl()
                                                            .resolve("/v1/secrets"))
                                            .header("Authorization", "Bearer " + token)
                                            .GET())
                            .json();
            assertThat(all.get("masterKey").get("origin").asString()).isEqualTo("settings");
            assertThat(all.get("masterKey").get("rotatable").asBoolean()).isFalse();
            assertThat(ask(server, token)).isEqualTo(200);
        }
    }
}
