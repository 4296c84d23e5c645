package drawbridge.server.drill;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.support.TestIdentity;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** Drills over HTTP, against a server as it is installed. */
@Tag("database-contract")
final class DrillsTest {
    @Test
    void allHoldOnADefaultInstall(@TempDir Path folder) {
        try (DrilledServer server = DrilledServer.start(folder, Map.of())) {
            JsonNode run = server.play("{}");

            assertThat(Set.copyOf(DrilledServer.outcomes(run).values()))
                    .as(run.toPrettyString())
                    .containsExactly("holds");
            assertThat(run.get("state").asString()).isEqualTo("ended");
            assertThat(server.matrix("default").values()).containsOnly("holds");
        }
    }

    @Test
    void allHoldOverTls(@TempDir Path folder) throws Exception {
        Path certificate = folder.resolve("cert.pem");
        Path key = folder.resolve("key.pem");
        TestIdentity.of("drilled", "EC", 256).write(certificate, key);
        Map<String, String> tls =
                Map.of(
                        "DRAWBRIDGE_TLS_CERT",
                        certificate.toString(),
                        "DRAWBRIDGE_TLS_KEY",
                        key.toString());
        try (DrilledServer server = DrilledServer.start(folder.resolve("data"), tls)) {
            assertThat(server.server().publicUrl().getScheme()).isEqualTo("https");

            JsonNode run = server.play("{}");

            assertThat(Set.copyOf(DrilledServer.outcomes(run).values()))
                    .as(run.toPrettyString())
                    .containsExactly("holds");
        }
    }
}
