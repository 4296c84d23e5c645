package drawbridge.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.model.view.ConfigEntry;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RunningServer;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A server that is told all it needs by its environment, each secret as itself or in a file. */
final class EverythingByEnvironmentTest {
    private static final String ADMIN = "an-admin-token-only-for-tests-0123456789";
    private static final Map<String, String> SECRETS =
            Map.of(
                    "BRIDGE_SECRET",
                    RunningServer.SECRET,
                    "DRAWBRIDGE_ADMIN_TOKEN",
                    ADMIN,
                    "DRAWBRIDGE_MASTER_KEY",
                    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
                    "DRAWBRIDGE_SIGNING_KEY",
                    // The second key of the published k4.secret vectors.
                    "k4.secret.cHFyc3R1dnd4eXp7fH1-f4CBgoOEhYaHiImKi4yNjo8c5WpIyC_5kWKhS8VEYSZ05dYfuTF-ZdQFV4D9vLTcNQ",
                    "DRAWBRIDGE_SMTP_PASSWORD",
                    "a mail password");

    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void startsAndWorks(boolean inFiles, @TempDir Path temp) throws IOException {
        Map<String, String> environment = new HashMap<>();
        environment.put("DRAWBRIDGE_DATA_DIR", temp.resolve("data").toString());
        environment.put("DRAWBRIDGE_PUBLIC_URL", "https://login.example.test");
        environment.put("DRAWBRIDGE_SMTP_URL", "smtps://trust@mail.example.test");
        for (Map.Entry<String, String> secret : SECRETS.entrySet()) {
            if (inFiles) {
                Path file = temp.resolve(secret.getKey());
                Files.writeString(file, secret.getValue() + "\n");
                environment.put(secret.getKey() + "_FILE", file.toString());
            } else {
                environment.put(secret.getKey(), secret.getValue());
            }
        }

        Loaded loaded = new ConfigLoader(environment, 2).load(Optional.empty(), Map.of());

        assertThat(loaded).isInstanceOf(Loaded.Good.class);
        ServerConfig config = ((Loaded.Good) loaded).config();
        assertThat(config.bridge().secret()).isPresent();
        assertThat(config.admin().token()).isPresent();
        assertThat(config.masterKey()).isPresent();
        assertThat(config.token().signingKey()).isPresent();
        assertThat(config.mail().password()).isPresent();
        assertThat(config.entries())
                .extracting(ConfigEntry::value)
                .doesNotContainAnyElementsOf(SECRETS.values());
        assertThat(config.toString()).doesNotContain(List.copyOf(SECRETS.values()));

        if (!inFiles) {
            return; // the running server of the tests gives its bridge secret itself
        }
        environment.remove("BRIDGE_SECRET_FILE");
        try (RunningServer server = RunningServer.start(temp.resolve("data"), clock, environment)) {
            String session = server.register("ana@example.test");
            assertThat(server.validate(Map.of("session_id", session, "ip", "127.0.0.1")).status())
                    .isEqualTo(200);
            assertThat(
                            server.get("/.well-known/drawbridge-keys")
                                    .json()
                                    .get("keys")
                                    .valueStream()
                                    .map(key -> key.get("key").asString()))
                    .contains("k4.public.HOVqSMgv-ZFioUvFRGEmdOXWH7kxfmXUBVeA_by03DU");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DRAWBRIDGE_PUBLIC_URL=login.example.test",
                "DRAWBRIDGE_PUBLIC_URL=https://login.example.test/",
                "DRAWBRIDGE_PUBLIC_URL=https://login.example.test/path",
                "DRAWBRIDGE_PUBLIC_URL=ftp://login.example.test",
                "DRAWBRIDGE_PUBLIC_URL=https://user@login.example.test",
                "DRAWBRIDGE_LINK_ORIGINS=https://a.test,b.test",
                "DRAWBRIDGE_LINK_PATH=auth/confirm",
                "DRAWBRIDGE_LINK_PATH=/auth?x",
                "DRAWBRIDGE_EMAIL_VERIFICATION=yes",
                "DRAWBRIDGE_SIGNING_KEY=k4.public.AAAA",
                "DRAWBRIDGE_TOKEN_RESET_LIFETIME=2d",
                "DRAWBRIDGE_SMTP_URL=mail.example.test",
                "DRAWBRIDGE_SMTP_URL=http://mail.example.test",
                "DRAWBRIDGE_SMTP_URL=smtp://user:topsecret@mail.example.test",
                "DRAWBRIDGE_SMTP_FROM=nobody",
            })
    void refusesWhatCannotWorkAndShowsNoSecret(String setting) {
        int equals = setting.indexOf('=');
        Map<String, String> environment =
                Map.of(setting.substring(0, equals), setting.substring(equals + 1));

        Loaded loaded = new ConfigLoader(environment, 2).load(Optional.empty(), Map.of());

        assertThat(loaded).isInstanceOf(Loaded.Wrong.class);
        assertThat(((Loaded.Wrong) loaded).problems())
                .singleElement()
                .asString()
                .doesNotContain("topsecret")
                .doesNotContain("k4.public.AAAA");
    }
}
