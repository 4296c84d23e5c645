package drawbridge.console.remote;

import drawbridge.model.tls.CertificatePin;
import drawbridge.model.tls.PinnedTls;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/**
 * What a server's certificate says, for a person to compare.
 *
 * @param pin its fingerprint
 * @param subject whom it is for
 * @param issuer who signed it; the same where it signed itself
 * @param from when it begins
 * @param until when it ends
 * @param names host names and addresses it is for
 */
public record SeenCertificate(
        CertificatePin pin,
        String subject,
        String issuer,
        Instant from,
        Instant until,
        List<String> names) {
    private static final int PATIENCE_MILLIS = 5_000;

    public SeenCertificate {
        names = List.copyOf(names);
    }

    /** What that certificate says. */
    public static SeenCertificate of(X509Certificate certificate) {
        return new SeenCertificate(
                CertificatePin.of(certificate),
                certificate.getSubjectX500Principal().getName(),
                certificate.getIssuerX500Principal().getName(),
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant(),
                names(certificate));
    }

    private static List<String> names(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> told = certificate.getSubjectAlternativeNames();
            if (told != null) {
                told.forEach(name -> {
                    if (name.size() > 1 && name.get(1) instanceof String text) {
                        names.add(text);
                    }
                });
            }
        } catch (CertificateParsingException e) {
            names.clear(); // it names nothing that can be read
        }
        return names;
    }

    /** Whether it is for that host, as far as its names tell. */
    public boolean isFor(String host) {
        String wanted = host.toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", "");
        return names.stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .anyMatch(name ->
                        name.equals(wanted)
                                || (name.startsWith("*.")
                                        && wanted.endsWith(name.substring(1))
                                        && wanted.indexOf('.')
                                                == wanted.length() - name.length() + 1));
    }

    /** Whether it is within its dates. */
    public boolean isValidAt(Instant now) {
        return !now.isBefore(from) && now.isBefore(until);
    }

    /** Whether nobody but itself vouches for it. */
    public boolean isSelfSigned() {
        return subject.equals(issuer);
    }

    /**
     * Asks a server for its certificate. The connection ends there: nothing is sent to it. Blocks
     * for ten seconds at most.
     *
     * @throws IOException with one sentence on why there is none
     */
    public static SeenCertificate look(URI url) throws IOException {
        AtomicReference<X509Certificate> shown = new AtomicReference<>();
        int port = url.getPort() < 0 ? 443 : url.getPort();
        try (Socket plain = new Socket()) {
            plain.connect(
                    new InetSocketAddress(url.getHost().replaceAll("[\\[\\]]", ""), port),
                    PATIENCE_MILLIS);
            plain.setSoTimeout(PATIENCE_MILLIS);
            try (SSLSocket tls =
                    (SSLSocket)
                            PinnedTls.onlyLooking(shown::set)
                                    .getSocketFactory()
                                    .createSocket(plain, url.getHost(), port, true)) {
                tls.startHandshake();
            }
        } catch (SSLException e) {
            X509Certificate certificate = shown.get();
            if (certificate != null) {
                return of(certificate);
            }
            throw new IOException(url.getAuthority() + " does not speak TLS: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IOException(url.getAuthority() + " cannot be reached: " + e.getMessage(), e);
        }
        throw new IOException(url.getAuthority() + " showed no certificate.");
    }
}
