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
import java.util.concurrent.TimeoutException;

/** A route's mode is raised by keyboard, after what-if, and the next real call obeys. */
@Timeout(180)
class RoutesRealTest {
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
            return Optional.of(JSON.readTree(Files.readString(data.resolve("console-ready.json"))));
        } catch (IOException | tools.jackson.core.JacksonException e) {
            return Optional.empty();
        }
    }

    private HttpResponse<String> post(String path, Map<String, String> body, String... headers) {
        URI server = URI.create(ready().orElseThrow().get("publicUrl").asString());
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.resolve(path))
                        .timeout(Duration.ofSeconds(10))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<String> pay(String session) {
        try {
            String secret = Files.readString(data.resolve("bridge-secret")).strip();
            return post(
                    "/auth/bridge/validate",
                    Map.of(
                            "session_id",
                            session,
                            "ip",
                            "127.0.0.1",
                            "method",
                            "POST",
                            "path",
                            "/payments/7"),
                    "X-Bridge-Secret",
                    secret);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitText(String part) {
        await("“" + part + "” on the screen")
                .atMost(PATIENCE)
                .until(() ->
                        !robot.lookup((Node node) ->
                                        node instanceof Labeled labeled
                                                && labeled.getText() != null
                                                && labeled.getText().contains(part)
                                                && isShown(node))
                                .queryAll()
                                .isEmpty());
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
    void raisesModeAfterWhatIfAndTheNextRealCallObeys() {
        HttpResponse<String> registered =
                post(
                        "/auth/register",
                        Map.of(
                                "email",
                                "ana@example.test",
                                "password",
                                "violet harbour lantern 42"));
        assertThat(registered.statusCode()).isEqualTo(201);
        String session = JSON.readTree(registered.body()).get("data").get("session_id").asString();
        for (int i = 0; i < 4; i++) {
            assertThat(pay(session).statusCode()).isEqualTo(200);
        }

        robot.press(KeyCode.CONTROL).type(KeyCode.DIGIT4).release(KeyCode.CONTROL);
        awaitText("No rule says how strict a route is");
        robot.type(KeyCode.INSERT);
        awaitText("1 change staged, nothing applied");
        await("the cursor in the new rule's pattern")
                .atMost(PATIENCE)
                .until(() ->
                        robot.lookup(".cell-field").queryAll().stream().anyMatch(Node::isFocused));
        robot.write("/payments/**");
        awaitText("STANDARD on * /payments/** would have changed nothing for 4 recorded calls");
        assertThat(pay(session).statusCode()).isEqualTo(200);

        robot.interact(() -> robot.lookup(".rules-table").query().requestFocus());
        robot.type(KeyCode.DIGIT3);
        awaitText(
                "STRICT on * /payments/** would have refused 5 of 5 (100.0 %): 5 without a device");
        assertThat(pay(session).statusCode()).isEqualTo(200); // nothing is applied yet

        robot.press(KeyCode.CONTROL).type(KeyCode.S).release(KeyCode.CONTROL);
        awaitText("Put version 1 in force?");
        robot.write("payments need a device").type(KeyCode.ENTER);
        awaitText("Version 1 · by an administrator");

        HttpResponse<String> refused = pay(session);
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(JSON.readTree(refused.body()).get("signal").asString()).isEqualTo("device");
        awaitText("1 refused: 1 without a device");
    }
}
