package drawbridge.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * The opaque secret a client holds: {@code ses_} and 256 random bits in base64url, 47 characters.
 * Whoever has it has the session, so it never prints itself and is hashed into a {@link SessionId}
 * as soon as it arrives.
 */
public final class SessionToken {
    private static final String PREFIX = "ses_";
    private static final int LENGTH = PREFIX.length() + 43;
    private static final MessageDigest SHA_256 = sha256();

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
        return hasShape(text) ? Optional.of(new SessionToken(text)) : Optional.empty();
    }

    private static boolean hasShape(String text) {
        if (text.length() != LENGTH || !text.startsWith(PREFIX)) {
            return false;
        }
        for (int i = PREFIX.length(); i < LENGTH; i++) {
            char c = text.charAt(i);
            boolean isLetter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            if (!isLetter && !(c >= '0' && c <= '9') && c != '_' && c != '-') {
                return false;
            }
        }
        return true;
    }

    /** The hash that is stored: SHA-256 of the text's bytes. */
    public SessionId id() {
        try {
            // Looking an algorithm up costs as much as the hash; a fresh one is copied instead.
            MessageDigest sha256 = (MessageDigest) SHA_256.clone();
            return SessionId.ofHash(sha256.digest(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the platform's SHA-256 can be copied", e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
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
