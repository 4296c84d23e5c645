package drawbridge.server.drill;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** Drills over HTTP, against a server as it is installed. */
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
}
