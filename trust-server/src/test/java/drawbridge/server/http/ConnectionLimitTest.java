package drawbridge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.support.KillableServer;
import drawbridge.server.support.RunningServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** Whoever opens connections without end neither ends the server nor shuts others out for good. */
class ConnectionLimitTest {
    private static final byte[] CALL =
            """
            GET /health HTTP/1.1
            Host: localhost
            User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0
            Accept: application/json

            """
                    .replace("\n", "\r\n")
                    .getBytes(StandardCharsets.US_ASCII);

    private static final int MOST = 16;

    @Test
    void acceptsNoMoreThanThatAndGoesOnWhenSomeEnd(@TempDir Path data) throws Exception {
        try (RunningServer server =
                RunningServer.start(
                        data,
                        Clock.systemUTC(),
                        Map.of("DRAWBRIDGE_HTTP_CONNECTIONS", Integer.toString(MOST)))) {
            Deque<Socket> clients = new ArrayDeque<>();
            try {
                for (int i = 0; i < 3 * MOST; i++) {
                    clients.add(connect(server.publicUrl()));
                    clients.getLast().getOutputStream().write(CALL);
                }
                int mostAnswered = 0;
                while (!clients.isEmpty()) {
                    Socket oldest = clients.remove();
                    assertThat(status(oldest)).isEqualTo("HTTP/1.1 200");
                    // What an unlimited server would have answered as well by now.
                    oldest.getOutputStream().write(CALL);
                    int answered = 1;
                    for (Socket client : clients) {
                        answered += client.getInputStream().available() > 0 ? 1 : 0;
                    }
                    mostAnswered = Math.max(mostAnswered, answered);
                    oldest.close();
                }
                assertThat(mostAnswered).isBetween(1, MOST);
            } finally {
                closeAll(clients);
            }
        }
    }

    /** A hundred kilobytes of each, as a cache of headers takes, would be more than it has. */
    @Test
    void outlivesThousandsOfKeptConnectionsInLittleMemory(@TempDir Path folder) throws Exception {
        inLittleMemory(
                folder,
                (url, clients) -> {
                    for (int i = 0; i < 1_300; i++) {
                        Socket client = connect(url);
                        clients.add(client);
                        for (int call = 0; call < 2; call++) {
                            client.getOutputStream().write(CALL);
                            assertThat(status(client))
                                    .as("connection %d", i)
                                    .isEqualTo("HTTP/1.1 200");
                        }
                    }
                });
    }

    /** Sixty kilobytes of each would be more than it has. */
    @Test
    void outlivesThousandsOfBodiesThatNeverEnd(@TempDir Path folder) throws Exception {
        byte[] begun =
                ("POST /auth/bridge/validate HTTP/1.1\r\nHost: localhost\r\n"
                                + "Content-Type: application/json\r\n"
                                + "Content-Length: 65000\r\n\r\n{\"session_id\":\""
                                + "a".repeat(60_000))
                        .getBytes(StandardCharsets.US_ASCII);
        inLittleMemory(
                folder,
                (url, clients) -> {
                    for (int i = 0; i < 1_800; i++) {
                        Socket client = connect(url);
                        clients.add(client);
                        client.getOutputStream().write(begun);
                    }
                    Socket other = connect(url);
                    clients.add(other);
                    for (int call = 0; call < 3; call++) {
                        other.getOutputStream().write(CALL);
                        assertThat(status(other)).isEqualTo("HTTP/1.1 200");
                    }
                });
    }

    /** What clients do, who stay connected until it is done. */
    private interface Rush {
        void come(URI url, List<Socket> clients) throws IOException;
    }

    private static void inLittleMemory(Path folder, Rush rush) throws Exception {
        List<Socket> clients = new ArrayList<>();
        try (KillableServer server =
                new KillableServer(folder, Map.of("JAVA_TOOL_OPTIONS", "-Xmx96m"))) {
            server.start();
            rush.come(server.publicUrl(), clients);
        } finally {
            closeAll(clients);
        }
    }

    private static Socket connect(URI url) throws IOException {
        Socket socket = new Socket(url.getHost(), url.getPort());
        socket.setSoTimeout(30_000);
        return socket;
    }

    /** Reads a whole answer; its first twelve characters. */
    private static String status(Socket client) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = client.getInputStream().read();
            if (next < 0) {
                return "closed after " + head;
            }
            head.append((char) next);
        }
        String field = "Content-Length: ";
        int at = head.indexOf(field) + field.length();
        int length = Integer.parseInt(head.substring(at, head.indexOf("\r\n", at)));
        byte[] _ = client.getInputStream().readNBytes(length);
        return head.substring(0, 12);
    }

    private static void closeAll(Iterable<Socket> clients) throws IOException {
        for (Socket client : clients) {
            client.close();
        }
    }
}
