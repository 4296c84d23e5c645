package drawbridge.console.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.console.ConsoleApp;

import javafx.application.Application;
import javafx.scene.Node;
import javafx.scene.control.Labeled;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;

import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/**
 * A console on the screen with a real server as its child, in a data folder of its own; both end
 * with the test.
 */
@Timeout(180)
abstract class RealConsole {
    static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    final FxRobot robot = new FxRobot();
    Path data = Path.of("");
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
        await().atMost(patience()).until(() -> ready().isPresent());
    }

    /** How long something may take until the test gives up. */
    Duration patience() {
        return Duration.ofSeconds(60);
    }

    @AfterEach
    void close() throws TimeoutException {
        Optional<ProcessHandle> server =
                ready().flatMap(r -> ProcessHandle.of(r.get("pid").asLong()));
        FxToolkit.cleanupApplication(console);
        FxToolkit.cleanupStages();
        server.ifPresent(process -> {
            process.destroy();
            await().atMost(patience()).until(() -> !process.isAlive());
        });
        http.close();
    }

    /** What the server wrote when it was ready; empty while there is no server. */
    final Optional<JsonNode> ready() {
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

    final HttpResponse<String> send(HttpRequest.Builder request) {
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

    final HttpResponse<String> post(String path, Map<String, String> body, String... headers) {
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

    final String register(String email) {
        HttpResponse<String> answer =
                post(
                        "/auth/register",
                        Map.of("email", email, "password", "violet harbour lantern 42"));
        assertThat(answer.statusCode()).isEqualTo(201);
        return JSON.readTree(answer.body()).get("data").get("session_id").asString();
    }

    final HttpResponse<String> logIn(String email) {
        return post("/auth/login", Map.of("email", email, "password", "violet harbour lantern 42"));
    }

    final HttpResponse<String> validate(String session) {
        return ask(Map.of("session_id", session, "ip", "127.0.0.1"));
    }

    /** Asks what a back end asks, with the secret that was made at the start. */
    final HttpResponse<String> ask(Map<String, String> question) {
        try {
            String secret = Files.readString(data.resolve("bridge-secret")).strip();
            return ask(question, secret);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    final HttpResponse<String> ask(Map<String, String> question, String secret) {
        return post("/auth/bridge/validate", question, "X-Bridge-Secret", secret);
    }

    /** Goes to a screen, as the keys do. */
    final void go(KeyCode digit) {
        robot.press(KeyCode.CONTROL).type(digit).release(KeyCode.CONTROL);
    }

    final void awaitText(String part) {
        try {
            await("“" + part + "” on the screen").atMost(patience()).until(() -> shows(part));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(e.getMessage() + "; it shows " + texts(), e);
        }
    }

    final boolean shows(String part) {
        return labelled(part).stream().anyMatch(RealConsole::isShown);
    }

    /** What holds a text with that part, shown or not. */
    final Set<Node> labelled(String part) {
        return robot.lookup((Node node) ->
                        node instanceof Labeled labeled
                                && labeled.getText() != null
                                && labeled.getText().contains(part))
                .queryAll();
    }

    private List<String> texts() {
        return labelled("").stream()
                .filter(RealConsole::isShown)
                .map(node -> ((Labeled) node).getText().strip())
                .filter(text -> !text.isEmpty())
                .toList();
    }

    private static boolean isShown(Node node) {
        for (Node at = node; at != null; at = at.getParent()) {
            if (!at.isVisible()) {
                return false;
            }
        }
        return true;
    }
}
