package drawbridge.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.support.RunningServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Clock;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;

/** {@code drill}: what a pipeline sees of a server, and what it keeps. */
final class DrillCommandTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir private Path folder = Path.of("");
    private String output = "";

    @Test
    void endsWithWhatTheDrillsFoundAndKeepsASignedReport() throws Exception {
        Path data = folder.resolve("data");
        try (RunningServer server =
                RunningServer.start(
                        data, Clock.systemUTC(), Map.of("DRAWBRIDGE_TOKEN_LOGIN_LIFETIME", "2h"))) {
            Path json = folder.resolve("report.json");
            Path page = folder.resolve("report.html");

            assertThat(run("drill", "--json", "--only", "hijacking", "--report", json.toString()))
                    .isZero();
            assertThat(JSON.readTree(output).get("outcome").asString()).isEqualTo("holds");
            assertThat(run("drill", "--only", "link_replay", "--report", page.toString()))
                    .isEqualTo(ExitCodes.WEAK);
            assertThat(output).contains("weak   link_replay", "link_lives_long");
            assertThat(run("drill", "--tenant", "nobody")).isEqualTo(ExitCodes.NOT_DRILLED);
            assertThat(run("drill", "--only", "nothing")).isEqualTo(ExitCodes.NOT_DRILLED);

            JsonNode report = JSON.readTree(Files.readString(json));
            assertThat(isSigned(report, "")).isTrue();
            assertThat(isSigned(report, " ")).isFalse();
            String shown = Files.readString(page);
            int from = shown.indexOf("id=\"drawbridge-report\">") + 23;
            String inside = shown.substring(from, shown.indexOf("</script>", from));
            assertThat(isSigned(JSON.readTree(inside), "")).isTrue();
            assertThat(server.get("/.well-known/drawbridge-keys").response().body())
                    .contains(report.get("publicKey").asString());
            assertThat(shown + Files.readString(json))
                    .doesNotContain("ses_", "brs_", "v4.public.", "dev_", "src=");
        }
    }

    private static boolean isSigned(JsonNode report, String more) throws Exception {
        byte[] key =
                Base64.getUrlDecoder()
                        .decode(
                                report.get("publicKey")
                                        .asString()
                                        .substring("k4.public.".length()));
        Signature signature = Signature.getInstance("Ed25519");
        signature.initVerify(
                KeyFactory.getInstance("Ed25519")
                        .generatePublic(
                                new X509EncodedKeySpec(
                                        HexFormat.of()
                                                .parseHex(
                                                        "302a300506032b6570032100"
                                                                + HexFormat.of().formatHex(key)))));
        String signed =
                "%s\n%s\n%s%s"
                        .formatted(
                                report.get("format").asString(),
                                report.get("signedAt").asString(),
                                report.get("report").asString(),
                                more);
        signature.update(signed.getBytes(StandardCharsets.UTF_8));
        return signature.verify(Base64.getUrlDecoder().decode(report.get("signature").asString()));
    }

    private int run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit =
                Cli.run(
                        new Terminal(
                                new PrintWriter(out, true),
                                new PrintWriter(err, true),
                                Map.of("DRAWBRIDGE_DATA_DIR", folder.resolve("data").toString()),
                                new ByteArrayInputStream(new byte[0])),
                        arguments);
        output = out.toString();
        return exit;
    }
}
