package drawbridge.console.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import javafx.scene.control.ButtonBase;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A second real server, reached as one elsewhere is: over TLS, by its pinned certificate. */
@Timeout(420)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the server is started by a shell script")
class RealRemoteTest extends RealConsole {
    private static final String PASSWORD = "only for this test";
    private static final String PASSPHRASE = "calm water under a bridge";

    @TempDir Path elsewhere;

    /** The console's own server is not needed: it begins with a profile, which there is not yet. */
    @Override
    List<String> further() {
        return List.of("--connect", "nobody");
    }

    @Override
    Duration patience() {
        return Duration.ofMinutes(2);
    }

    private final List<Process> servers = new ArrayList<>();

    @BeforeEach
    void startServer() throws Exception {
        identity("first");
        use("first");
        run(0);
    }

    private void run(int adminPort) throws IOException {
        Files.deleteIfExists(readyFile());
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "drawbridge.server.ServerMain",
                        "serve",
                        "--data-dir",
                        elsewhere.resolve("data").toString(),
                        "--port",
                        "0",
                        "--admin-port",
                        Integer.toString(adminPort),
                        "--ready-file",
                        readyFile().toString());
        Map<String, String> environment = builder.environment();
        environment.put("DRAWBRIDGE_ADMIN_LISTEN", "0.0.0.0");
        environment.put("DRAWBRIDGE_ADMIN_TLS_KEYSTORE", elsewhere.resolve("tls.p12").toString());
        environment.put("DRAWBRIDGE_ADMIN_TLS_KEYSTORE_PASSWORD", PASSWORD);
        Process server =
                builder.redirectErrorStream(true)
                        .redirectOutput(elsewhere.resolve("server.out").toFile())
                        .start();
        servers.add(server);
        await().atMost(patience()).until(() -> Files.exists(readyFile()) || !server.isAlive());
        assertThat(server.isAlive()).as(Files.readString(elsewhere.resolve("server.out"))).isTrue();
    }

    @AfterEach
    void endServer() throws InterruptedException {
        for (Process server : servers) {
            server.destroy();
            if (!server.waitFor(patience().toSeconds(), TimeUnit.SECONDS)) {
                server.destroyForcibly().waitFor();
            }
        }
        servers.clear();
    }

    private Path readyFile() {
        return elsewhere.resolve("ready.json");
    }

    private int adminPort() throws IOException {
        JsonNode ready = JSON.readTree(Files.readString(readyFile()));
        return URI.create(ready.get("adminUrl").asString()).getPort();
    }

    /** A certificate that signs itself, made by the JDK's own tool. */
    private void identity(String name) throws IOException, InterruptedException {
        Process tool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "admin",
                                "-keyalg",
                                "EC",
                                "-groupname",
                                "secp256r1",
                                "-dname",
                                "CN=" + name,
                                "-ext",
                                "san=ip:127.0.0.1",
                                "-validity",
                                "30",
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                elsewhere.resolve(name + ".p12").toString(),
                                "-storepass",
                                PASSWORD)
                        .redirectErrorStream(true)
                        .start();
        tool.getInputStream().readAllBytes();
        assertThat(tool.waitFor()).isZero();
    }

    private void use(String name) throws IOException {
        Path fresh = elsewhere.resolve("fresh.p12");
        Files.copy(elsewhere.resolve(name + ".p12"), fresh, StandardCopyOption.REPLACE_EXISTING);
        Files.move(
                fresh,
                elsewhere.resolve("tls.p12"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private String fingerprint(String name) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(elsewhere.resolve(name + ".p12"))) {
            store.load(in, PASSWORD.toCharArray());
        }
        byte[] der = store.getCertificate("admin").getEncoded();
        return HexFormat.ofDelimiter(":")
                .withUpperCase()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(der));
    }

    private String text(String id) {
        return robot.lookup(id).queryAs(TextInputControl.class).getText().replace("\n", ":");
    }

    /** Adds the server as a protected profile, having compared its certificate. */
    private void add() throws Exception {
        awaitText("There is no profile named nobody");
        robot.fire("#add");
        awaitText("Add a server");
        fill("#name", "Production");
        fill("#url", "127.0.0.1:" + adminPort());
        fill("#token", Files.readString(elsewhere.resolve("data").resolve("admin-token")).strip());
        fill("#passphrase", PASSPHRASE);
        fill("#repeated", PASSPHRASE);
        robot.fire("#save");
        awaitText("Is this the certificate of");
        assertThat(text("#pin")).isEqualTo(fingerprint("first"));
        robot.fire("#compared");
        robot.fire("#accept");
        awaitText("Protected and locked");
    }

    private String publicUrl() throws IOException {
        return JSON.readTree(Files.readString(readyFile())).get("publicUrl").asString();
    }

    private void registerThere(String email) throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(publicUrl()).resolve("/auth/register"))
                        .header("Content-Type", "application/json")
                        .POST(
                                BodyPublishers.ofString(
                                        JSON.writeValueAsString(
                                                Map.of(
                                                        "email",
                                                        email,
                                                        "password",
                                                        "violet harbour lantern 42"))));
        assertThat(send(request).statusCode()).isEqualTo(201);
    }

    @Test
    void lockedProfileRefusesARevocationThatTheUnlockedOneDoes() throws Exception {
        registerThere("rosa@example.test");
        add();
        awaitText("Connected");
        fireIn("#nav-sessions");
        awaitText("rosa@example.test");

        assertThat(shows("Revoke")).as("not offered while locked").isFalse();
        selectIn("rosa@example.test");
        robot.type(KeyCode.DELETE);
        assertThat(shows("refused on")).isFalse();
        robot.fire("#profileLock");
        awaitText("Unlock Production");
        fill("#passphrase", "not that one at all");
        robot.fire("#confirm");
        awaitText("That is not its passphrase.");
        fill("#passphrase", PASSPHRASE);
        robot.fire("#confirm");
        awaitText("Unlocked: changes act on this server.");
        robot.fire(".row-action");
        awaitText("refused on 1 of 1");
        robot.fire("#profileLock");
        awaitText("Protected and locked");
        await().atMost(patience()).until(() -> !shows("Undo"));
        assertThat(secretFiles()).isEmpty();
    }

    /** In the window that was opened last: both have such a node. */
    private void fireIn(String id) {
        robot.interact(() ->
                robot.lookup(id)
                        .queryAllAs(ButtonBase.class)
                        .forEach(button -> {
                            if (button.getScene().getRoot().getStyleClass().contains("elsewhere")) {
                                button.fire();
                            }
                        }));
    }

    private void selectIn(String text) {
        robot.clickOn(text);
    }

    /** What holds the token or the passphrase in clear, of all the console keeps. */
    private List<Path> secretFiles() throws IOException {
        String token = Files.readString(elsewhere.resolve("data").resolve("admin-token")).strip();
        try (Stream<Path> files = Files.walk(data)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> holds(file, token) || holds(file, PASSPHRASE))
                    .toList();
        }
    }

    private static boolean holds(Path file, String text) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException e) {
            return false; // it went away meanwhile
        }
    }

    @Test
    void anotherCertificateIsRefusedUntilAPersonTakesIt() throws Exception {
        add();
        awaitText("Connected");
        int port = adminPort();

        identity("second");
        use("second");
        endServer();
        run(port);

        awaitText("It shows another certificate than the pinned one");
        robot.fire("#profileCertificate");
        awaitText("Production shows another certificate");
        assertThat(text("#oldPin")).isEqualTo(fingerprint("first"));
        assertThat(text("#pin")).isEqualTo(fingerprint("second"));
        robot.fire("#compared");
        fill("#passphrase", PASSPHRASE);
        robot.fire("#accept");
        awaitText("Connected");
        await().atMost(patience())
                .until(() -> !shows("It shows another certificate than the pinned one"));
    }

    @Test
    void withoutTheServerTheLastFiguresAreShownWithTheirAge() throws Exception {
        add();
        awaitText("Connected");
        int port = adminPort();
        endServer();
        awaitText("What you see is as of");
        awaitText("Offline");

        run(port);
        awaitText("Connected");
        await().atMost(patience()).until(() -> !shows("What you see is as of"));
    }
}
