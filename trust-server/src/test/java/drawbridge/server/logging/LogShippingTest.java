package drawbridge.server.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.model.view.ShippedLogs;
import drawbridge.server.Platform;
import drawbridge.server.config.ServerConfig.Log;
import drawbridge.server.config.ServerConfig.LogLevel;
import drawbridge.server.config.ServerConfig.LogReceiver;
import drawbridge.server.request.RequestId;
import drawbridge.server.support.SyslogReceiver;
import drawbridge.server.support.TestIdentity;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.stream.LongStream;

final class LogShippingTest {
    private static final Logger LOG = LoggerFactory.getLogger("drawbridge.server.Test");

    /** Sent only, and printed nowhere. */
    private static final Logger FLOOD = LoggerFactory.getLogger(ServerLogging.AUDIT);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir private Path temp = Path.of("");

    @AfterEach
    void backToTheTestsOwn() {
        ServerLogging.quiet();
    }

    @Test
    void linesArriveInOrderAndNameTheirRequest() throws IOException {
        try (SyslogReceiver receiver = new SyslogReceiver();
                ServerLogging _ = logging("tcp", receiver.port(), Optional.empty(), 1_000)) {
            RequestId.within(
                    "req-from-the-caller",
                    () -> {
                        LOG.atWarn().addKeyValue("session", "ref-7").log("two\nlines, Zoë");
                        return true;
                    });
            LOG.info("of no request");

            await().atMost(PATIENCE)
                    .until(() ->
                            hasLine(receiver, "two\\nlines") && hasLine(receiver, "of no request"));
            NavigableSet<Long> numbers = receiver.numbers();
            assertThat(numbers)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, numbers.last()).boxed().toList());
            assertThat(receiver.frames())
                    .anySatisfy(frame ->
                            assertThat(frame)
                                    .matches(
                                            "<28>1 [0-9T:.-]+Z node-7 drawbridge-server [0-9]+ Test"
                                                    + " \\[meta sequenceId=\"[0-9]+\"]\\[origin"
                                                    + " software=\"drawbridge-server\""
                                                    + " swVersion=\"[^\"]+\"] \\{.*\"message\":\"two\\\\nlines,"
                                                    + " Zoë\",\"request\":\"req-from-the-caller\",\"session\":\"ref-7\"}"))
                    .anySatisfy(frame ->
                            assertThat(frame)
                                    .contains("of no request")
                                    .doesNotContain("\"request\""));
        }
    }

    @Test
    @Timeout(300)
    void whoeverLogsNeverWaitsAndNoLineIsMissingInSilence() throws Exception {
        try (SyslogReceiver receiver = new SyslogReceiver();
                ServerLogging logging = logging("tcp", receiver.port(), Optional.empty(), 200)) {
            LOG.info("the first");
            await().atMost(PATIENCE).until(() -> figures(logging).arriving());

            // it stands still, and its buffers fill
            receiver.standStill();
            flood(4, 5_000); // whoever waited for the receiver would wait for ever
            assertThat(figures(logging).lost()).isPositive();
            receiver.goOn();
            await().atMost(PATIENCE).until(() -> figures(logging).waiting() == 0);
            // More is on its way than would be sent again: all that must have arrived.
            LOG.info("before the cut");
            await().atMost(PATIENCE).until(() -> hasLine(receiver, "before the cut"));

            // its connection is cut in the middle of a flood
            Thread flood = Thread.ofPlatform().start(() -> flood(2, 500));
            receiver.cut();
            flood.join();

            // it is away, and lines come meanwhile
            receiver.leave();
            flood(4, 500);
            await().atMost(PATIENCE).until(() -> !figures(logging).arriving());
            receiver.comeBack();

            LOG.info("the last");
            await().atMost(PATIENCE)
                    .until(() ->
                            hasLine(receiver, "the last")
                                    || (figures(logging).waiting() == 0
                                            && figures(logging).arriving()));
            LOG.info("the very last");
            await().atMost(PATIENCE).until(() -> hasLine(receiver, "the very last"));

            long last = receiver.numbers().last(); // more may be on their way
            await().atMost(PATIENCE)
                    .untilAsserted(() -> {
                        assertThat(receiver.lost()).hasSize((int) figures(logging).lost());
                        assertThat(silentUpTo(last, receiver))
                                .as("neither arrived nor told of")
                                .isEmpty();
                    });
            assertThat(figures(logging).connections()).isGreaterThan(1);
        }
    }

    private static boolean hasLine(SyslogReceiver receiver, String text) {
        return receiver.frames().stream().anyMatch(frame -> frame.contains(text));
    }

    private static List<Long> silentUpTo(long last, SyslogReceiver receiver) {
        NavigableSet<Long> known = receiver.numbers();
        known.addAll(receiver.lost());
        return LongStream.rangeClosed(1, last).filter(n -> !known.contains(n)).boxed().toList();
    }

    @Test
    void whatWaitsAtTheEndIsSentOrCounted() throws Exception {
        try (SyslogReceiver receiver = new SyslogReceiver()) {
            ServerLogging logging = logging("tcp", receiver.port(), Optional.empty(), 500);
            for (int i = 0; i < 100; i++) {
                LOG.info("line {}", i);
            }
            logging.close();
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(receiver.numbers().size() + figures(logging).lost())
                                    .isGreaterThanOrEqualTo(100));

            receiver.leave();
            ServerLogging alone = logging("tcp", receiver.port(), Optional.empty(), 500);
            LOG.info("for nobody");
            alone.close();
            assertThat(figures(alone).lost()).isPositive();
        }
    }

    @Test
    void aReceiverByTlsMustBeWhoItIs() throws Exception {
        TestIdentity identity = TestIdentity.of("localhost", "EC", 256);
        Path pem = temp.resolve("ca.pem");
        identity.write(pem, temp.resolve("key.pem"));
        TestIdentity stranger = TestIdentity.of("localhost", "EC", 256);
        Path other = temp.resolve("other.pem");
        stranger.write(other, temp.resolve("other-key.pem"));
        try (SyslogReceiver receiver = new SyslogReceiver(identity.sockets())) {
            try (ServerLogging logging = logging("tls", receiver.port(), Optional.of(pem), 100)) {
                LOG.info("sealed on its way");
                await().atMost(PATIENCE).until(() -> receiver.frames().size() > 0);
                assertThat(figures(logging).arriving()).isTrue();
            }
            try (ServerLogging logging = logging("tls", receiver.port(), Optional.of(other), 100)) {
                LOG.info("not for strangers");
                await().atMost(PATIENCE)
                        .until(() -> !"not reached yet".equals(figures(logging).fault()));
                assertThat(figures(logging).arriving()).isFalse();
            }
            assertThat(hasLine(receiver, "not for strangers")).isFalse();
        }
    }

    @Test
    void sendsDatagramsWithoutLengths() throws Exception {
        try (DatagramSocket socket =
                        new DatagramSocket(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                ServerLogging _ = logging("udp", socket.getLocalPort(), Optional.empty(), 100)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            LOG.info("by datagram");
            DatagramPacket packet = new DatagramPacket(new byte[8_192], 8_192);
            String text;
            do {
                socket.receive(packet);
                text = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
            } while (!text.contains("by datagram"));

            assertThat(text).startsWith("<30>1 ");
        }
    }

    private static void flood(int threads, int lines) {
        List<Thread> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int own = t;
            all.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int i = 0; i < lines; i++) {
                                    FLOOD.info("line {} of {}: {}", i, own, "x".repeat(200));
                                }
                            }));
        }
        try {
            for (Thread thread : all) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ShippedLogs figures(ServerLogging logging) {
        return logging.shipping().orElseThrow().figures();
    }

    private ServerLogging logging(
            String scheme, int port, Optional<Path> authorities, int bufferLines)
            throws IOException {
        String host = scheme.equals("tls") ? "localhost" : "127.0.0.1";
        return ServerLogging.start(
                new Log(
                        LogLevel.INFO,
                        Optional.of(
                                new LogReceiver(
                                        URI.create(scheme + "://" + host + ":" + port),
                                        authorities,
                                        bufferLines))),
                "node-7",
                temp.resolve("logs"),
                Platform.current());
    }
}
