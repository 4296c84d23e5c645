package drawbridge.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import drawbridge.server.support.TestDatabase;
import drawbridge.server.support.TestIdentity;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;

/** A PostgreSQL that is reached over TLS must be the one that is named. */
@Timeout(120)
class PostgresTlsTest {
    private static final Database.Pool POOL = new Database.Pool(2, Duration.ofSeconds(20));

    @TempDir private Path folder;

    @Test
    void asksOnlyTheOneWhoseCertificateIsForItsNameAndKnown() throws Exception {
        Path certificate = folder.resolve("server.crt");
        TestIdentity.of("localhost", "RSA", 2048).write(certificate, key("server.key"));
        Path stranger = folder.resolve("stranger.crt");
        TestIdentity.of("localhost", "RSA", 2048).write(stranger, key("stranger.key"));

        try (EmbeddedPostgres server =
                EmbeddedPostgres.builder()
                        .setPGStartupWait(TestDatabase.START)
                        .setServerConfig("ssl", "on")
                        .setServerConfig("ssl_cert_file", certificate.toString())
                        .setServerConfig("ssl_key_file", folder.resolve("server.key").toString())
                        .start()) {
            try (Database database = open("localhost", server, certificate)) {
                // Nothing falls back: verify-full is encrypted or is not there.
                assertThat(ServerState.isSealed(database)).isFalse();
            }
            // The same server by a name that its certificate has not got.
            refused("127.0.0.1", server, certificate);
            refused("localhost", server, stranger);
        }
    }

    private Path key(String name) throws IOException {
        return Files.createFile(
                folder.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private static Database open(String host, EmbeddedPostgres server, Path trusted) {
        return Database.openPostgres(
                TestDatabase.parsed(
                        "postgresql://postgres@%s:%d/postgres?sslmode=verify-full&sslrootcert=%s"
                                .formatted(host, server.getPort(), trusted)),
                POOL);
    }

    private static void refused(String host, EmbeddedPostgres server, Path trusted) {
        assertThatThrownBy(() -> open(host, server, trusted).close())
                .isInstanceOf(StoreUnavailableException.class);
    }
}
