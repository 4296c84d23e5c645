package drawbridge.server.mail;

import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.Properties;

import javax.net.ssl.SSLSocketFactory;

/**
 * Hands mails over by SMTP, one connection each: verification mails are few, and a connection that
 * idles is one more thing to break.
 */
public final class SmtpSender implements MailSender {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final SmtpServer server;
    private final Session session;
    private final Clock clock;

    /** For a server whose certificate the Java platform trusts. */
    public SmtpSender(SmtpServer server, Clock clock) {
        this(server, clock, null);
    }

    /**
     * @param trust makes the protected connections; null for the platform's own
     */
    SmtpSender(SmtpServer server, Clock clock, @Nullable SSLSocketFactory trust) {
        this.server = server;
        this.clock = clock;
        this.session = Session.getInstance(properties(server, trust));
    }

    private static Properties properties(SmtpServer server, @Nullable SSLSocketFactory trust) {
        Properties properties = new Properties();
        String prefix = "mail." + protocol(server) + ".";
        String millis = Long.toString(PATIENCE.toMillis());
        properties.put(prefix + "connectiontimeout", millis);
        properties.put(prefix + "timeout", millis);
        properties.put(prefix + "writetimeout", millis);
        properties.put(prefix + "ssl.checkserveridentity", "true");
        properties.put(prefix + "socketFactory.fallback", "false");
        properties.put(prefix + "ssl.protocols", "TLSv1.3 TLSv1.2");
        properties.put(prefix + "auth", Boolean.toString(server.user().isPresent()));
        if (server.tls() == SmtpServer.Tls.STARTTLS) {
            properties.put(prefix + "starttls.enable", "true");
            properties.put(prefix + "starttls.required", "true");
        }
        if (trust != null) {
            properties.put(prefix + "ssl.socketFactory", trust);
        }
        return properties;
    }

    private static String protocol(SmtpServer server) {
        return server.tls() == SmtpServer.Tls.SMTPS ? "smtps" : "smtp";
    }

    @Override
    public void send(Mail mail) {
        try (Transport transport = session.getTransport(protocol(server))) {
            MimeMessage message = message(mail);
            // The library takes a password as a text only.
            String password =
                    server.password()
                            .filter(secret -> server.user().isPresent())
                            .map(secret ->
                                    secret.use(bytes -> new String(bytes, StandardCharsets.UTF_8)))
                            .orElse(null);
            transport.connect(server.host(), server.port(), server.user().orElse(null), password);
            transport.sendMessage(message, message.getAllRecipients());
        } catch (MessagingException e) {
            throw new MailRefusedException(why(e), e);
        }
    }

    private MimeMessage message(Mail mail) throws MessagingException {
        String domain = server.from().substring(server.from().indexOf('@') + 1);
        MimeMessage message =
                new MimeMessage(session) {
                    @Override
                    protected void updateMessageID() throws MessagingException {
                        setHeader("Message-ID", "<" + mail.id() + "@" + domain + ">");
                    }
                };
        message.setFrom(new InternetAddress(server.from(), true));
        message.setRecipients(
                Message.RecipientType.TO,
                new Address[] {new InternetAddress(mail.recipient(), true)});
        message.setSubject(mail.subject(), "UTF-8");
        message.setText(mail.text(), "UTF-8");
        message.setSentDate(Date.from(clock.instant()));
        message.setHeader("Auto-Submitted", "auto-generated"); // RFC 3834: no out-of-office replies
        return message;
    }

    /** The kind of failure and the server's own words, cut short and on one line. */
    private static String why(MessagingException e) {
        String words = String.valueOf(e.getMessage()).replaceAll("\\p{Cntrl}+", " ").strip();
        String text = e.getClass().getSimpleName() + ": " + words;
        return text.length() > 200 ? text.substring(0, 200) : text;
    }
}
