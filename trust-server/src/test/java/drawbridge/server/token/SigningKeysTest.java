package drawbridge.server.token;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.support.DatabaseContract;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RawDatabase;
import drawbridge.server.support.RunningServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/** Signing keys over restarts, drawn and given. */
@DatabaseContract
final class SigningKeysTest {
    /** The second key of the published k4.secret vectors. */
    private static final String GIVEN =
            "k4.secret.cHFyc3R1dnd4eXp7fH1-f4CBgoOEhYaHiImKi4yNjo8c5WpIyC_5kWKhS8VEYSZ05dYfuTF-ZdQFV4D9vLTcNQ";

    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));

    private RunningServer start(Path data, Map<String, String> environment) {
        return RunningServer.start(data, clock, environment);
    }

    private static String signing(RunningServer server) {
        for (JsonNode key : server.admin("/v1/keys").json().get("items")) {
            if (key.get("state").asString().equals("signing")) {
                return key.get("id").asString() + " " + key.get("origin").asString();
            }
        }
        throw new IllegalStateException("no key signs");
    }

    private static String issue(RunningServer server, String email) {
        return server.admin(
                        "/v1/tokens",
                        "{\"purpose\":\"email_verify\",\"email\":\"%s\"}".formatted(email))
                .text("token");
    }

    private static int verify(RunningServer server, String token) {
        return server.post("/auth/verify-email", "{\"token\":\"%s\"}".formatted(token)).status();
    }

    @Test
    void aDrawnKeySignsOnAfterARestart(@TempDir Path data) {
        String before;
        String token;
        try (RunningServer server = start(data, Map.of())) {
            server.register("ana@example.test");
            before = signing(server);
            token = issue(server, "ana@example.test");
        }
        try (RunningServer server = start(data, Map.of())) {
            assertThat(signing(server)).isEqualTo(before);
            assertThat(verify(server, token)).isEqualTo(200);
        }
        assertThat(new RawDatabase(data).texts("SELECT name FROM token_issuer")).hasSize(1);
    }

    @Test
    void aGivenKeySignsAndStaysRotatedAway(@TempDir Path temp) throws IOException {
        Path data = temp.resolve("data");
        Path file = temp.resolve("signing-key");
        Files.writeString(file, GIVEN + "\n");
        Map<String, String> given = Map.of("DRAWBRIDGE_SIGNING_KEY_FILE", file.toString());
        String drawn;
        String fromDrawn;
        try (RunningServer server = start(data, Map.of())) {
            server.register("ana@example.test");
            server.register("ben@example.test");
            drawn = signing(server);
            fromDrawn = issue(server, "ana@example.test");
        }
        String fromGiven;
        try (RunningServer server = start(data, given)) {
            assertThat(signing(server)).endsWith(" settings").isNotEqualTo(drawn);
            assertThat(verify(server, fromDrawn)).as("the one before verifies").isEqualTo(200);
            fromGiven = issue(server, "ben@example.test");
            server.admin("/v1/keys/rotate", "{}");
            assertThat(signing(server)).endsWith(" drawn");
        }
        try (RunningServer server = start(data, given)) {
            assertThat(signing(server)).as("it stays rotated away").endsWith(" drawn");
            assertThat(verify(server, fromGiven)).isEqualTo(200);
        }
    }

    @Test
    void theNextKeySignsWhereTheGivenOneIsGone(@TempDir Path data) {
        try (RunningServer server = start(data, Map.of("DRAWBRIDGE_SIGNING_KEY", GIVEN))) {
            assertThat(signing(server)).endsWith(" settings");
        }
        try (RunningServer server = start(data, Map.of())) {
            assertThat(signing(server)).endsWith(" drawn");
            server.register("ana@example.test");
            assertThat(verify(server, issue(server, "ana@example.test"))).isEqualTo(200);
        }
        assertThat(
                        new RawDatabase(data)
                                .texts("SELECT reason FROM audit WHERE kind = 'key.rotated'"))
                .contains("no key could sign");
    }

    @Test
    void noSeedOutlivesItsUse(@TempDir Path data) {
        try (RunningServer server = start(data, Map.of())) {
            server.admin("/v1/keys/rotate", "{}");
            server.admin("/v1/keys/rotate", "{}");
        }

        assertThat(
                        new RawDatabase(data)
                                .texts(
                                        "SELECT state FROM signing_key WHERE sealed_seed IS NOT NULL ORDER BY state"))
                .containsExactly("next", "signing");
    }
}
