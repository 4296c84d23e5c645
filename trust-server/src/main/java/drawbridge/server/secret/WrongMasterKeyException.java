package drawbridge.server.secret;

/** The master key does not open what this database sealed; the message is for the operator. */
public final class WrongMasterKeyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongMasterKeyException(String message) {
        super(message);
    }
}
