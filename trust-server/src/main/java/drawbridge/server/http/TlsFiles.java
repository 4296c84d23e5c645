package drawbridge.server.http;

import drawbridge.model.Secret;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where the certificate and the key of a listener are. */
public sealed interface TlsFiles {
    /**
     * A certificate chain and its key, each a PEM file.
     *
     * @param certificate the listener's own certificate first
     * @param key PKCS#8, without a password
     */
    record Pem(Path certificate, Path key) implements TlsFiles {
        @Override
        public List<Path> all() {
            return List.of(certificate, key);
        }
    }

    /** A PKCS#12 file with both. */
    record Pkcs12(Path file, Optional<Secret> password) implements TlsFiles {
        @Override
        public List<Path> all() {
            return List.of(file);
        }
    }

    /** The files that change when the certificate does. */
    List<Path> all();
}
