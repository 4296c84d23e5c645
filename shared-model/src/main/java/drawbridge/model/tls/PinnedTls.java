package drawbridge.model.tls;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Date;
import java.util.function.Consumer;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS to a server that is known by its certificate: this one and no other, whoever signed it and
 * whatever host it names, for as long as it is valid. Asked at every handshake. Safe for many
 * threads.
 */
public final class PinnedTls {
    private PinnedTls() {}

    /** The server showed another certificate than the pinned one. */
    public static final class ChangedException extends CertificateException {
        private static final long serialVersionUID = 1L;

        ChangedException(CertificatePin expected, X509Certificate shown) {
            super(
                    "the server shows another certificate: %s instead of %s"
                            .formatted(CertificatePin.of(shown).shown(), expected.shown()));
        }
    }

    /**
     * A context for connections to that server.
     *
     * @param pin which certificate it has to show; asked at every handshake
     * @param now decides whether the certificate is within its dates
     */
    public static SSLContext context(Supplier<CertificatePin> pin, InstantSource now) {
        return context(pin, now, _ -> {});
    }

    /**
     * The same.
     *
     * @param changed hears of a certificate that is not the pinned one; the handshake fails then
     */
    public static SSLContext context(
            Supplier<CertificatePin> pin, InstantSource now, Consumer<X509Certificate> changed) {
        return context(new Pinned(pin, now, changed));
    }

    /**
     * A context whose handshakes all fail once the server has shown its certificate, so that
     * nothing is ever sent to a server whose certificate nobody has agreed to.
     *
     * @param shown hears the certificate
     */
    public static SSLContext onlyLooking(Consumer<X509Certificate> shown) {
        return context(new Looking(shown));
    }

    private static SSLContext context(Refusing trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trust}, null);
            // A resumed session shows no certificate, so that there would be nothing to compare.
            context.getClientSessionContext().setSessionCacheSize(1);
            context.getClientSessionContext().setSessionTimeout(1);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has TLS", e);
        }
    }

    /** Checks servers in one place; clients and authorities are none of its business. */
    private abstract static class Refusing extends X509ExtendedTrustManager {
        abstract void check(X509Certificate shown) throws CertificateException;

        private void checkFirst(X509Certificate[] chain) throws CertificateException {
            if (chain == null || chain.length == 0) {
                throw new CertificateException("the server showed no certificate");
            }
            check(chain[0]);
        }

        @Override
        public final void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            checkFirst(chain);
        }

        @Override
        public final void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            checkFirst(chain);
        }

        @Override
        public final void checkServerTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            checkFirst(chain);
        }

        @Override
        public final void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("no client is let in here");
        }

        @Override
        public final void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw new CertificateException("no client is let in here");
        }

        @Override
        public final void checkClientTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            throw new CertificateException("no client is let in here");
        }

        @Override
        public final X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private static final class Pinned extends Refusing {
        private final Supplier<CertificatePin> pin;
        private final InstantSource now;
        private final Consumer<X509Certificate> changed;

        Pinned(Supplier<CertificatePin> pin, InstantSource now, Consumer<X509Certificate> changed) {
            this.pin = pin;
            this.now = now;
            this.changed = changed;
        }

        @Override
        void check(X509Certificate shown) throws CertificateException {
            CertificatePin expected = pin.get();
            if (!CertificatePin.of(shown).equals(expected)) {
                changed.accept(shown);
                throw new ChangedException(expected, shown);
            }
            try {
                shown.checkValidity(Date.from(now.instant()));
            } catch (CertificateExpiredException e) {
                throw new CertificateException(
                        "the server's certificate ended on "
                                + shown.getNotAfter().toInstant()
                                + "; give the server a new one",
                        e);
            } catch (CertificateNotYetValidException e) {
                throw new CertificateException(
                        "the server's certificate begins on "
                                + shown.getNotBefore().toInstant()
                                + "; compare the clocks of both machines",
                        e);
            }
        }
    }

    private static final class Looking extends Refusing {
        private final Consumer<X509Certificate> shown;

        Looking(Consumer<X509Certificate> shown) {
            this.shown = shown;
        }

        @Override
        void check(X509Certificate certificate) throws CertificateException {
            shown.accept(certificate);
            throw new CertificateException("it was only looked at");
        }
    }
}
