package drawbridge.server.backup;

/**
 * A backup, restore, export or import is refused; the message is all the operator needs to read.
 */
public final class BackupFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BackupFailure(String sentence) {
        super(sentence);
    }

    BackupFailure(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
