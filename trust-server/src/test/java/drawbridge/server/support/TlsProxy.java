package drawbridge.server.support;

import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;

/** Stands before a server on this machine and speaks TLS for it. */
public final class TlsProxy extends LoopbackProxy {
    /** Shows that certificate. */
    public TlsProxy(TestIdentity identity, int target)
            throws IOException, GeneralSecurityException {
        super(
                identity.sockets().createServerSocket(0, 50, InetAddress.getLoopbackAddress()),
                target);
    }

    @Override
    boolean handsOn(boolean isAnswer) {
        return true;
    }
}
