package drawbridge.server;

/** A listener could not be opened because its port is in use, or may not be used. */
public final class PortTakenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String host;
    private final int port;

    PortTakenException(String host, int port, Throwable cause) {
        super("port " + port + " on " + host + " cannot be opened: " + cause.getMessage(), cause);
        this.host = host;
        this.port = port;
    }

    /** The host it was to be opened on. */
    public String host() {
        return host;
    }

    /** The port. */
    public int port() {
        return port;
    }
}
