package drawbridge.console.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import drawbridge.console.Platform;
import drawbridge.console.client.AdminToken;
import drawbridge.console.fixture.Samples;
import drawbridge.model.tls.CertificatePin;
import drawbridge.model.view.ServerSnapshot;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

class RemoteServersTest {
    private static final SealedToken TOKEN =
            new SealedToken(
                    "argon2id", 65_536, 3, 1, "c2FsdA==", "AES-256-GCM", "bm9uY2U=", "eA==");

    @TempDir Path folder;

    private final Platform platform = Platform.current();

    private RemoteServers servers() {
        return new RemoteServers(file(), platform);
    }

    private Path file() {
        return folder.resolve("remote-servers.json");
    }

    private static RemoteServer server(String id, String name, boolean isProtected) {
        return new RemoteServer(
                id,
                name,
                URI.create("https://trust.example.com:7071"),
                ProfileColour.TEAL,
                isProtected,
                Optional.of(new CertificatePin("ab".repeat(32))),
                TOKEN);
    }

    @Test
    void keepsReplacesAndForgets() throws IOException {
        RemoteServer staging = server("00000000000000aa", "staging", false);
        RemoteServer production = server("00000000000000bb", "Production", true);
        servers().put(staging);
        servers().put(production);
        RemoteServer renamed = server("00000000000000aa", "Test field", false);
        servers().put(renamed);

        assertThat(servers().all()).containsExactly(production, renamed);
        servers().forget(production.id());
        assertThat(servers().all()).containsExactly(renamed);
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no POSIX rights")
    void onlyItsOwnerMayRead() throws IOException {
        servers().put(server("00000000000000aa", "staging", false));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void doesNotWriteOverWhatItCannotRead() throws IOException {
        Files.writeString(file(), "{\"format\":1,\"servers\":[{\"id\":\"../../x\"}]}");

        assertThatThrownBy(() -> servers().put(server("00000000000000aa", "staging", false)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("damaged");
        assertThat(Files.readString(file())).contains("../../x");
    }

    @Test
    void whatItIsBoundToNamesServerCertificateAndProtection() {
        RemoteServer open = server("00000000000000aa", "staging", false);
        RemoteServer locked = server("00000000000000aa", "staging", true);

        assertThat(open.bound())
                .isNotEqualTo(locked.bound())
                .contains("https://trust.example.com:7071")
                .contains("ab".repeat(32));
    }

    @Test
    void figuresAreReadWithTheSameTokenOnlyAndSayNothingWithout() throws IOException {
        Path file = folder.resolve("figures.sealed");
        ServerSnapshot figures = Samples.snapshot(41);
        kept(file, "token-of-this-server").write(figures);

        assertThat(kept(file, "token-of-this-server").read()).contains(figures);
        assertThat(kept(file, "token-of-another-one").read()).isEmpty();
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                .doesNotContain("liveSessions", "adminUrl");
    }

    private KeptSnapshot kept(Path file, String token) {
        return new KeptSnapshot(
                file, platform, AdminToken.of(token.getBytes(StandardCharsets.US_ASCII)));
    }
}
