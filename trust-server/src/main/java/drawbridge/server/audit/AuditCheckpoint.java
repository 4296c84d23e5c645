package drawbridge.server.audit;

import drawbridge.server.crypto.Signer;
import drawbridge.server.storage.Times;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
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
    public AuditCheckpoint {
        Objects.requireNonNull(tenant);
        Objects.requireNonNull(hash);
        Objects.requireNonNull(at);
        Objects.requireNonNull(previous);
        Objects.requireNonNull(signature);
    }

    /** What stands for the signature before the first. */
    static final String NONE_BEFORE = "0".repeat(64);

    static AuditCheckpoint signed(
            Signer signer,
            String tenant,
            long sequence,
            long number,
            String hash,
            Instant at,
            String previous) {
        Instant stored = Times.instant(Times.micros(at)); // what is signed is what is kept
        AuditCheckpoint unsigned =
                new AuditCheckpoint(tenant, sequence, number, hash, stored, previous, "");
        String signature =
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(signer.sign(unsigned.message()));
        return new AuditCheckpoint(tenant, sequence, number, hash, stored, previous, signature);
    }

    /** What is signed: seven lines of UTF-8, each with a line feed behind it. */
    public byte[] message() {
        return "drawbridge audit checkpoint v1\n%s\n%d\n%d\n%s\n%s\n%s\n"
                .formatted(tenant, sequence, number, hash, at, previous)
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Whether it was signed by the owner of that public key. */
    public boolean isSignedBy(byte[] publicKey) {
        try {
            return Signer.isValid(publicKey, message(), Base64.getUrlDecoder().decode(signature));
        } catch (IllegalArgumentException e) {
            return false; // no base64url
        }
    }

    /** What the next checkpoint says of this one. */
    String fingerprint() {
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
