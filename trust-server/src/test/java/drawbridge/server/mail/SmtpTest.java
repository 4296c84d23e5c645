package drawbridge.server.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;

import drawbridge.model.Secret;
import drawbridge.server.mail.SmtpServer.Tls;
import drawbridge.server.support.Mailbox;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RunningServer;

import jakarta.mail.internet.MimeMessage;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** Mails handed over to a real mail server. */
final class SmtpTest {
    private static final String FROM = "trust@example.test";
    private static final Mail MAIL =
            new Mail("mail_1", "ana@example.test", "Grüße", "Hello Ana,\n\nżółw\n");

    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));
    private final List<GreenMail> started = new ArrayList<>();

    /** Trusts the certificate of the mail servers here, which is for localhost. */
    private static SSLSocketFactory trust;

    @BeforeAll
    static void drawCertificate(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("mail.p12");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-keystore",
                                file.toString(),
                                "-storepass",
                                "changeit",
                                "-alias",
                                "mail",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=localhost",
                                "-ext",
                                "san=dns:localhost")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore store = KeyStore.getInstance(file.toFile(), "changeit".toCharArray());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("mail", store.getCertificate("mail"));
        TrustManagerFactory managers =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        trust = context.getSocketFactory();
        System.setProperty("greenmail.tls.keystore.file", file.toString());
    }

    @AfterAll
    static void forgetCertificate() {
        System.clearProperty("greenmail.tls.keystore.file");
    }

    @AfterEach
    void stop() {
        started.forEach(GreenMail::stop);
    }

    private GreenMail mailServer(String protocol, int port) {
        GreenMail mail = new GreenMail(new ServerSetup(port, "127.0.0.1", protocol));
        mail.start();
        started.add(mail);
        return mail;
    }

    private static SmtpServer at(int port, Tls tls, Optional<String> user, String password) {
        return new SmtpServer(
                "localhost", port, tls, user, Optional.of(Secret.ofText(password)), FROM);
    }

    @Test
    void handsOverAMailAsItWasWritten() throws Exception {
        GreenMail mail = mailServer("smtp", 0);
        SmtpSender sender =
                new SmtpSender(
                        at(mail.getSmtp().getPort(), Tls.NONE, Optional.empty(), "x"), clock);

        sender.send(MAIL);

        MimeMessage got = mail.getReceivedMessages()[0];
        assertThat(got.getSubject()).isEqualTo("Grüße");
        assertThat(got.getContent().toString()).contains("Hello Ana,", "żółw");
        assertThat(got.getFrom()[0]).hasToString(FROM);
        assertThat(got.getAllRecipients()[0]).hasToString("ana@example.test");
        assertThat(got.getMessageID()).isEqualTo("<mail_1@example.test>");
        assertThat(got.getSentDate().toInstant()).isEqualTo(clock.instant());
    }

    @Test
    void logsInOverTlsAndNeverWithoutATrustedCertificate() {
        GreenMail mail = mailServer("smtps", 0);
        mail.setUser("trust", "trust", "mail password");
        SmtpServer server =
                at(mail.getSmtps().getPort(), Tls.SMTPS, Optional.of("trust"), "mail password");

        new SmtpSender(server, clock, trust).send(MAIL);
        assertThat(mail.getReceivedMessages()).hasSize(1);

        assertThatExceptionOfType(MailRefusedException.class)
                .isThrownBy(() -> new SmtpSender(server, clock).send(MAIL))
                .satisfies(refused ->
                        assertThat(refused.why())
                                .doesNotContain("mail password")
                                .doesNotContain("\n"));
        SmtpServer byAddress =
                new SmtpServer(
                        "127.0.0.1",
                        server.port(),
                        Tls.SMTPS,
                        server.user(),
                        server.password(),
                        FROM);
        assertThatExceptionOfType(MailRefusedException.class)
                .as("the certificate is for another name")
                .isThrownBy(() -> new SmtpSender(byAddress, clock, trust).send(MAIL));
        assertThat(mail.getReceivedMessages()).hasSize(1);
    }

    @Test
    void sendsNothingWhereStartTlsIsNotOffered() {
        GreenMail mail = mailServer("smtp", 0);
        SmtpServer server =
                at(mail.getSmtp().getPort(), Tls.STARTTLS, Optional.of("trust"), "mail password");

        assertThatExceptionOfType(MailRefusedException.class)
                .isThrownBy(() -> new SmtpSender(server, clock, trust).send(MAIL));
        assertThat(mail.getReceivedMessages()).isEmpty();
    }

    @Test
    void theServerMailsALinkThatWorksAndKeepsNoTextOfIt(@TempDir Path data) throws IOException {
        GreenMail mail = mailServer("smtp", 0);
        Path secret = data.resolve("smtp-password");
        Files.writeString(secret, "mail password\n");
        mail.setUser("trust", "trust", "mail password");
        try (RunningServer server =
                RunningServer.start(
                        data.resolve("data"),
                        clock,
                        Map.of(
                                "DRAWBRIDGE_SMTP_URL",
                                "smtp://trust@127.0.0.1:" + mail.getSmtp().getPort(),
                                "DRAWBRIDGE_SMTP_PASSWORD_FILE",
                                secret.toString(),
                                "DRAWBRIDGE_SMTP_FROM",
                                FROM,
                                "DRAWBRIDGE_PUBLIC_URL",
                                "https://login.example.test"))) {
            server.register("ana@example.test");
            server.post("/auth/token/create", "{\"email\":\"ana@example.test\"}");

            assertThat(mail.waitForIncomingEmail(60_000, 1)).isTrue();
            String text = GreenMailUtil.getBody(mail.getReceivedMessages()[0]).replace("=\r\n", "");
            text = text.replace("=3D", "=");
            assertThat(Mailbox.linkIn(text))
                    .startsWith(
                            "https://login.example.test/auth/confirm?purpose=magic_link&token=");
            String token = Mailbox.tokenIn(text);
            assertThat(
                            server.post("/auth/token/login", "{\"token\":\"%s\"}".formatted(token))
                                    .status())
                    .isEqualTo(200);

            JsonNode row = awaitState(server, "sent");
            JsonNode opened = server.admin("/v1/outbox/" + row.get("id").asString()).json();
            assertThat(opened.get("text").isNull()).isTrue();
            assertThat(
                            server.admin(
                                            "/v1/outbox/%s/retry"
                                                    .formatted(row.get("id").asString()),
                                            "{}")
                                    .status())
                    .isEqualTo(409);
        }
    }

    private static JsonNode awaitState(RunningServer server, String state) {
        return await().until(
                        () -> server.admin("/v1/outbox?state=" + state).json().get("items"),
                        items -> !items.isEmpty())
                .get(0);
    }

    @Test
    void triesAgainWithGrowingPausesUntilTheMailServerIsBack(@TempDir Path data) {
        GreenMail gone = mailServer("smtp", 0);
        int port = gone.getSmtp().getPort();
        gone.stop();
        try (RunningServer server =
                RunningServer.start(
                        data, clock, Map.of("DRAWBRIDGE_SMTP_URL", "smtp://127.0.0.1:" + port))) {
            server.register("ana@example.test");

            assertThat(
                            server.post(
                                            "/auth/password-reset/request",
                                            "{\"email\":\"ana@example.test\"}")
                                    .status())
                    .as("the request does not wait for the mail server")
                    .isEqualTo(200);
            JsonNode waiting =
                    await().until(
                                    () -> server.admin("/v1/outbox").json().get("items"),
                                    items ->
                                            !items.isEmpty()
                                                    && items.get(0).get("attempts").asInt() == 1)
                            .get(0);
            assertThat(waiting.get("state").asString()).isEqualTo("waiting");
            assertThat(waiting.get("lastError").asString()).isNotBlank();
            assertThat(Instant.parse(waiting.get("nextAt").asString()))
                    .isEqualTo(clock.instant().plusSeconds(30));

            GreenMail back = mailServer("smtp", port);
            clock.advance(Duration.ofSeconds(30));

            assertThat(back.waitForIncomingEmail(60_000, 1)).isTrue();
            assertThat(awaitState(server, "sent").get("attempts").asInt()).isEqualTo(2);
        }
    }

    @Test
    void givesUpAfterAboutTwoHours() {
        Duration all = Duration.ZERO;
        int attempts = 1;
        for (; Outbox.pauseAfter(attempts).isPresent(); attempts++) {
            all = all.plus(Outbox.pauseAfter(attempts).orElseThrow());
        }

        assertThat(attempts).isEqualTo(9);
        assertThat(all).isEqualTo(Duration.ofMinutes(127).plusSeconds(30));
    }
}
