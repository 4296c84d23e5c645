package drawbridge.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import drawbridge.server.support.Given;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RunningServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The samples of {@code docs/samples} do against a real server what {@code docs/protocol.md} says.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the samples are for a POSIX shell")
final class SamplesTest {
    @TempDir Path temp = Path.of("");

    private RunningServer server;
    private String session = "";
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        server = RunningServer.start(temp.resolve("data"), new MutableClock(Given.OPENED));
        session = server.register("ana@example.test");
        Files.writeString(temp.resolve("secret"), RunningServer.SECRET + "\n");
    }

    @AfterEach
    void end() {
        started.forEach(Process::destroyForcibly);
        server.close();
    }

    /** Where the program is absent the sample is skipped and named; all are read with the code. */
    @ParameterizedTest
    @CsvSource({
        "sh, validate.sh",
        "node, validate.mjs",
        "python3, validate.py",
        "go run, validate.go"
    })
    void everyLanguageDecidesAlike(String program, String sample) throws Exception {
        assumeTrue(isThere(program.split(" ")[0]), program + " is not on this machine");

        Ended trusted = run(program, sample, session, "127.0.0.1");
        assertThat(trusted.code).as(trusted.output).isZero();
        assertThat(trusted.output).matches("usr_\\S+\\s*");
        assertThat(run(program, sample, session, "198.51.100.9").code).isEqualTo(1);
        assertThat(run(program, sample, "ses_there_is_none_of_this_name", "127.0.0.1").code)
                .isEqualTo(1);
        server.close();
        assertThat(run(program, sample, session, "127.0.0.1").code).isEqualTo(2);
    }

    @Test
    void theJavaBackEndRuns() throws Exception {
        Path source = Path.of("..", "docs", "samples", "SampleBackEnd.java").toAbsolutePath();
        Process backEnd =
                process(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                source.normalize().toString(),
                                "0"));
        URI url;
        try (BufferedReader said = backEnd.inputReader(StandardCharsets.UTF_8);
                HttpClient http = HttpClient.newHttpClient()) {
            url = URI.create(said.readLine());

            assertThat(ask(http, url, session)).isEqualTo(200);
            assertThat(ask(http, url, "ses_there_is_none_of_this_name")).isEqualTo(401);
            assertThat(ask(http, url, "\"}bad")).isEqualTo(401);
            server.close();
            assertThat(ask(http, url, session)).isEqualTo(503);
        }
    }

    private static int ask(HttpClient http, URI url, String session) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(url.resolve("/orders"))
                                .timeout(Duration.ofSeconds(20))
                                .header("X-Session-ID", session)
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static final class Ended {
        private final int code;
        private final String output;

        Ended(int code, String output) {
            this.code = code;
            this.output = output;
        }
    }

    private Ended run(String program, String sample, String... arguments) throws Exception {
        List<String> line = new ArrayList<>(List.of(program.split(" ")));
        line.add(Path.of("..", "docs", "samples", sample).toAbsolutePath().normalize().toString());
        line.addAll(List.of(arguments));
        Process process = process(line);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), output);
    }

    private Process process(List<String> line) throws IOException {
        ProcessBuilder program = new ProcessBuilder(line);
        program.environment().put("DRAWBRIDGE_URL", server.publicUrl().toString());
        program.environment().put("BRIDGE_SECRET_FILE", temp.resolve("secret").toString());
        program.redirectError(temp.resolve("errors").toFile());
        Process process = program.start();
        started.add(process);
        return process;
    }

    private static boolean isThere(String program) {
        for (String folder : System.getenv("PATH").split(":")) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }
}
