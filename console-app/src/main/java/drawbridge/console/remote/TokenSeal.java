package drawbridge.console.remote;

import drawbridge.console.client.AdminToken;

import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Base64;

import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals admin tokens with a passphrase: Argon2id (RFC 9106) makes the key, AES-256-GCM seals, and
 * what the token belongs to is authenticated with it. Takes about half a second by design, so never
 * on the FX thread. Safe for many threads.
 */
public final class TokenSeal {
    /** Fewer characters are no passphrase. */
    public static final int LEAST_PASSPHRASE = 12;

    private static final String KDF = "argon2id";
    private static final String CIPHER = "AES-256-GCM";
    private static final int MEMORY_KIB = 64 * 1024;
    private static final int ITERATIONS = 3;
    private static final int LANES = 1;

    /** A file that asks for more is not one of ours, and would only cost memory and time. */
    private static final int MOST_MEMORY_KIB = 1024 * 1024;

    private static final int MOST_ITERATIONS = 20;
    private static final int SALT = 16;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private final SecureRandom random = new SecureRandom();

    /** How opening ended. */
    public sealed interface Opened {
        /** It is this one; the receiver closes it. */
        record Token(AdminToken token) implements Opened {}

        /** The passphrase is another one, or what is sealed was changed. */
        record WrongPassphrase() implements Opened {}

        /**
         * It cannot be opened by any passphrase.
         *
         * @param why one sentence
         */
        record Unusable(String why) implements Opened {}
    }

    /**
     * Seals a token.
     *
     * @param passphrase stays the caller's, who wipes it
     * @param bound what it belongs to
     */
    public SealedToken seal(AdminToken token, char[] passphrase, String bound) {
        byte[] salt = drawn(SALT);
        byte[] nonce = drawn(NONCE);
        byte[] key = key(passphrase, salt, MEMORY_KIB, ITERATIONS, LANES);
        try {
            byte[] sealed =
                    token.use(bytes -> crypt(Cipher.ENCRYPT_MODE, key, nonce, bound, bytes));
            return new SealedToken(
                    KDF,
                    MEMORY_KIB,
                    ITERATIONS,
                    LANES,
                    text(salt),
                    CIPHER,
                    text(nonce),
                    text(sealed));
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /**
     * Opens what was sealed.
     *
     * @param passphrase stays the caller's, who wipes it
     * @param bound what it has to belong to
     */
    public Opened open(SealedToken sealed, char[] passphrase, String bound) {
        if (!sealed.kdf().equals(KDF) || !sealed.cipher().equals(CIPHER)) {
            return new Opened.Unusable(
                    "it was sealed by a newer console (%s, %s)"
                            .formatted(sealed.kdf(), sealed.cipher()));
        }
        if (sealed.memoryKib() < 8
                || sealed.memoryKib() > MOST_MEMORY_KIB
                || sealed.iterations() < 1
                || sealed.iterations() > MOST_ITERATIONS
                || sealed.lanes() < 1
                || sealed.lanes() > 16) {
            return new Opened.Unusable("what the file asks for to make its key is out of bounds");
        }
        byte[] key = {};
        byte[] token = {};
        try {
            key =
                    key(
                            passphrase,
                            bytes(sealed.salt()),
                            sealed.memoryKib(),
                            sealed.iterations(),
                            sealed.lanes());
            token =
                    crypt(
                            Cipher.DECRYPT_MODE,
                            key,
                            bytes(sealed.nonce()),
                            bound,
                            bytes(sealed.sealed()));
            return new Opened.Token(AdminToken.of(token));
        } catch (WrongTagException e) {
            return new Opened.WrongPassphrase();
        } catch (IllegalArgumentException e) {
            return new Opened.Unusable("what the file holds is no sealed token");
        } finally {
            Arrays.fill(key, (byte) 0);
            Arrays.fill(token, (byte) 0);
        }
    }

    private static final class WrongTagException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WrongTagException(AEADBadTagException cause) {
            super(cause);
        }
    }

    private static byte[] crypt(int mode, byte[] key, byte[] nonce, String bound, byte[] input) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(bound.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(input);
        } catch (AEADBadTagException e) {
            throw new WrongTagException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("it cannot be sealed or opened", e);
        }
    }

    /** The same on every keyboard: what is typed is brought into one form first. */
    private static byte[] key(
            char[] passphrase, byte[] salt, int memoryKib, int iterations, int lanes) {
        String normal = Normalizer.normalize(CharBuffer.wrap(passphrase), Normalizer.Form.NFKC);
        byte[] bytes = normal.getBytes(StandardCharsets.UTF_8);
        try {
            Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
            argon2.init(
                    new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                            .withSalt(salt)
                            .withMemoryAsKB(memoryKib)
                            .withIterations(iterations)
                            .withParallelism(lanes)
                            .build());
            byte[] key = new byte[32];
            argon2.generateBytes(bytes, key);
            return key;
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private byte[] drawn(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String text(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] bytes(String text) {
        return Base64.getDecoder().decode(text);
    }
}
