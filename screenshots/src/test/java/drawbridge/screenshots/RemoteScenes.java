package drawbridge.screenshots;

import drawbridge.console.remote.ProfileColour;
import drawbridge.console.remote.RemoteServer;
import drawbridge.console.remote.SealedToken;
import drawbridge.console.remote.SeenCertificate;
import drawbridge.model.tls.CertificatePin;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Servers elsewhere, which nobody has. */
final class RemoteScenes {
    private static final SealedToken TOKEN =
            new SealedToken(
                    "argon2id", 65_536, 3, 1, "c2FsdA==", "AES-256-GCM", "bm9uY2U=", "eA==");
    private static final CertificatePin OLD =
            new CertificatePin("3f9c1a77e05bd2648810c4fe9a31b7d05562ae1f0c937b48d6e1f2a45b80973c");
    private static final CertificatePin NEW =
            new CertificatePin("b1d40e6a92c87f3516dd08ab47e2f9135c6b70e8d4a1927f3e50c6b98fa2d714");

    private RemoteScenes() {}

    static RemoteServer production() {
        return server("00000000000000aa", "Production", "trust.example.com:7071", true, OLD);
    }

    static List<RemoteServer> all() {
        RemoteServer tunnel =
                new RemoteServer(
                        "00000000000000cc",
                        "Old data centre (tunnel)",
                        URI.create("http://127.0.0.1:9071"),
                        ProfileColour.SLATE,
                        true,
                        Optional.empty(),
                        TOKEN);
        return List.of(
                tunnel,
                production(),
                server("00000000000000bb", "Staging", "10.20.0.14:7071", false, NEW));
    }

    private static RemoteServer server(
            String id, String name, String place, boolean isProtected, CertificatePin pin) {
        return new RemoteServer(
                id,
                name,
                URI.create("https://" + place),
                isProtected ? ProfileColour.MAGENTA : ProfileColour.TEAL,
                isProtected,
                Optional.of(pin),
                TOKEN);
    }

    /** The one it shows now. */
    static SeenCertificate certificate() {
        return new SeenCertificate(
                NEW,
                "CN=trust.example.com,O=Example",
                "CN=trust.example.com,O=Example",
                Scenes.NOW.minus(Duration.ofDays(12)),
                Scenes.NOW.plus(Duration.ofDays(385)),
                List.of("trust.example.com", "trust-2.example.com"));
    }
}
