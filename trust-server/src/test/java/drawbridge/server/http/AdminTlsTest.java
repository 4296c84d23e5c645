package drawbridge.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import drawbridge.model.tls.CertificatePin;
import drawbridge.model.tls.PinnedTls;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.TestIdentity;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/** The admin listener over TLS, as one beyond this machine is reached. */
@Timeout(180)
class AdminTlsTest {
    private static final InstantSource NOW = InstantSource.system();

    @TempDir Path folder;

    private RunningServer start(TestIdentity identity, Map<String, String> more) throws Exception {
        identity.write(certificate(), key());
        Map<String, String> settings = new java.util.HashMap<>(more);
        settings.put("DRAWBRIDGE_ADMIN_TLS_CERT", certificate().toString());
        settings.put("DRAWBRIDGE_ADMIN_TLS_KEY", key().toString());
        return RunningServer.start(data(), Clock.systemUTC(), settings);
    }

    private Path data() {
        return folder.resolve("data");
    }

    private Path certificate() {
        return folder.resolve("cert.pem");
    }

    private Path key() {
        return folder.resolve("key.pem");
    }

    private static SSLContext pinned(TestIdentity identity) {
        CertificatePin pin = CertificatePin.of(identity.certificate());
        return PinnedTls.context(() -> pin, NOW);
    }

    private int ask(URI url, TestIdentity pinned, String token)
            throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newBuilder().sslContext(pinned(pinned)).build()) {
            return http.send(
                            HttpRequest.newBuilder(url.resolve("/v1/snapshot"))
                                    .timeout(Duration.ofSeconds(20))
                                    .header("Authorization", "Bearer " + token)
                                    .build(),
                            BodyHandlers.discarding())
                    .statusCode();
        }
    }

    private String token() throws IOException {
        return Files.readString(data().resolve("admin-token")).strip();
    }

    private String toldCertificate() throws IOException {
        return JsonMapper.shared()
                .readTree(Files.readString(data().resolve("address.json")))
                .path("adminCertificate")
                .asString("");
    }

    @Test
    void isReachedByTheCertificateItTellsInItsFolderAlsoAfterThatHasChanged() throws Exception {
        TestIdentity first = TestIdentity.of("first", "EC", 256);
        TestIdentity second = TestIdentity.of("second", "EC", 256);
        try (RunningServer server = start(first, Map.of())) {
            URI url = server.server().adminUrl();

            assertThat(url.getScheme()).isEqualTo("https");
            assertThat(toldCertificate())
                    .isEqualTo(CertificatePin.of(first.certificate()).sha256());
            assertThat(ask(url, first, token())).isEqualTo(200);
            assertThatThrownBy(() -> ask(url, second, token())).isInstanceOf(SSLException.class);

            second.write(certificate(), key());
            await().until(() ->
                    toldCertificate().equals(CertificatePin.of(second.certificate()).sha256()));
            assertThat(ask(url, second, token())).isEqualTo(200);
            assertThatThrownBy(() -> ask(url, first, token()))
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining("shows another certificate");
        }
    }

    @Test
    void answersUnderTheNamesItWasGivenAndNoOthers() throws Exception {
        TestIdentity identity = TestIdentity.of("named", "EC", 256);
        try (RunningServer server =
                start(identity, Map.of("DRAWBRIDGE_ADMIN_NAMES", "trust.example.com, second"))) {
            URI url = server.server().adminUrl();

            assertThat(statusUnder("Trust.Example.com:7071", url, identity)).isEqualTo(200);
            assertThat(statusUnder("second", url, identity)).isEqualTo(200);
            assertThat(statusUnder("127.0.0.1", url, identity)).isEqualTo(200);
            assertThat(statusUnder("trust.example.com.attacker.test", url, identity))
                    .isEqualTo(403);
        }
    }

    private int statusUnder(String host, URI url, TestIdentity identity) throws IOException {
        try (SSLSocket socket =
                (SSLSocket)
                        pinned(identity)
                                .getSocketFactory()
                                .createSocket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(60_000);
            OutputStream out = socket.getOutputStream();
            String head =
                    String.join(
                            "\r\n",
                            "GET /v1/config HTTP/1.1",
                            "Host: " + host,
                            "Authorization: Bearer " + token(),
                            "Connection: close",
                            "",
                            "");
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Integer.parseInt(answer.substring(9, 12));
        }
    }

    @Test
    void tooManyWrongTokensAreTurnedAwayButNeverAGoodOne() throws Exception {
        TestIdentity identity = TestIdentity.of("limited", "EC", 256);
        try (RunningServer server = start(identity, Map.of("DRAWBRIDGE_LIMIT_SECRETS", "3"))) {
            URI url = server.server().adminUrl();

            List<Integer> wrong =
                    IntStream.range(0, 5).mapToObj(_ -> wrongToken(url, identity)).toList();

            assertThat(wrong).startsWith(401, 401, 401).endsWith(429);
            assertThat(ask(url, identity, token())).isEqualTo(200);
        }
    }

    private int wrongToken(URI url, TestIdentity identity) {
        try {
            return ask(url, identity, "x".repeat(43));
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
