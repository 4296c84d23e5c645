package drawbridge.server.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.server.support.TestRedis;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.util.SafeEncoder;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** The way to a real Redis, and to what is none. */
@Timeout(120)
class RedisLinkTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static RedisLink link(String url) {
        return new RedisLink(new RedisSettings(URI.create(url), TIMEOUT, 4), (state, why) -> {});
    }

    @Test
    void speaksResp3() {
        try (TestRedis redis = TestRedis.start();
                RedisLink link = link(redis.url())) {
            assertThat(
                            link.ask(asked ->
                                    SafeEncoder.encodeObject(
                                                    asked.executeCommand(
                                                            new CommandArguments(Command.HELLO)))
                                            .toString()))
                    .hasValueSatisfying(told -> assertThat(told).contains("proto=3"));
        }
    }

    @Test
    void saysWhyItIsAway() throws IOException {
        BlockingQueue<String> reasons = new LinkedBlockingQueue<>();
        int free;
        try (ServerSocket gone = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            free = gone.getLocalPort();
        }
        try (RedisLink link =
                new RedisLink(
                        new RedisSettings(URI.create("redis://127.0.0.1:" + free), TIMEOUT, 4),
                        (state, why) -> reasons.add(state + " " + why))) {
            while (link.isAsked()) {
                assertThat(link.ask(asked -> asked.hget("a", "b"))).isEmpty();
            }

            assertThat(reasons).containsExactly("DOWN failed to connect to 127.0.0.1:" + free);
        }
    }

    /** Nobody fails by it, and whether it is a Redis by now is tried again and again. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 400 Bad Request\r\n\r\n",
                "+OK\r\n",
                ":1\r\n",
                "$-1\r\n",
                "$3\r\nabc\r\n",
                "*-1\r\n",
                "%1\r\n+a\r\n+b\r\n",
                ">1\r\n+a\r\n",
                "_\r\n",
                "-ERR no\r\n",
                "\r\n"
            })
    void outlivesWhatIsNoRedis(String said) throws IOException {
        try (Speaker speaker = new Speaker(said);
                RedisLink link = link("redis://127.0.0.1:" + speaker.port())) {
            while (link.isAsked()) {
                assertThat(link.ask(asked -> asked.hget("a", "b"))).isEmpty();
            }
            int before = speaker.heard();

            await().until(() -> speaker.heard() > before + 3);
            assertThat(link.isAsked()).isFalse();
        }
    }

    /** Says the same, whatever it is asked. */
    private static final class Speaker implements AutoCloseable {
        private final ServerSocket listening =
                new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final AtomicInteger heard = new AtomicInteger();
        private final byte[] says;

        private Speaker(String says) throws IOException {
            this.says = says.getBytes(StandardCharsets.US_ASCII);
            Thread.ofVirtual().start(this::accept);
        }

        private int port() {
            return listening.getLocalPort();
        }

        private int heard() {
            return heard.get();
        }

        private void accept() {
            while (!listening.isClosed()) {
                try {
                    Socket client = listening.accept();
                    Thread.ofVirtual().start(() -> answer(client));
                } catch (IOException e) {
                    // closed
                }
            }
        }

        private void answer(Socket client) {
            byte[] some = new byte[8192];
            try (client) {
                while (client.getInputStream().read(some) > 0) {
                    heard.incrementAndGet();
                    client.getOutputStream().write(says);
                }
            } catch (IOException e) {
                // the other side has had enough
            }
        }

        @Override
        public void close() throws IOException {
            listening.close();
        }
    }
}
