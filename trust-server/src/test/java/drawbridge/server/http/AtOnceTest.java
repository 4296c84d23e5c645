package drawbridge.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.model.SessionToken;
import drawbridge.server.support.HoldingProxy;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.TestRedis;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Few threads read all connections: what one of them waited for, everybody whose connection it
 * reads would wait for. So many calls wait here that each of those threads has read some of them.
 */
@Timeout(120)
class AtOnceTest {
    private static final int MANY = 4 * Runtime.getRuntime().availableProcessors();

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 ([0-9]{3})");

    private final SecureRandom random = new SecureRandom();

    @TempDir private Path folder;

    private static String call(String session) {
        String body = "{\"session_id\":\"%s\",\"ip\":\"127.0.0.1\"}".formatted(session);
        return """
        POST /auth/bridge/validate HTTP/1.1
        Host: localhost
        X-Bridge-Secret: %s
        Content-Type: application/json
        Content-Length: %d

        %s\
        """
                .formatted(RunningServer.SECRET, body.length(), body);
    }

    private static Socket open(RunningServer server) throws IOException {
        URI url = server.publicUrl();
        Socket socket = new Socket(url.getHost(), url.getPort());
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** The status of the next answer. */
    private static int status(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        String start = new String(in.readNBytes(12), StandardCharsets.US_ASCII);
        return Integer.parseInt(start.substring(9));
    }

    private static void assertAllTrusted(RunningServer server, String session) throws IOException {
        for (int i = 0; i < MANY; i++) {
            try (Socket socket = open(server)) {
                send(socket, call(session));
                assertThat(status(socket)).isEqualTo(200);
            }
        }
    }

    private static void closeAll(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /**
     * How long Redis is waited for is bounded, so a busy machine may need several tries until all
     * happens within that time. While readers waited with their callers, it never could.
     */
    @Test
    void whatMemoryHoldsDoesNotWaitForWhatHasToBeLookedFor() throws Exception {
        try (TestRedis redis = TestRedis.start();
                HoldingProxy slow = new HoldingProxy(URI.create(redis.url()));
                RunningServer server =
                        RunningServer.start(
                                folder.resolve("data"),
                                Clock.systemUTC(),
                                Map.of(
                                        "REDIS_URL",
                                        slow.redisUrl(),
                                        "DRAWBRIDGE_REDIS_TIMEOUT",
                                        "1s",
                                        "DRAWBRIDGE_REDIS_CONNECTIONS",
                                        Integer.toString(MANY)))) {
            String session = server.register("ana@example.test");
            await().until(() -> isAnsweredWhileOthersWait(server, slow, session));
        }
    }

    private boolean isAnsweredWhileOthersWait(
            RunningServer server, HoldingProxy slow, String session) throws IOException {
        List<Socket> waiting = new ArrayList<>();
        slow.hold();
        try {
            for (int i = 0; i < MANY; i++) {
                waiting.add(open(server));
                send(waiting.getLast(), call(SessionToken.draw(random).reveal()));
            }
            assertAllTrusted(server, session);
            boolean areAllWaiting = true;
            for (Socket socket : waiting) {
                areAllWaiting &= socket.getInputStream().available() == 0;
            }
            slow.release();
            for (Socket socket : waiting) {
                assertThat(status(socket)).isEqualTo(401);
            }
            return areAllWaiting;
        } finally {
            slow.release();
            closeAll(waiting);
        }
    }

    @Test
    void othersDoNotWaitForBodyThatIsNotThereYet() throws Exception {
        try (RunningServer server =
                RunningServer.start(folder.resolve("data"), Clock.systemUTC())) {
            String session = server.register("ana@example.test");
            String call = call(session);
            int half = call.length() - 30;
            List<Socket> waiting = new ArrayList<>();
            try {
                for (int i = 0; i < MANY; i++) {
                    waiting.add(open(server));
                    send(waiting.getLast(), call.substring(0, half));
                }

                assertAllTrusted(server, session);

                for (Socket socket : waiting) {
                    assertThat(socket.getInputStream().available()).isZero();
                    send(socket, call.substring(half));
                    assertThat(status(socket)).isEqualTo(200);
                }
            } finally {
                closeAll(waiting);
            }
        }
    }

    @Test
    void callsSentOneBehindTheOtherAreAnsweredInTheirOrder() throws Exception {
        try (RunningServer server =
                RunningServer.start(folder.resolve("data"), Clock.systemUTC())) {
            String known = call(server.register("ana@example.test"));
            String unknown = call(SessionToken.draw(random).reveal());
            try (Socket socket = open(server)) {
                String last = "GET /nowhere HTTP/1.1\nHost: localhost\nConnection: close\n\n";
                send(socket, known + unknown + known + last);

                String answers =
                        new String(
                                socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

                assertThat(STATUS.matcher(answers).results().map(found -> found.group(1)))
                        .containsExactly("200", "401", "200", "404");
            }
        }
    }

    /** So many that the reader gives way to others in between, and goes on elsewhere. */
    @Test
    void allOfManyCallsSentAtOnceAreAnswered() throws Exception {
        int many = 1_000;
        try (RunningServer server = RunningServer.start(folder.resolve("data"), Clock.systemUTC());
                Socket socket = open(server)) {
            String call = call(server.register("ana@example.test"));
            Thread sending =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    send(socket, call.repeat(many));
                                    socket.shutdownOutput();
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            });

            String answers =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            sending.join();

            assertThat(STATUS.matcher(answers).results().map(found -> found.group(1)))
                    .hasSize(many)
                    .containsOnly("200");
        }
    }

    @Test
    void queryThatIsNotUrlEncodedIsSaidToBeSo() throws Exception {
        try (RunningServer server = RunningServer.start(folder.resolve("data"), Clock.systemUTC());
                Socket socket = open(server)) {
            String session = server.register("ana@example.test");
            send(socket, call(session).replace("validate HTTP", "validate?x=%zz HTTP"));

            assertThat(status(socket)).isEqualTo(400);
        }
    }
}
