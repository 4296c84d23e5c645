package drawbridge.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import drawbridge.server.support.RunningServer;
import drawbridge.server.support.TestIdentity;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Map;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** The public listener over TLS, with certificates made here. */
@Timeout(120)
class TlsTest {
    private static final char[] PASSWORD = "only for this test".toCharArray();

    @TempDir Path folder;

    /** What the server shows to a client that trusts it, and what it answers there. */
    private record Shown(X509Certificate certificate, String answer) {}

    private static Shown get(URI url, TestIdentity... trusted)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, PASSWORD);
        for (int i = 0; i < trusted.length; i++) {
            store.setCertificateEntry("trusted-" + i, trusted[i].certificate());
        }
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        try (SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(
                    "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Shown(
                    (X509Certificate) socket.getSession().getPeerCertificates()[0], answer);
        }
    }

    @Test
    void showsTheNewCertificateWithoutARestart() throws Exception {
        TestIdentity first = TestIdentity.of("first", "EC", 256);
        TestIdentity second = TestIdentity.of("second", "RSA", 2048);
        Path certificate = folder.resolve("cert.pem");
        Path key = folder.resolve("key.pem");
        first.write(certificate, key);
        try (RunningServer server =
                RunningServer.start(
                        folder.resolve("data"),
                        Clock.systemUTC(),
                        Map.of(
                                "DRAWBRIDGE_TLS_CERT", certificate.toString(),
                                "DRAWBRIDGE_TLS_KEY", key.toString()))) {
            URI url = server.publicUrl();
            Shown shown = get(url, first, second);

            assertThat(url.getScheme()).isEqualTo("https");
            assertThat(shown.certificate()).isEqualTo(first.certificate());
            assertThat(shown.answer())
                    .startsWith("HTTP/1.1 200")
                    .contains("Strict-Transport-Security: max-age=31536000");

            Files.writeString(certificate, "half a certificate");
            assertThat(get(url, first, second).certificate()).isEqualTo(first.certificate());
            second.write(certificate, key);
            await().ignoreExceptions()
                    .until(() ->
                            get(url, first, second).certificate().equals(second.certificate()));
        }
    }

    @Test
    void readsAKeyStore() throws Exception {
        TestIdentity identity = TestIdentity.of("stored", "EC", 256);
        Path file = folder.resolve("listener.p12");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, PASSWORD);
        store.setKeyEntry(
                "listener",
                identity.keys().getPrivate(),
                PASSWORD,
                new Certificate[] {identity.certificate()});
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD);
        }
        try (RunningServer server =
                RunningServer.start(
                        folder.resolve("data"),
                        Clock.systemUTC(),
                        Map.of(
                                "DRAWBRIDGE_TLS_KEYSTORE",
                                file.toString(),
                                "DRAWBRIDGE_TLS_KEYSTORE_PASSWORD",
                                new String(PASSWORD)))) {
            assertThat(get(server.publicUrl(), identity).answer()).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void doesNotStartWithAKeyThatIsNotTheCertificates() throws Exception {
        Path certificate = folder.resolve("cert.pem");
        Path key = folder.resolve("key.pem");
        TestIdentity.of("one", "EC", 256).write(certificate, key);
        TestIdentity.of("another", "EC", 256).write(folder.resolve("other.pem"), key);

        assertThatThrownBy(() ->
                        RunningServer.start(
                                        folder.resolve("data"),
                                        Clock.systemUTC(),
                                        Map.of(
                                                "DRAWBRIDGE_TLS_CERT", certificate.toString(),
                                                "DRAWBRIDGE_TLS_KEY", key.toString()))
                                .close())
                .isInstanceOf(TlsUnusableException.class)
                .hasMessageContaining("the key does not belong to the certificate");
    }
}
