package drawbridge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;

/** What is wrong with a request is its sender's fault, and the answer says so. */
@TestInstance(Lifecycle.PER_CLASS)
class MalformedTransferTest {
    private RunningServer server;

    @BeforeAll
    void start(@TempDir Path data) {
        server = RunningServer.start(data, Clock.systemUTC());
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zz\r\n{}\r\n0\r\n\r\n",
                "-1\r\n{}\r\n0\r\n\r\n",
                "ffffffffffffffffff\r\n{}\r\n0\r\n\r\n",
                "2\r\n{}XX0\r\n\r\n"
            })
    void answersInvalidChunkAsBadRequest(String chunks) throws IOException {
        URI url = server.publicUrl();
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream()
                    .write(
                            ("POST /auth/login HTTP/1.1\r\nHost: localhost\r\n"
                                            + "Content-Type: application/json\r\n"
                                            + "Transfer-Encoding: chunked\r\n\r\n"
                                            + chunks)
                                    .getBytes(StandardCharsets.US_ASCII));

            String answer =
                    new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);

            assertThat(answer).isEqualTo("HTTP/1.1 400");
        }
    }

    /** Whoever keeps connections would find out with the next request, which then has no answer. */
    @ParameterizedTest
    @ValueSource(strings = {"/auth/bridge/validate", "/auth/bridge/revoke", "/auth/nothing"})
    void saysThatConnectionEndsWhenBodyIsRefusedUnread(String path) throws IOException {
        URI url = server.publicUrl();
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream()
                    .write(
                            """
                            POST %s HTTP/1.1
                            Host: localhost
                            X-Bridge-Secret: none
                            Content-Type: application/json
                            Content-Length: 20

                            """
                                    .formatted(path)
                                    .getBytes(StandardCharsets.US_ASCII));

            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            assertThat(answer).startsWith("HTTP/1.1 40").containsIgnoringCase("Connection: close");
        }
    }

    @Test
    void answersOverlongSessionCookieAsBadRequest() {
        Answer answer = server.get("/auth/validation", "Cookie", "session_id=" + "a".repeat(5_000));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("code")).isEqualTo("INVALID_FIELD");
    }
}
