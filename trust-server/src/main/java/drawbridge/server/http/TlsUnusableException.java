package drawbridge.server.http;

/** Certificate or key of the public listener cannot be read, or do not belong together. */
public final class TlsUnusableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param sentence what is wrong and with which file, without any of its contents
     */
    TlsUnusableException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
