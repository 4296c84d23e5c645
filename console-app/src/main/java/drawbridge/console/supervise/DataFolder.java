package drawbridge.console.supervise;

import drawbridge.console.Platform;
import drawbridge.model.tls.CertificatePin;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The data folder as the console sees it: what it finds there, and what it puts there. The server
 * owns the rest of the folder. Safe for many threads.
 */
public final class DataFolder {
    /** Any of these variables says that the caller {@code default} has its secret already. */
    private static final Set<String> SECRET_GIVEN =
            Set.of(
                    "BRIDGE_SECRET",
                    "BRIDGE_SECRET_FILE",
                    "BRIDGE_VALIDATION_SECRET",
                    "BRIDGE_VALIDATION_SECRET_FILE");

    private static final int SECRET_BYTES = 32;

    private final Path path;
    private final Platform platform;

    /**
     * @param path need not exist before {@link #prepare}
     */
    public DataFolder(Path path, Platform platform) {
        this.path = path.toAbsolutePath().normalize();
        this.platform = platform;
    }

    /** The folder, as an absolute path. */
    public Path path() {
        return path;
    }

    /** Where the bridge secret of a console's first run is. */
    public Path bridgeSecret() {
        return path.resolve("bridge-secret");
    }

    private Path logs() {
        return path.resolve("logs");
    }

    /** The server's structured log. */
    public Path structuredLog() {
        return logs().resolve("server.jsonl");
    }

    /** What the server printed. */
    public Path output() {
        return logs().resolve("server.out");
    }

    /** What played at a throw-away server last said. */
    Path simulated() {
        return logs().resolve("simulate.out");
    }

    /** The console's own log. */
    public Path consoleLog() {
        return logs().resolve("console.log");
    }

    /** Locked for as long as a console uses the folder. */
    public Path consoleLock() {
        return path.resolve("console.lock");
    }

    /** Where the console remembers window, theme and columns. */
    public Path consoleSettings() {
        return path.resolve("console-settings.json");
    }

    /** The profiles of servers elsewhere. */
    public Path remoteServers() {
        return path.resolve("remote-servers.json");
    }

    /** What is kept of one server elsewhere; need not exist. */
    public Path remoteFolder(String id) {
        return path.resolve("remote").resolve(id);
    }

    /** What the console saw signed of the audit. */
    public Path auditWitness() {
        return path.resolve("audit-witness.jsonl");
    }

    /** What the server writes once it answers. */
    public Path readyFile() {
        return path.resolve("console-ready.json");
    }

    /**
     * The certificate that the server of this folder shows on its admin listener; empty when it
     * shows none, or no server runs.
     */
    public Optional<CertificatePin> adminCertificate() {
        return certificate("adminCertificate");
    }

    /** The same on its public listener. */
    Optional<CertificatePin> publicCertificate() {
        return certificate("publicCertificate");
    }

    private Optional<CertificatePin> certificate(String field) {
        try {
            JsonNode told =
                    JsonMapper.shared().readTree(Files.readAllBytes(path.resolve("address.json")));
            return CertificatePin.parse(told.path(field).asString(""));
        } catch (IOException | JacksonException e) {
            return Optional.empty(); // nothing is told: a handshake then fails and says so
        }
    }

    Path stateFile() {
        return path.resolve("console-state.json");
    }

    Path exits() {
        return path.resolve("console-exits.jsonl");
    }

    /** Makes the folder and its logs, for the owner alone, where they are absent. */
    public void create() throws IOException {
        if (Files.notExists(path)) {
            platform.createPrivateFolder(path);
        }
        if (Files.notExists(logs())) {
            platform.createPrivateFolder(logs());
        }
    }

    /**
     * Makes what must be there before a server starts: the folder and its logs, for the owner
     * alone, and on the first run the bridge secret, unless the environment gives one.
     *
     * @param environment the console's environment
     */
    public void prepare(Map<String, String> environment) throws IOException {
        create();
        boolean isFirstRun = Files.notExists(path.resolve("drawbridge.db"));
        if (isFirstRun && Files.notExists(bridgeSecret()) && !isSecretGiven(environment)) {
            makeBridgeSecret();
        }
    }

    /** Whether the environment says which secret the caller {@code default} has. */
    static boolean isSecretGiven(Map<String, String> environment) {
        return SECRET_GIVEN.stream()
                .anyMatch(name -> !environment.getOrDefault(name, "").isBlank());
    }

    private void makeBridgeSecret() throws IOException {
        byte[] random = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(random);
        byte[] text = Base64.getUrlEncoder().withoutPadding().encode(random);
        try {
            platform.writePrivately(bridgeSecret(), text);
        } finally {
            Arrays.fill(random, (byte) 0);
            Arrays.fill(text, (byte) 0);
        }
    }

    /** The process id in the server's lock file; empty when there is none. */
    OptionalLong lockHolder() {
        try (FileChannel lock = FileChannel.open(path.resolve("lock"), StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(32);
            while (bytes.hasRemaining() && lock.read(bytes) >= 0) {
                // The pid is short; most often it comes at once.
            }
            String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
            return OptionalLong.of(Long.parseLong(text.strip()));
        } catch (NoSuchFileException | NumberFormatException e) {
            return OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty(); // the sentence then does without the pid
        }
    }

    /**
     * The process id of a server that runs on this folder and was ready, whoever started it; empty
     * when there is none. A server that was killed leaves its files, but no process.
     */
    public Optional<Long> runningServer() {
        OptionalLong holder = lockHolder();
        if (holder.isEmpty() || ProcessHandle.of(holder.getAsLong()).isEmpty()) {
            return Optional.empty();
        }
        try {
            return ReadyFile.read(readyFile())
                    .map(ReadyFile::pid)
                    .filter(pid -> pid == holder.getAsLong());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
