package drawbridge.console.remote;

import drawbridge.model.tls.CertificatePin;

import java.net.URI;
import java.util.Optional;

/**
 * A profile: a server elsewhere and how this console knows it.
 *
 * @param id tells it from all others, and names its files
 * @param name what its windows are called
 * @param adminUrl the root of its admin listener
 * @param colour what its windows are marked with
 * @param isProtected whether it is read-only until it is unlocked
 * @param pin the certificate it shows; empty only for one that is reached without TLS on this
 *     machine
 * @param token what lets in
 */
public record RemoteServer(
        String id,
        String name,
        URI adminUrl,
        ProfileColour colour,
        boolean isProtected,
        Optional<CertificatePin> pin,
        SealedToken token) {
    /**
     * What the sealed token belongs to: it opens for this server, this certificate and this
     * protection only, so that whoever can write the file cannot have it sent elsewhere, nor take
     * the lock away.
     */
    public String bound() {
        return bound(id, adminUrl, isProtected, pin);
    }

    /** The same of one that is not made yet. */
    public static String bound(
            String id, URI adminUrl, boolean isProtected, Optional<CertificatePin> pin) {
        return "drawbridge/remote-token/v1\n%s\n%s\n%s\n%s"
                .formatted(
                        id,
                        adminUrl,
                        isProtected ? "protected" : "open",
                        pin.map(CertificatePin::sha256).orElse("none"));
    }

    /** The host and port, as a person reads them. */
    public String place() {
        return adminUrl.getAuthority();
    }
}
