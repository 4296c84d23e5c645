package drawbridge.server.http;

import drawbridge.model.IpAddress;
import drawbridge.server.Inside;
import drawbridge.server.Platform;
import drawbridge.server.TrustServer;
import drawbridge.server.config.ConfigLoader;
import drawbridge.server.config.DataFolder;
import drawbridge.server.config.Loaded;
import drawbridge.server.request.RequestId;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A validation decided from memory, from the bytes of its body to the bytes of its answer: the
 * caller's secret, the policies, the judgement, and all that it leaves behind. Mode STRICT. What
 * brings the bytes is not in it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgs = {"--enable-native-access=ALL-UNNAMED", "-Xmx256m"})
public class ValidateFromMemory {
    private static final int SESSIONS = 64;
    private static final String SECRET = "a-bridge-secret-only-for-benchmarks-0123456789";
    private static final String AGENT =
            "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0";

    private final Call[] calls = new Call[SESSIONS];
    private final HttpClient http = HttpClient.newHttpClient();
    private @Nullable DataFolder folder;
    private @Nullable TrustServer server;
    private @Nullable ValidateEndpoint endpoint;
    private int next;

    /** A bridge call as it arrives, again and again. */
    private static final class Call implements BridgeRequest {
        private final byte[] bytes;
        private final IpAddress from = IpAddress.parse("127.0.0.1").orElseThrow();
        private String id = "";
        private @Nullable Texts body;

        Call(byte[] bytes) {
            this.bytes = bytes;
        }

        void arrive() {
            id = RequestId.of(null, null);
            body = null;
        }

        @Override
        public @Nullable String header(String name) {
            return name.equals("X-Bridge-Secret") ? SECRET : null;
        }

        @Override
        public @Nullable String only(String name) {
            return header(name);
        }

        @Override
        public @Nullable String query(String name) {
            return null;
        }

        @Override
        public IpAddress from() {
            return from;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public Texts body() {
            Texts known = body;
            if (known == null) {
                known = RequestReader.bridgeBody(bytes, "application/json");
                body = known;
            }
            return known;
        }
    }

    /** Starts a server in this process and opens the sessions. */
    @Setup(Level.Trial)
    public void start() throws IOException, InterruptedException {
        Path data = Files.createTempDirectory("drawbridge-inside");
        Map<String, String> environment = new HashMap<>();
        environment.put("DRAWBRIDGE_DATA_DIR", data.toString());
        environment.put("DRAWBRIDGE_PORT", "0");
        environment.put("DRAWBRIDGE_ADMIN_PORT", "0");
        environment.put("BRIDGE_SECRET", SECRET);
        environment.put("DRAWBRIDGE_ARGON2_TIME", "0s");
        for (String limit : List.of("REQUESTS", "AUTHENTICATION", "HASHING")) {
            environment.put("DRAWBRIDGE_LIMIT_" + limit, "1000000");
        }
        if (!(new ConfigLoader(environment, 2).load(Optional.empty(), Map.of())
                instanceof Loaded.Good(var config))) {
            throw new IllegalStateException("the settings are wrong");
        }
        DataFolder opened = DataFolder.open(config.dataDir(), Platform.current());
        folder = opened;
        TrustServer started = TrustServer.start(config, opened, Clock.systemUTC());
        server = started;
        endpoint = Inside.listeners(started).validate();
        for (int i = 0; i < SESSIONS; i++) {
            calls[i] = new Call(body(register(started.publicUrl(), i)));
        }
        for (int i = 0; i < SESSIONS; i++) {
            if (validate().status() != 200) {
                throw new IllegalStateException("a session is not trusted");
            }
        }
    }

    private String register(URI url, int number) throws IOException, InterruptedException {
        HttpResponse<String> response =
                http.send(
                        HttpRequest.newBuilder(url.resolve("/auth/register"))
                                .header("Content-Type", "application/json")
                                .header("User-Agent", AGENT)
                                .header("X-Device-ID", "device-of-the-benchmark")
                                .POST(
                                        BodyPublishers.ofString(
                                                "{\"email\":\"user%d@example.com\",\"password\":\"violet harbour lantern 42\",\"name\":\"Ana\"}"
                                                        .formatted(number)))
                                .build(),
                        BodyHandlers.ofString());
        return JsonMapper.builder()
                .build()
                .readTree(response.body())
                .get("data")
                .get("session_id")
                .asString();
    }

    private static byte[] body(String session) {
        return """
        {"session_id":"%s","ip":"127.0.0.1","device_id":"device-of-the-benchmark","user_agent":"%s","method":"POST","path":"/payments/17","validation_mode":"STRICT"}\
        """
                .formatted(session, AGENT)
                .getBytes(StandardCharsets.UTF_8);
    }

    /** One validation. */
    @Benchmark
    public Reply validate() {
        Call call = calls[next++ % SESSIONS];
        call.arrive();
        ValidateEndpoint asked = endpoint;
        if (asked == null) {
            throw new IllegalStateException("not started");
        }
        return asked.visit(call)
                .answerAtOnce()
                .orElseThrow(() -> new IllegalStateException("memory does not hold it"));
    }

    /** Ends the server. */
    @TearDown(Level.Trial)
    public void stop() {
        http.close();
        if (server != null) {
            server.close();
        }
        if (folder != null) {
            folder.close();
        }
    }
}
