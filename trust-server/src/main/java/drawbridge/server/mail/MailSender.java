package drawbridge.server.mail;

/** Hands mails to a server that delivers them. Called by one thread. */
public interface MailSender {
    /**
     * Returns once the server has taken the mail.
     *
     * @throws MailRefusedException when it has not
     */
    void send(Mail mail);
}
