package drawbridge.console.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.console.ConsoleApp;

import javafx.application.Application;
import javafx.scene.Node;
import javafx.scene.control.Labeled;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/** The main job end to end: a session is seen and revoked; a server that is killed comes back. */
@Timeout(180)
class RealServerTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final FxRobot robot = new FxRobot();
    private Path data = Path.of("");
    private Application console = new ConsoleApp();

    @BeforeEach
    void open(@TempDir Path folder) throws TimeoutException {
        data = folder.resolve("data");
        Stage stage = FxToolkit.registerPrimaryStage();
        robot.interact(() -> {
            stage.setX(0);
            stage.setY(0);
        });
        console =
                FxToolkit.setupApplication(
                        ConsoleApp.class,
                        "--data-dir",
                        data.toString(),
                        "--port",
                        "0",
                        "--admin-port",
                        "0");
        await().atMost(PATIENCE).until(() -> ready().isPresent());
    }

    @AfterEach
    void close() throws TimeoutException {
        Optional<ProcessHandle> server =
                ready().flatMap(r -> ProcessHandle.of(r.get("pid").asLong()));
        FxToolkit.cleanupApplication(console);
        FxToolkit.cleanupStages();
        server.ifPresent(process -> {
            process.destroy();
            await().atMost(PATIENCE).until(() -> !process.isAlive());
        });
        http.close();
    }

    /** What the server wrote when it was ready; empty while there is no server. */
    private Optional<JsonNode> ready() {
        try {
            JsonNode ready = JSON.readTree(Files.readString(data.resolve("console-ready.json")));
            URI health = URI.create(ready.get("publicUrl").asString()).resolve("/health");
            return send(HttpRequest.newBuilder(health)).statusCode() == 200
                    ? Optional.of(ready)
                    : Optional.empty();
        } catch (IOException | UncheckedIOException | tools.jackson.core.JacksonException e) {
            return Optional.empty();
        }
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(
                    request.timeout(Duration.ofSeconds(10)).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<String> post(String path, Map<String, String> body, String... headers) {
        URI server = URI.create(ready().orElseThrow().get("publicUrl").asString());
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.resolve(path))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return send(request);
    }

    private String register(String email) {
        HttpResponse<String> answer =
                post(
                        "/auth/register",
                        Map.of("email", email, "password", "violet harbour lantern 42"));
        assertThat(answer.statusCode()).isEqualTo(201);
        return JSON.readTree(answer.body()).get("data").get("session_id").asString();
    }

    private HttpResponse<String> validate(String session) {
        try {
            String secret = Files.readString(data.resolve("bridge-secret")).strip();
            return post(
                    "/auth/bridge/validate",
                    Map.of("session_id", session, "ip", "127.0.0.1"),
                    "X-Bridge-Secret",
                    secret);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitText(String part) {
        await("“" + part + "” on the screen").atMost(PATIENCE).until(() -> shows(part));
    }

    private boolean shows(String part) {
        Set<Node> nodes =
                robot.lookup((Node node) ->
                                node instanceof Labeled labeled
                                        && labeled.getText() != null
                                        && labeled.getText().contains(part)
                                        && isShown(node))
                        .queryAll();
        return !nodes.isEmpty();
    }

    private static boolean isShown(Node node) {
        for (Node at = node; at != null; at = at.getParent()) {
            if (!at.isVisible()) {
                return false;
            }
        }
        return true;
    }

    @Test
    void showsRealSessionAndRevokesItWithOneClick() {
        String session = register("ana@example.test");
        assertThat(validate(session).statusCode()).isEqualTo(200);
        robot.press(KeyCode.CONTROL).type(KeyCode.DIGIT2).release(KeyCode.CONTROL);
        awaitText("ana@example.test");

        robot.clickOn(".row-action");
        awaitText("refused on 1 of 1");

        HttpResponse<String> refused = validate(session);
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(JSON.readTree(refused.body()).get("code").asString())
                .isEqualTo("SESSION_REVOKED");

        robot.clickOn("ana@example.test").type(KeyCode.ENTER);
        awaitText("Revoked by");
        awaitText("Refused: revoked");
        awaitText("Opened by login");
    }

    @Test
    void startsKilledServerAgainWithEverythingItAnswered() {
        String session = register("ben@example.test");
        long pid = ready().orElseThrow().get("pid").asLong();

        ProcessHandle.of(pid).orElseThrow().destroyForcibly();

        await().atMost(PATIENCE)
                .until(() -> ready().filter(r -> r.get("pid").asLong() != pid).isPresent());
        assertThat(validate(session).statusCode()).isEqualTo(200);
        robot.press(KeyCode.CONTROL).type(KeyCode.DIGIT0).release(KeyCode.CONTROL);
        awaitText("Running");
        robot.clickOn("#exitsTab");
        awaitText("signal 9");
        robot.press(KeyCode.CONTROL).type(KeyCode.DIGIT2).release(KeyCode.CONTROL);
        awaitText("ben@example.test");
    }
}
