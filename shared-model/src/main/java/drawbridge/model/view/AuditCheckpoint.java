package drawbridge.model.view;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;

/**
 * A signed statement that at some instant a tenant's chain ended with that row. Kept elsewhere, it
 * is the witness against whoever changes the database and all that stands in it.
 *
 * @param tenant whose chain
 * @param sequence its place among that tenant's checkpoints, from 1 without gaps
 * @param number of the last row
 * @param hash of the last row, in hex
 * @param at when it was made
 * @param previous SHA-256 of the signature before it, in hex; zeros for the first
 * @param signature Ed25519 over {@link #message()}, in base64url
 */
public record AuditCheckpoint(
        String tenant,
        long sequence,
        long number,
        String hash,
        Instant at,
        String previous,
        String signature) {
    /** What stands for the signature before the first. */
    public static final String NONE_BEFORE = "0".repeat(64);

    private static final byte[] KEY_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    public AuditCheckpoint {
        Objects.requireNonNull(tenant);
        Objects.requireNonNull(hash);
        Objects.requireNonNull(at);
        Objects.requireNonNull(previous);
        Objects.requireNonNull(signature);
    }

    /** What is signed: seven lines of UTF-8, each with a line feed behind it. */
    public byte[] message() {
        return "drawbridge audit checkpoint v1\n%s\n%d\n%d\n%s\n%s\n%s\n"
                .formatted(tenant, sequence, number, hash, at, previous)
                .getBytes(StandardCharsets.UTF_8);
    }

    /** The same with that signature. */
    public AuditCheckpoint signed(String with) {
        return new AuditCheckpoint(tenant, sequence, number, hash, at, previous, with);
    }

    /**
     * Whether it was signed by the owner of that public key.
     *
     * @param publicKey Ed25519, 32 bytes
     */
    public boolean isSignedBy(byte[] publicKey) {
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(
                    KeyFactory.getInstance("Ed25519")
                            .generatePublic(new X509EncodedKeySpec(encoded(publicKey))));
            verifier.update(message());
            return verifier.verify(Base64.getUrlDecoder().decode(signature));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has Ed25519", e);
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            return false; // no base64url, no key, or no signature at all
        }
    }

    /** A raw key in the form that Java reads (RFC 8410, section 4). */
    private static byte[] encoded(byte[] raw) {
        byte[] encoded = Arrays.copyOf(KEY_PREFIX, KEY_PREFIX.length + raw.length);
        System.arraycopy(raw, 0, encoded, KEY_PREFIX.length, raw.length);
        return encoded;
    }

    /** What the next checkpoint says of this one, in hex. */
    public String fingerprint() {
        try {
            byte[] hashed =
                    MessageDigest.getInstance("SHA-256")
                            .digest(signature.getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(hashed);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
