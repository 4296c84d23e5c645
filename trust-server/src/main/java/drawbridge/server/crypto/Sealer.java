package drawbridge.server.crypto;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SecureRandom;
import java.util.Arrays;

import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals bytes for storage under one key with AES-256-GCM (NIST SP 800-38D) and a random nonce of 96
 * bits. What is sealed for one place cannot be opened in another: the place is authenticated with
 * it. Immutable; safe for many threads.
 *
 * <p>Format: one byte of version (1), the first four bytes of the key's fingerprint, twelve of
 * nonce, the ciphertext, sixteen of tag.
 */
public final class Sealer {
    /** What was presented is not sealed under this key, for this place, or was changed. */
    public static final class BrokenSealException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BrokenSealException(String why) {
            super(why);
        }
    }

    private static final String ALGORITHM = "AES/GCM/NoPadding";

    /** Looked for once: that takes longer than opening a copy of a session. */
    private static final Provider PROVIDER = provider();

    private static final byte VERSION = 1;
    private static final int FINGERPRINT = 4;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final int HEAD = 1 + FINGERPRINT + NONCE;

    private final SecretKeySpec key;
    private final byte[] fingerprint;
    private final SecureRandom random = new SecureRandom();

    /**
     * @param key 32 bytes
     * @param fingerprint tells which key it is, and nothing about it
     */
    Sealer(byte[] key, byte[] fingerprint) {
        this.key = new SecretKeySpec(key, "AES");
        this.fingerprint = Arrays.copyOf(fingerprint, FINGERPRINT);
    }

    private static Provider provider() {
        try {
            return Cipher.getInstance(ALGORITHM).getProvider();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES-GCM", e);
        }
    }

    /**
     * A sealer under a key derived by HKDF-SHA-256 (RFC 5869) from a secret that is random already,
     * and from nothing else: whoever has not that secret cannot open what it sealed.
     *
     * @param secret at least 256 bits drawn at random, in any encoding
     * @param purpose as for {@link Keys#sealerFor}
     */
    public static Sealer underSecret(byte[] secret, String purpose) {
        return new Sealer(
                Keys.derive(secret, purpose), Keys.derive(secret, purpose + "/fingerprint"));
    }

    /**
     * Seals.
     *
     * @param place where it is kept, such as {@code signing_key/k4.pid…}; needed again to open it
     */
    public byte[] seal(byte[] plain, byte[] place) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        byte[] sealed = new byte[HEAD + plain.length + TAG_BITS / 8];
        ByteBuffer.wrap(sealed).put(VERSION).put(fingerprint).put(nonce);
        try {
            int _ =
                    cipher(Cipher.ENCRYPT_MODE, nonce, place)
                            .doFinal(plain, 0, plain.length, sealed, HEAD);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("sealing cannot fail", e);
        }
        return sealed;
    }

    /**
     * Opens.
     *
     * @throws BrokenSealException when it is not what {@link #seal} gave for this place
     */
    public byte[] open(byte[] sealed, byte[] place) {
        if (sealed.length < HEAD + TAG_BITS / 8 || sealed[0] != VERSION) {
            throw new BrokenSealException("not a sealed value");
        }
        if (!isMine(sealed)) {
            throw new BrokenSealException("sealed under another master key");
        }
        byte[] nonce = Arrays.copyOfRange(sealed, 1 + FINGERPRINT, HEAD);
        try {
            return cipher(Cipher.DECRYPT_MODE, nonce, place)
                    .doFinal(sealed, HEAD, sealed.length - HEAD);
        } catch (AEADBadTagException e) {
            throw new BrokenSealException("changed, or sealed for another place");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES-GCM", e);
        }
    }

    /** Whether it was sealed under this key, as far as it says itself. */
    public boolean isMine(byte[] sealed) {
        return sealed.length >= HEAD
                && Arrays.equals(sealed, 1, 1 + FINGERPRINT, fingerprint, 0, FINGERPRINT);
    }

    /** A new one, since it serves one thread; the platform's own uses the processor's AES. */
    private Cipher cipher(int mode, byte[] nonce, byte[] place) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(ALGORITHM, PROVIDER);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(place);
        return cipher;
    }

    @Override
    public String toString() {
        return "Sealer[redacted]";
    }
}
