package drawbridge.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.server.cli.FakeTrustServer.Fault;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

final class SimulateTest {
    @TempDir Path temp;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void agreesWithAServerThatIsRight() throws IOException {
        try (FakeTrustServer server = new FakeTrustServer()) {
            assertThat(simulate(server, "--json")).isZero();
        }

        JsonNode report = JsonMapper.shared().readTree(out.toString());
        assertThat(report.get("users").asInt()).isEqualTo(20);
        assertThat(report.get("wrong").asLong()).isZero();
        assertThat(report.get("agrees").asBoolean()).isTrue();
        assertThat(report.get("validations").asLong())
                .isEqualTo(report.get("trusted").asLong() + report.get("refused").asLong())
                .isEqualTo(report.get("server").get("validations").asLong())
                .isGreaterThan(100);
        assertThat(report.get("server").get("hitRate").asDouble()).isEqualTo(0.75);
        assertThat(report.get("server").get("worstP99Micros").asLong()).isEqualTo(900);
        for (JsonNode expectation : report.get("expectations").values()) {
            if (!expectation.get("why").asString().equals("ended session")) {
                assertThat(expectation.get("refused").asLong())
                        .as(expectation.get("why").asString())
                        .isPositive();
            }
            assertThat(expectation.get("refusedOtherwise").asLong()).isZero();
        }
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void endsWithOneWhenAnotherDeviceIsTrusted() throws IOException {
        try (FakeTrustServer server = new FakeTrustServer(Fault.TRUSTS_OTHER_DEVICES)) {
            assertThat(simulate(server)).isEqualTo(1);
        }

        assertThat(out.toString())
                .containsPattern("that had to be refused were answered \"valid\"")
                .containsPattern("another device +0 +0 +0 +[1-9]");
    }

    @Test
    void endsWithOneWhenAnEndedSessionIsTrusted() throws IOException {
        try (FakeTrustServer server = new FakeTrustServer(Fault.TRUSTS_ENDED_SESSIONS)) {
            assertThat(simulate(server, "--rate", "400", "--duration", "4s")).isEqualTo(1);
        }

        assertThat(out.toString()).containsPattern("ended session +0 +0 +0 +[1-9]");
    }

    @Test
    void saysThatTheServerMustTrustTheProxy() throws IOException {
        try (FakeTrustServer server = new FakeTrustServer(Fault.IGNORES_FORWARDED_ADDRESSES)) {
            assertThat(simulate(server)).isEqualTo(2);
        }

        assertThat(err.toString()).contains("DRAWBRIDGE_TRUSTED_PROXIES=127.0.0.1/32");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void saysWhenTheServerCountedOtherwise() throws IOException {
        try (FakeTrustServer server = new FakeTrustServer(Fault.MISCOUNTS)) {
            assertThat(simulate(server)).isZero();
        }

        assertThat(out.toString()).contains("differ from");
    }

    @Test
    void saysWhenThePeopleAreThereWithOtherPasswords() throws IOException {
        try (FakeTrustServer server = new FakeTrustServer(Fault.HAS_OTHER_PASSWORDS)) {
            assertThat(simulate(server)).isEqualTo(2);
        }

        assertThat(err.toString())
                .contains("ada.0000@simulation.invalid exists with another password");
    }

    @Test
    void saysWhenTheBridgeSecretIsNotKnown() throws IOException {
        try (FakeTrustServer server = new FakeTrustServer()) {
            int code =
                    run(
                            Map.of("BRIDGE_SECRET", "somebody else's secret"),
                            "simulate",
                            "--url",
                            server.url(),
                            "--from",
                            "127.0.0.1");
            assertThat(code).isEqualTo(2);
        }

        assertThat(err.toString()).contains("does not know this bridge secret");
    }

    @Test
    void goesOnUntilItsInputEnds() throws IOException {
        try (FakeTrustServer server = new FakeTrustServer();
                InputStream input = new EndsOnceSeen(server, 500)) {
            Terminal terminal =
                    new Terminal(
                            new PrintWriter(out, true),
                            new PrintWriter(err, true),
                            Map.of("BRIDGE_SECRET", FakeTrustServer.SECRET),
                            input);
            int code =
                    Cli.run(
                            terminal,
                            "simulate",
                            "--url",
                            server.url(),
                            "--from",
                            "127.0.0.1",
                            "--users",
                            "5",
                            "--duration",
                            "1s",
                            "--until-input-ends");
            assertThat(server.trusted()).isGreaterThanOrEqualTo(500);
            assertThat(code).isZero();
        }
    }

    /** Ends when the server has trusted so many, which takes longer than the duration given. */
    private static final class EndsOnceSeen extends InputStream {
        private final FakeTrustServer server;
        private final long enough;

        EndsOnceSeen(FakeTrustServer server, long enough) {
            this.server = server;
            this.enough = enough;
        }

        @Override
        public int read() {
            await().until(() -> server.trusted() >= enough);
            return -1;
        }

        @Override
        public int read(byte[] into, int from, int most) {
            return read();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--url, https://example.org, is not on this machine",
        "--url, http://192.0.2.1:7070, is not on this machine",
        "--url, ftp://127.0.0.1, is not on this machine",
        "--duration, 11m, at most 10m",
        "--duration, 60, is no duration",
        "--rate, 5001, give 1 to 5000",
        "--users, 0, give 1 to 100000",
        "--changed, 101, give 0 to 100",
        "--from, 192.0.2.1, is no IPv4 loopback address",
        "--admin-url, http://127.0.0.1:7071, needs a token"
    })
    void staysWithinItsBounds(String option, String value, String said) {
        assertThat(run(Map.of("BRIDGE_SECRET", FakeTrustServer.SECRET), "simulate", option, value))
                .isEqualTo(2);

        assertThat(err.toString()).contains(option).contains(said);
    }

    @Test
    void needsABridgeSecret() {
        assertThat(run(Map.of(), "simulate")).isEqualTo(2);

        assertThat(err.toString()).contains("the bridge secret is needed");
    }

    private int simulate(FakeTrustServer server, String... more) throws IOException {
        Path folder = Files.createDirectories(temp.resolve("data"));
        Files.writeString(folder.resolve("bridge-secret"), FakeTrustServer.SECRET + "\n");
        Files.writeString(folder.resolve("admin-token"), FakeTrustServer.TOKEN + "\n");
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "simulate",
                                "--url",
                                server.url(),
                                "--admin-url",
                                server.url(),
                                "--data-dir",
                                folder.toString(),
                                "--from",
                                "127.0.0.1",
                                "--users",
                                "20",
                                "--changed",
                                "30"));
        if (!List.of(more).contains("--rate")) {
            arguments.addAll(List.of("--rate", "100", "--duration", "2s"));
        }
        arguments.addAll(List.of(more));
        return run(Map.of(), arguments.toArray(String[]::new));
    }

    private int run(Map<String, String> environment, String... arguments) {
        return Cli.run(
                new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), environment),
                arguments);
    }
}
