package drawbridge.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import drawbridge.server.support.PgBouncer;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;
import drawbridge.server.support.TestDatabase;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Leases, barriers and revocations of whole servers whose connections everybody shares. */
@Timeout(180)
class NodesBehindPgBouncerTest {
    @TempDir private Path folder;

    private RunningServer start(String url, String node) {
        Map<String, String> settings = new HashMap<>(SharedNodes.environment(url, node));
        settings.put("DRAWBRIDGE_DATABASE_HINTS", "off"); // it passes none on
        return RunningServer.start(folder.resolve(node), Clock.systemUTC(), settings);
    }

    private static int validate(RunningServer server, String session) {
        return server.validate(Map.of("session_id", session, "ip", "127.0.0.1")).status();
    }

    @Test
    void agreeOnWhatIsRevoked() throws Exception {
        Optional<Path> program = PgBouncer.program();
        assumeTrue(
                program.isPresent(),
                "NOT TESTED: no pgbouncer on this system; install the package pgbouncer");
        URI direct = URI.create(TestDatabase.postgresFor(folder.resolve("data")));
        try (PgBouncer bouncer = PgBouncer.start(program.get(), folder, direct.getPort(), 8)) {
            String through =
                    "postgresql://postgres@127.0.0.1:%d%s"
                            .formatted(bouncer.port(), direct.getPath());
            try (RunningServer a = start(through, "a");
                    RunningServer b = start(through, "b")) {
                String session = a.register("pooled@example.test");
                await().until(() -> validate(a, session) == 200 && validate(b, session) == 200);
                JsonNode newest = a.admin("/v1/sessions").json().get("items").get(0);

                Answer receipt =
                        a.admin("/v1/sessions/" + newest.get("ref").asString() + "/revoke", "{}");

                assertThat(receipt.status()).isEqualTo(200);
                assertThat(validate(b, session)).isNotEqualTo(200);
                assertThat(validate(a, session)).isEqualTo(401);
                await().until(() -> validate(b, session) == 401);
            }
        }
    }
}
