package drawbridge.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The opaque secret a client holds: {@code ses_} and 256 random bits in base64url, 47 characters.
 * Whoever has it has the session, so it never prints itself and is hashed into a {@link SessionId}
 * as soon as it arrives.
 */
public final class SessionToken {
    private static final Pattern SHAPE = Pattern.compile("ses_[A-Za-z0-9_-]{43}");

    private final String text;

    private SessionToken(String text) {
        this.text = text;
    }

    /** A new token of 256 bits from that source. */
    public static SessionToken draw(SecureRandom random) {
        byte[] bits = new byte[32];
        random.nextBytes(bits);
        return new SessionToken(
                "ses_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
    }

    /** The token of that text; empty when it has not the shape of one and so cannot exist. */
    public static Optional<SessionToken> parse(String text) {
        return SHAPE.matcher(text).matches()
                ? Optional.of(new SessionToken(text))
                : Optional.empty();
    }

    /** The hash that is stored: SHA-256 of the text's bytes. */
    public SessionId id() {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return SessionId.ofHash(sha256.digest(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The text, to be handed to the client that logged in and to nobody else. */
    public String reveal() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SessionToken that
                && MessageDigest.isEqual(
                        text.getBytes(StandardCharsets.US_ASCII),
                        that.text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public int hashCode() {
        return id().hashCode();
    }

    @Override
    public String toString() {
        return "SessionToken[redacted]";
    }
}
