package drawbridge.server.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import drawbridge.server.support.DatabaseContract;
import drawbridge.server.support.Mailbox;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RawDatabase;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;

/** Mails that stay in the outbox, and the words they are written in. */
@DatabaseContract
final class OutboxTest {
    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));

    @Test
    void keepsMailsSealedAndShowsThemToAnAdministratorWhoIsAudited(@TempDir Path data)
            throws IOException {
        String token;
        try (RunningServer server = RunningServer.start(data, clock)) {
            server.register("ana@example.test");
            server.post("/auth/token/create", "{\"email\":\"ana@example.test\"}");
            token = new Mailbox(server).token("magic-link", "ana@example.test");
            JsonNode item = server.admin("/v1/outbox?state=kept").json().get("items").get(0);
            String id = item.get("id").asString();

            assertThat(item.has("text")).isFalse();
            assertThat(item.get("tokenId").asString()).startsWith("tok_");
            assertThat(
                            new RawDatabase(data)
                                    .texts("SELECT detail FROM audit WHERE kind = 'mail.opened'"))
                    .containsExactly("magic-link " + id);
            Answer retried = server.admin("/v1/outbox/%s/retry".formatted(id), "{}");
            assertThat(retried.status()).isEqualTo(409);
            assertThat(retried.text("code")).isEqualTo("NOT_RETRYABLE");
            assertThat(server.admin("/v1/outbox/mail_nothing").status()).isEqualTo(404);
            assertThat(server.admin("/v1/outbox?state=odd").status()).isEqualTo(400);
        }
        assertThat(holdsNowhere(data, token)).isTrue();
    }

    /** Whether no file of the data folder holds the token, or the part of it that is signed. */
    private static boolean holdsNowhere(Path data, String token) throws IOException {
        String part = token.substring(20, 80);
        try (Stream<Path> files = Files.walk(data)) {
            return files.filter(Files::isRegularFile).noneMatch(file -> contains(file, part));
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void writesMailsInTheWordsOfTheDataFolder(@TempDir Path data) throws IOException {
        Path folder = data.resolve("data");
        try (RunningServer server = RunningServer.start(folder, clock)) {
            server.register("ana@example.test");
        }
        Files.createDirectories(folder.resolve("templates"));
        Files.writeString(
                folder.resolve("templates/magic-link.txt"),
                "Subject: Zur Anmeldung\n\nHallo {{name}}: {{link}}\n");
        Files.writeString(
                folder.resolve("templates/password-reset.txt"), "Subject: x\n\nno place for it\n");

        try (RunningServer server = RunningServer.start(folder, clock)) {
            server.post("/auth/token/create", "{\"email\":\"ana@example.test\"}");
            server.post("/auth/password-reset/request", "{\"email\":\"ana@example.test\"}");
            Mailbox mail = new Mailbox(server);

            assertThat(mail.next("magic-link", "ana@example.test"))
                    .startsWith(
                            "Hallo ana@example.test: %s/auth/confirm?"
                                    .formatted(server.publicUrl()));
            assertThat(mail.next("password-reset", "ana@example.test"))
                    .contains("asked for a new password");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Subject: only",
                "no subject\n\n{{link}}",
                "Subject: x\nnot empty\n{{link}}",
                "Subject: x\n\nno link",
                "Subject: {{link}}\n\n{{link}}",
                "Subject: x\n\n{{link}} {{password}}",
            })
    void takesNoTemplateThatCannotWork(String file) {
        assertThatIllegalArgumentException().isThrownBy(() -> MailTemplates.parse(file));
    }

    @Test
    void aNameThatLooksLikeAPlaceStaysText(@TempDir Path data) {
        MailTemplates templates = new MailTemplates(data);

        MailTemplates.Words words =
                templates.fill(
                        Template.INVITE,
                        Map.of("name", "{{link}} $1", "link", "https://x.test/", "email", "a@b"));

        assertThat(words.text()).contains("Hello {{link}} $1,").containsOnlyOnce("https://x.test/");
    }
}
