package drawbridge.console.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.console.ConsoleApp;

import javafx.application.Application;
import javafx.scene.Node;
import javafx.scene.control.Labeled;
import javafx.scene.input.Clipboard;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** Many sessions at once, by the keyboard alone, against the real server. */
@Timeout(180)
class RealSessionsTest {
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

    private HttpResponse<String> logIn(String email) {
        return post("/auth/login", Map.of("email", email, "password", "violet harbour lantern 42"));
    }

    private String secondSession(String email) {
        return JSON.readTree(logIn(email).body()).get("session_id").asString();
    }

    private void sees(String session, int status) {
        await().atMost(PATIENCE).until(() -> validate(session).statusCode() == status);
    }

    @Test
    void keyboardAloneFindsAUserRevokesAllTheirSessionsAndTakesItBack() {
        String one = register("cleo@example.test");
        String two = secondSession("cleo@example.test");
        String other = register("dana@example.test");
        robot.press(KeyCode.CONTROL).type(KeyCode.DIGIT2).release(KeyCode.CONTROL);
        awaitText("cleo@example.test");
        awaitText("dana@example.test");

        robot.type(KeyCode.SLASH);
        robot.write("user:cleo ");
        await().atMost(PATIENCE).until(() -> !shows("dana@example.test"));
        robot.press(KeyCode.SHIFT).type(KeyCode.DELETE).release(KeyCode.SHIFT);
        awaitText("2 live sessions of 1 user");
        await().atMost(PATIENCE).until(() -> robot.lookup("#reason").query().isFocused());
        robot.write("lost laptop");
        robot.type(KeyCode.ENTER);

        awaitText("2 of 2 revoked");
        assertThat(validate(one).statusCode()).isEqualTo(401);
        assertThat(validate(two).statusCode()).isEqualTo(401);
        assertThat(validate(other).statusCode()).isEqualTo(200);
        awaitText("refused on 1 of 1 nodes");
        robot.type(KeyCode.ENTER); // from the filter into the table
        robot.press(KeyCode.CONTROL).type(KeyCode.Z).release(KeyCode.CONTROL);

        awaitText("2 of 2 restored");
        sees(one, 200);
        sees(two, 200);
    }

    @Test
    void whatIsCopiedAsCurlWorksInAShell() throws Exception {
        String session = register("eve@example.test");
        robot.press(KeyCode.CONTROL).type(KeyCode.DIGIT2).release(KeyCode.CONTROL);
        awaitText("eve@example.test");

        robot.clickOn("eve@example.test");
        choose("Copy as curl");
        JsonNode shown = JSON.readTree(inBash(clipboard()));
        assertThat(shown.get("session").get("email").asString()).isEqualTo("eve@example.test");

        choose("Copy its revocation as curl");
        String command = clipboard();
        assertThat(command).doesNotContain(adminToken());
        assertThat(JSON.readTree(inBash(command)).get("sessions").asInt()).isEqualTo(1);
        assertThat(validate(session).statusCode()).isEqualTo(401);
    }

    /** From the menu of the selected row. */
    private void choose(String item) {
        robot.press(KeyCode.SHIFT).type(KeyCode.F10).release(KeyCode.SHIFT);
        awaitText(item);
        robot.clickOn(item);
    }

    private String adminToken() {
        try {
            return Files.readString(data.resolve("admin-token")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String clipboard() {
        AtomicReference<String> text = new AtomicReference<>("");
        robot.interact(() -> text.set(Clipboard.getSystemClipboard().getString()));
        return text.get();
    }

    private String inBash(String command) throws IOException, InterruptedException {
        ProcessBuilder shell = new ProcessBuilder("bash", "-c", command);
        shell.environment().put("DRAWBRIDGE_ADMIN_TOKEN", adminToken());
        Process process = shell.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return output;
    }

    @Test
    void explainsARefusalInTheDrawer() {
        String session = register("finn@example.test");
        robot.press(KeyCode.CONTROL).type(KeyCode.DIGIT2).release(KeyCode.CONTROL);
        awaitText("finn@example.test");
        robot.clickOn(".row-action");
        awaitText("refused on 1 of 1");
        assertThat(validate(session).statusCode()).isEqualTo(401);

        robot.clickOn("finn@example.test");
        awaitText("Refused: revoked");
        robot.clickOn("Explain");

        awaitText("it was revoked, or logged out");
    }
}
