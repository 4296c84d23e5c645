package drawbridge.server.drill;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** How a drill talks TLS to the server that plays it. */
public final class DrillTls {
    private DrillTls() {}

    /**
     * Takes whatever certificate is shown: it is asked for at the address this very process listens
     * on, by which no certificate is named.
     */
    public static SSLContext ofThisServer() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Own()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the platform has TLS", e);
        }
    }

    private static final class Own extends X509ExtendedTrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            // This process listens there.
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
            // This process listens there.
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            // This process listens there.
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            throw new IllegalStateException("no client is asked for a certificate");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
            throw new IllegalStateException("no client is asked for a certificate");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            throw new IllegalStateException("no client is asked for a certificate");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
