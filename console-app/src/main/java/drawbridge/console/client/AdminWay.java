package drawbridge.console.client;

import java.net.URI;
import java.util.Optional;

/**
 * The way to one server's admin API. Whoever opens a connection takes it from here, so that there
 * is one place which knows the server by its certificate, and one which lets changes through.
 *
 * @param adminUrl the root of the admin listener, such as {@code https://trust.example.com:7071}
 * @param credentials what lets in; stay the caller's
 * @param trust how the server is known
 * @param guard whether changes may be asked for
 */
public record AdminWay(
        URI adminUrl, Credentials credentials, ServerTrust trust, ChangeGuard guard) {
    /** Of the server of this machine that answers without TLS. */
    public static AdminWay plain(URI adminUrl, Credentials credentials) {
        return new AdminWay(
                adminUrl, credentials, ServerTrust.ofOwnServer(Optional::empty), ChangeGuard.OPEN);
    }

    /** Never prints what lets in. */
    @Override
    public String toString() {
        return "AdminWay[" + adminUrl + "]";
    }
}
