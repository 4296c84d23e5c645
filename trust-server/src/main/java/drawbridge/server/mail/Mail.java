package drawbridge.server.mail;

/**
 * A mail as it is handed over. Its text may hold a one-time link, so it never prints itself.
 *
 * @param id names it, in its Message-ID too, so that a second delivery can be told
 * @param recipient the stored address of an account, or of somebody who was invited
 * @param subject one line
 * @param text plain text
 */
public record Mail(String id, String recipient, String subject, String text) {
    @Override
    public String toString() {
        return "Mail[" + id + "]";
    }
}
