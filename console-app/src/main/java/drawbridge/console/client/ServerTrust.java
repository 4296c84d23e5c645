package drawbridge.console.client;

import drawbridge.model.tls.CertificatePin;
import drawbridge.model.tls.PinnedTls;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.http.HttpClient;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * How a server is known to be the one that is meant. There is no way to trust any server: over TLS
 * its certificate is compared with the pinned one at every handshake, and without TLS the address
 * has to be one of this machine. Safe for many threads.
 */
public final class ServerTrust {
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]|\\[0:0:0:0:0:0:0:1]");

    private final Supplier<Optional<CertificatePin>> pin;
    private final InstantSource now;
    private final Consumer<X509Certificate> changed;
    private final boolean isOwn;

    private ServerTrust(
            Supplier<Optional<CertificatePin>> pin,
            InstantSource now,
            Consumer<X509Certificate> changed,
            boolean isOwn) {
        this.pin = pin;
        this.now = now;
        this.changed = changed;
        this.isOwn = isOwn;
    }

    /**
     * Of the server in this console's own data folder, which tells there where it is and which
     * certificate it shows.
     *
     * @param told what it tells; asked at every handshake
     */
    public static ServerTrust ofOwnServer(Supplier<Optional<CertificatePin>> told) {
        return new ServerTrust(told, InstantSource.system(), _ -> {}, true);
    }

    /**
     * Of a server elsewhere, which shows that certificate.
     *
     * @param changed hears of any other certificate it shows, on the connection's thread
     */
    public static ServerTrust pinned(
            CertificatePin pin, InstantSource now, Consumer<X509Certificate> changed) {
        return new ServerTrust(() -> Optional.of(pin), now, changed, false);
    }

    /** Of a server that is reached without TLS, such as through a tunnel that ends here. */
    public static ServerTrust ofThisMachine() {
        return new ServerTrust(Optional::empty, InstantSource.system(), _ -> {}, false);
    }

    /** Whether what is sent there stays on this machine. */
    public static boolean isLoopback(URI url) {
        return url.getHost() != null && LOOPBACK.matcher(url.getHost()).matches();
    }

    /** Why nothing may be sent there, as one sentence; empty when it may. */
    Optional<String> refusal(URI url) {
        if ("https".equals(url.getScheme()) || isOwn || isLoopback(url)) {
            return Optional.empty();
        }
        return Optional.of(
                url + " would be reached in clear text; only https leaves this machine.");
    }

    void applyTo(HttpClient.Builder client) {
        client.sslContext(
                PinnedTls.context(
                        () ->
                                pin.get()
                                        .orElseThrow(() ->
                                                new IllegalStateException(
                                                        "no certificate is known of the server")),
                        now,
                        changed));
    }

    /**
     * The change of certificate because of which a call failed; empty when it was something else.
     */
    public static Optional<PinnedTls.ChangedException> change(@Nullable Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof PinnedTls.ChangedException changed) {
                return Optional.of(changed);
            }
        }
        return Optional.empty();
    }
}
