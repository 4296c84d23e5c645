package drawbridge.model.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

@Timeout(60)
class WholeAnswerTest {
    private static final byte[] GOOD =
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab".getBytes(StandardCharsets.US_ASCII);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stop() throws IOException {
        client.shutdownNow();
        server.close();
    }

    /** Answers the first connection with that text, and leaves it open. */
    private void answer(String text) {
        Thread _ =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                Socket socket = server.accept();
                                socket.getOutputStream()
                                        .write(text.getBytes(StandardCharsets.US_ASCII));
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        });
    }

    private HttpRequest.Builder request() {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getLocalPort()));
    }

    @Test
    void isWhatTheServerSent() throws IOException, InterruptedException {
        answer(new String(GOOD, StandardCharsets.US_ASCII));

        HttpRequest request = request().timeout(Duration.ofSeconds(30)).build();

        assertThat(WholeAnswer.send(client, request, BodyHandlers.ofString()).body())
                .isEqualTo("ab");
    }

    @Test
    void isNotWaitedForLongerWhenTheServerStallsAfterTheHeaders() {
        answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na");

        HttpRequest request = request().timeout(Duration.ofMillis(200)).build();

        assertThatExceptionOfType(HttpTimeoutException.class)
                .isThrownBy(() -> WholeAnswer.send(client, request, BodyHandlers.ofString()))
                .withMessageContaining("200 ms");
    }

    @Test
    void saysWhyThereIsNone() throws IOException {
        HttpRequest request = request().timeout(Duration.ofSeconds(30)).build();
        server.close();

        assertThatExceptionOfType(ConnectException.class)
                .isThrownBy(() -> WholeAnswer.send(client, request, BodyHandlers.ofString()));
    }

    /** Answers requests on each connection in turn, so many, and then takes one more and closes. */
    private void answerThenBreak(int... answers) {
        Thread _ =
                Thread.ofVirtual()
                        .start(() -> {
                            for (int each : answers) {
                                try (Socket socket = server.accept()) {
                                    BufferedReader requests =
                                            new BufferedReader(
                                                    new InputStreamReader(
                                                            socket.getInputStream(),
                                                            StandardCharsets.US_ASCII));
                                    for (int i = 0; i < each; i++) {
                                        readOne(requests);
                                        socket.getOutputStream().write(GOOD);
                                    }
                                    readOne(requests);
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            }
                        });
    }

    private static void readOne(BufferedReader requests) throws IOException {
        String line = requests.readLine();
        while (line != null && !line.isEmpty()) {
            line = requests.readLine();
        }
    }

    @Test
    void isAskedForOnceMoreWhenTheKeptConnectionBreaks() throws IOException, InterruptedException {
        answerThenBreak(1, 1);
        HttpRequest request =
                request().timeout(Duration.ofSeconds(30)).POST(BodyPublishers.noBody()).build();
        HttpResponse<String> _ = WholeAnswer.send(client, request, BodyHandlers.ofString());

        HttpResponse<String> second =
                WholeAnswer.sendRepeatable(client, request, BodyHandlers.ofString());

        assertThat(second.body()).isEqualTo("ab");
    }

    @Test
    void isAskedForTwiceAndNoMore() {
        answerThenBreak(0, 0, 1);
        HttpRequest request =
                request().timeout(Duration.ofSeconds(30)).POST(BodyPublishers.noBody()).build();

        assertThatIOException()
                .isThrownBy(
                        () -> WholeAnswer.sendRepeatable(client, request, BodyHandlers.ofString()))
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    }

    @Test
    void isNotAskedForAgainWhenTimeIsOver() {
        HttpRequest request = request().timeout(Duration.ofMillis(200)).build();

        assertThatExceptionOfType(HttpTimeoutException.class)
                .isThrownBy(
                        () -> WholeAnswer.sendRepeatable(client, request, BodyHandlers.ofString()))
                .satisfies(e -> assertThat(e.getSuppressed()).isEmpty());
    }

    @Test
    void needsLimit() {
        HttpRequest request = request().build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> WholeAnswer.send(client, request, BodyHandlers.ofString()));
    }
}
