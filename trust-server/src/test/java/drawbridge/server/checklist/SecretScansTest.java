package drawbridge.server.checklist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;

import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.revwalk.RevCommit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Secrets that leaked are found where they stand, and shown nowhere. */
@TestInstance(Lifecycle.PER_CLASS)
final class SecretScansTest {
    private static final PersonIdent SOMEBODY = new PersonIdent("Ana", "ana@example.test");

    @TempDir private Path folder = Path.of("");
    private Path data = Path.of("");
    private CheckedServer server;
    private int callers;

    @BeforeAll
    void start(@TempDir Path data) {
        this.data = data;
        server = CheckedServer.start(data, Clock.systemUTC(), Map.of());
    }

    @AfterAll
    void close() {
        server.close();
    }

    @BeforeEach
    void idle() {
        await().until(() ->
                !"running".equals(server.server().admin("/v1/checklist/scan").text("state")));
    }

    private JsonNode caller() {
        Answer made = server.server().admin("/v1/callers", "{\"name\":\"shop-" + ++callers + "\"}");
        assertThat(made.status()).isEqualTo(201);
        return made.json();
    }

    private JsonNode searched() {
        return server.searched("{\"folder\":\"" + folder + "\"}");
    }

    private static List<String> places(JsonNode scan) {
        List<String> places = new ArrayList<>();
        for (JsonNode hit : scan.get("hits")) {
            places.add(
                    "%s %s:%d %s%s"
                            .formatted(
                                    hit.get("kind").asString(),
                                    hit.get("place").asString(),
                                    hit.get("line").asInt(),
                                    hit.get("commit").isNull() ? "-" : hit.get("commit").asString(),
                                    hit.get("isLive").asBoolean() ? "" : " ended"));
        }
        return places.stream().sorted().toList();
    }

    @Test
    void aFileNamesItsLineAndNeverTheSecret() throws IOException {
        String secret = caller().get("secret").asString();
        Files.createDirectories(folder.resolve("app"));
        Files.writeString(
                folder.resolve("app/settings.env"),
                "# the shop\n\nBRIDGE_SECRET='%s'\n".formatted(secret));
        Files.writeString(
                folder.resolve("notes.md"),
                "curl -H 'X-Bridge-Secret: %s' https://trust.example.com/?token=%s&x=1\n"
                        .formatted(secret, server.server().adminToken()));
        Files.write(folder.resolve("picture.png"), (secret + "\0\0").getBytes(UTF_8));

        JsonNode scan = searched();

        assertThat(places(scan))
                .containsExactly(
                        "admin_token notes.md:1 -",
                        "bridge_secret app/settings.env:3 -",
                        "bridge_secret notes.md:1 -");
        assertThat(scan.get("skipped").asInt()).isEqualTo(1);
        assertThat(scan.toString()).doesNotContain(secret, server.server().adminToken());
        assertThat(server.now("default").toString())
                .contains("secret_in_files", "app/settings.env")
                .doesNotContain(secret);
    }

    private static final java.nio.charset.Charset UTF_8 = java.nio.charset.StandardCharsets.UTF_8;

    @Test
    void aSessionIsFoundAndIsOverOnceItIsRevoked() throws IOException {
        Answer made =
                server.server()
                        .admin(
                                "/v1/users",
                                "{\"email\":\"log@example.test\",\"password\":\"%s\",\"verified\":true}"
                                        .formatted(RunningServer.PASSWORD));
        assertThat(made.status()).isEqualTo(201);
        String id =
                server.server()
                        .post(
                                "/auth/login",
                                "{\"email\":\"log@example.test\",\"password\":\"%s\"}"
                                        .formatted(RunningServer.PASSWORD))
                        .json()
                        .findValue("session_id")
                        .asString();
        Files.writeString(folder.resolve("access.log"), "GET /?session_id=%s 200\n".formatted(id));

        JsonNode scan = searched();
        assertThat(places(scan)).containsExactly("session access.log:1 -");

        String ref = scan.get("hits").get(0).get("ref").asString();
        server.server().admin("/v1/sessions/" + ref + "/revoke", "{\"final\":true}");
        assertThat(places(server.server().admin("/v1/checklist/scan").json()))
                .containsExactly("session access.log:1 - ended");
    }

    @Test
    void theHistoryOfARepositoryNamesTheCommit() throws Exception {
        JsonNode loose = caller();
        JsonNode packed = caller();
        JsonNode dropped = caller();
        try (Git git = Git.init().setDirectory(folder.toFile()).call()) {
            RevCommit first = commit(git, "env", "SECRET=" + packed.get("secret").asString());
            commit(git, "env", "SECRET=elsewhere");
            git.gc().call();
            RevCommit second = commit(git, "src/Main.java", "// " + loose.get("secret").asString());
            Files.delete(folder.resolve("src/Main.java"));
            git.rm().addFilepattern("src/Main.java").call();
            commit(git, "env", "SECRET=from the vault");
            git.getRepository()
                    .newObjectInserter()
                    .insert(3, dropped.get("secret").asString().getBytes(UTF_8));

            JsonNode scan = searched();

            assertThat(places(scan))
                    .hasSize(3)
                    .contains(
                            "bridge_secret env:1 " + first.name().substring(0, 10),
                            "bridge_secret src/Main.java:1 " + second.name().substring(0, 10))
                    .anyMatch(place -> place.startsWith("bridge_secret git object "));
            assertThat(scan.get("objects").asInt()).isGreaterThan(6);
        }
    }

    private RevCommit commit(Git git, String file, String text)
            throws IOException, GitAPIException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text + "\n");
        git.add().addFilepattern(".").call();
        return git.commit()
                .setMessage("change " + file)
                .setAuthor(SOMEBODY)
                .setCommitter(
                        new PersonIdent(
                                SOMEBODY,
                                Instant.parse("2026-01-01T00:00:00Z").plusSeconds(++callers)))
                .setSign(false)
                .call();
    }

    @Test
    void theServersOwnKeysAreNoLeak() {
        JsonNode scan = server.searched("{\"folder\":\"" + data + "\"}");

        assertThat(places(scan)).isEmpty();
        assertThat(scan.get("state").asString()).isEqualTo("ended");
    }

    @Test
    void whatIsNoFolderIsRefused() {
        for (String wrong : List.of("relative/path", folder.resolve("none").toString())) {
            Answer answer =
                    server.server().admin("/v1/checklist/scan", "{\"folder\":\"" + wrong + "\"}");

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.text("field")).isEqualTo("folder");
        }
    }

    @Test
    void aSearchThatIsCancelledSaysSo() throws IOException {
        for (int i = 0; i < 400; i++) {
            StringBuilder text = new StringBuilder();
            for (int line = 0; line < 2_000; line++) {
                text.append("some-word-").append(i).append('-').append(line).append('\n');
            }
            Files.writeString(folder.resolve("file-" + i), text);
        }
        assertThat(
                        server.server()
                                .admin("/v1/checklist/scan", "{\"folder\":\"" + folder + "\"}")
                                .status())
                .isEqualTo(202);
        Answer busy = server.server().admin("/v1/checklist/scan", "{}");
        server.server().admin("/v1/checklist/scan/cancel", "{}");

        JsonNode ended =
                await().until(
                                () -> server.server().admin("/v1/checklist/scan").json(),
                                scan -> !scan.get("state").asString().equals("running"));
        assertThat(busy.text("code")).isEqualTo("SCAN_RUNNING");
        assertThat(ended.get("state").asString()).isEqualTo("cancelled");
    }
}
