package drawbridge.server.crypto;

import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/**
 * Keys for single purposes, derived from the master key by HKDF-SHA-256 (RFC 5869) with the purpose
 * as info, so that no two uses ever share a key. Immutable; safe for many threads.
 */
public final class Keys {
    private final byte[] master;

    /**
     * The keys under that master key, which is copied.
     *
     * @throws IllegalArgumentException unless it has 32 bytes
     */
    public Keys(byte[] master) {
        if (master.length != 32) {
            throw new IllegalArgumentException("a master key has 32 bytes, not " + master.length);
        }
        this.master = master.clone();
    }

    /** A keyed hash for one purpose, such as {@code caller-secret/lookup/v1}. */
    public KeyedHash hashFor(String purpose) {
        return new KeyedHash(derived(purpose));
    }

    /** A sealer for one purpose, such as {@code mail-body/v1}. */
    public Sealer sealerFor(String purpose) {
        return new Sealer(derived(purpose), hashFor(purpose + "/fingerprint").of(new byte[0]));
    }

    /** A signer for one purpose, such as {@code audit-checkpoint/v1}; the same after a restart. */
    public Signer signerFor(String purpose) {
        return new Signer(derived(purpose));
    }

    private byte[] derived(String purpose) {
        return derive(master, purpose);
    }

    /** 32 bytes for that purpose from secret bytes that are random already. */
    static byte[] derive(byte[] secret, String purpose) {
        return hkdf(secret, null, ("drawbridge/" + purpose).getBytes(StandardCharsets.UTF_8), 32);
    }

    /** HKDF-SHA-256 (RFC 5869), extract and expand. */
    static byte[] hkdf(byte[] material, byte @Nullable [] salt, byte[] info, int size) {
        HKDFBytesGenerator hkdf = new HKDFBytesGenerator(new SHA256Digest());
        hkdf.init(new HKDFParameters(material, salt, info));
        byte[] key = new byte[size];
        hkdf.generateBytes(key, 0, key.length);
        return key;
    }

    @Override
    public String toString() {
        return "Keys[redacted]";
    }
}
