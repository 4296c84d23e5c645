package drawbridge.server.mail;

/** A mail was not taken; worth another try. */
public final class MailRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param why one line without the mail's contents
     */
    public MailRefusedException(String why, Throwable cause) {
        super(why, cause);
    }

    /** The same, for an administrator. */
    public String why() {
        String message = getMessage();
        return message == null ? "refused" : message;
    }
}
