package drawbridge.model.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

@Timeout(60)
class WholeAnswerTest {
    private final HttpClient client = HttpClient.newHttpClient();
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
        answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab");

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

    @Test
    void needsLimit() {
        HttpRequest request = request().build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> WholeAnswer.send(client, request, BodyHandlers.ofString()));
    }
}
