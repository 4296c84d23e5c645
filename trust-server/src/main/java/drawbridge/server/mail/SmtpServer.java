package drawbridge.server.mail;

import drawbridge.model.Secret;

import java.util.Optional;

/**
 * Where mails are handed over.
 *
 * @param host its name, checked against its certificate
 * @param port its port
 * @param tls how the connection is protected
 * @param user whom to log in as
 * @param password for that
 * @param from the sender's address
 */
public record SmtpServer(
        String host,
        int port,
        Tls tls,
        Optional<String> user,
        Optional<Secret> password,
        String from) {
    /** How a connection to a mail server is protected. */
    public enum Tls {
        /** From its first byte (RFC 8314). */
        SMTPS,
        /** By STARTTLS; without it nothing is sent. */
        STARTTLS,
        /** Not at all: a server on this machine. */
        NONE
    }
}
