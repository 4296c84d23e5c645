package drawbridge.server.secret;

/** Hears which of the server's own secrets was rotated. Must be quick and must not block. */
@FunctionalInterface
public interface SecretNews {
    /**
     * It was.
     *
     * @param kind {@code signing_key}, {@code admin_token} or {@code master_key}
     * @param actor who did it
     */
    void rotated(String kind, String actor);
}
