package drawbridge.console.remote;

/**
 * An admin token that only a passphrase opens: what its key is made with, and the sealed bytes. The
 * format is told in {@code docs/remote.md}.
 *
 * @param kdf {@code argon2id}
 * @param memoryKib memory of one derivation
 * @param iterations passes over it
 * @param lanes lanes of it
 * @param salt in base64
 * @param cipher {@code AES-256-GCM}
 * @param nonce in base64
 * @param sealed in base64: the token, and behind it the tag
 */
public record SealedToken(
        String kdf,
        int memoryKib,
        int iterations,
        int lanes,
        String salt,
        String cipher,
        String nonce,
        String sealed) {
    /** Nothing of it is worth printing. */
    @Override
    public String toString() {
        return "SealedToken[" + kdf + ", " + cipher + "]";
    }
}
