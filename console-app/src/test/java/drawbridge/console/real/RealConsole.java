package drawbridge.console.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.console.ConsoleApp;

import javafx.application.Application;
import javafx.scene.Node;
import javafx.scene.control.Labeled;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;

import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
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
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A console on the screen with a real server as its child, in a data folder of its own; both end
 * with the test.
 */
@Timeout(600)
abstract class RealConsole {
    static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String COMMAND = "drawbridge.server.command";

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    final LookingRobot robot = new LookingRobot(patience());
    Path data = Path.of("");
    private Application console = new ConsoleApp();

    @BeforeEach
    void open(@TempDir Path folder) throws TimeoutException {
        data = folder.resolve("data");
        FxToolkit.toolkitContext().setLaunchTimeoutInMillis(patience().toMillis());
        FxToolkit.toolkitContext().setSetupTimeoutInMillis(patience().toMillis());
        if (OS.current() != OS.WINDOWS) {
            System.setProperty(COMMAND, server(folder).toString());
        }
        Stage stage = FxToolkit.registerPrimaryStage();
        robot.interact(() -> {
            stage.setX(0);
            stage.setY(0);
        });
        List<String> options =
                new ArrayList<>(
                        List.of("--data-dir", data.toString(), "--port", "0", "--admin-port", "0"));
        options.addAll(further());
        console = FxToolkit.setupApplication(ConsoleApp.class, options.toArray(String[]::new));
        if (further().isEmpty()) {
            await().atMost(patience()).until(() -> ready().isPresent());
        }
    }

    /** Options besides; with any, no server of the console's own is waited for. */
    List<String> further() {
        return List.of();
    }

    /**
     * The server's program with the memory of {@code bin/drawbridge-server} and the first compiler
     * only, for it lives for seconds: it is ready after half the work.
     */
    private Path server(Path folder) {
        try {
            Path script = folder.resolve("server");
            Files.writeString(
                    script,
                    """
                    #!/bin/sh
                    %s
                    exec '%s/bin/java' --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '%s' drawbridge.server.ServerMain "$@"
                    """
                            .formatted(
                                    environment(),
                                    System.getProperty("java.home"),
                                    System.getProperty("java.class.path")));
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
            return script;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What the server's environment has besides, as a shell writes it: a test cannot change its
     * own.
     */
    String environment() {
        return "";
    }

    /**
     * How long something may take until the test gives up: longer than the console's first three
     * tries to start a server on a machine that is too busy for the first two.
     */
    Duration patience() {
        return Duration.ofSeconds(150);
    }

    @AfterEach
    void close() throws TimeoutException {
        Optional<ProcessHandle> server =
                told().map(told -> told.get("pid").asLong())
                        .flatMap(pid ->
                                ProcessHandle.current()
                                        .children()
                                        .filter(child -> child.pid() == pid)
                                        .findFirst());
        System.clearProperty(COMMAND);
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
        return told().filter(told -> {
            URI health = URI.create(told.get("publicUrl").asString()).resolve("/health");
            try {
                return send(HttpRequest.newBuilder(health)).statusCode() == 200;
            } catch (UncheckedIOException e) {
                return false;
            }
        });
    }

    /** The same, whether or not the server still answers. */
    private Optional<JsonNode> told() {
        try {
            return Optional.of(JSON.readTree(Files.readString(data.resolve("console-ready.json"))));
        } catch (IOException | tools.jackson.core.JacksonException e) {
            return Optional.empty();
        }
    }

    final HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(
                    request.timeout(Duration.ofSeconds(60)).build(), BodyHandlers.ofString());
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

    final String adminToken() {
        try {
            return Files.readString(data.resolve("admin-token")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    final String clipboard() {
        AtomicReference<String> text = new AtomicReference<>("");
        robot.interact(() -> text.set(Clipboard.getSystemClipboard().getString()));
        return text.get();
    }

    /** What a command prints in a shell that has those variables. */
    final String inBash(String command, Map<String, String> variables) {
        ProcessBuilder shell = new ProcessBuilder("bash", "-c", command);
        shell.environment().putAll(variables);
        try {
            Process process = shell.start();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).isZero();
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What a command prints in the shell of an administrator. */
    final String inBash(String command) {
        return inBash(command, Map.of("DRAWBRIDGE_ADMIN_TOKEN", adminToken()));
    }

    /** Goes to a screen, as the keys do. */
    final void go(KeyCode digit) {
        robot.press(KeyCode.CONTROL).type(digit).release(KeyCode.CONTROL);
    }

    /** Puts a text into a field. */
    final void fill(String field, String text) {
        TextInputControl control =
                robot.lookup(field)
                        .match(TextInputControl.class::isInstance) // a column may have that id too
                        .queryAs(TextInputControl.class);
        robot.interact(() -> control.setText(text));
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

    static boolean isShown(Node node) {
        for (Node at = node; at != null; at = at.getParent()) {
            if (!at.isVisible()) {
                return false;
            }
        }
        return true;
    }
}
