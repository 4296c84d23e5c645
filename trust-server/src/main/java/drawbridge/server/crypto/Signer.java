package drawbridge.server.crypto;

import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/**
 * Signs with Ed25519 (RFC 8032) under one key, so that others can check without being able to sign.
 * Immutable; safe for many threads.
 */
public final class Signer {
    /** The length of a public key. */
    public static final int PUBLIC_KEY_BYTES = Ed25519PublicKeyParameters.KEY_SIZE;

    private final Ed25519PrivateKeyParameters key;

    Signer(byte[] seed) {
        this.key = new Ed25519PrivateKeyParameters(seed);
    }

    /** The 64 bytes of signature over a message. */
    public byte[] sign(byte[] message) {
        Ed25519Signer signer = new Ed25519Signer(); // holds state, so one for each message
        signer.init(true, key);
        signer.update(message, 0, message.length);
        return signer.generateSignature();
    }

    /** The 32 bytes others check with. */
    public byte[] publicKey() {
        return key.generatePublicKey().getEncoded();
    }

    /** Whether the signature over the message is that of the public key's owner. */
    public static boolean isValid(byte[] publicKey, byte[] message, byte[] signature) {
        if (publicKey.length != PUBLIC_KEY_BYTES
                || signature.length != Ed25519PrivateKeyParameters.SIGNATURE_SIZE) {
            return false;
        }
        try {
            Ed25519Signer verifier = new Ed25519Signer();
            verifier.init(false, new Ed25519PublicKeyParameters(publicKey));
            verifier.update(message, 0, message.length);
            return verifier.verifySignature(signature);
        } catch (IllegalArgumentException e) {
            return false; // no point of the curve
        }
    }

    @Override
    public String toString() {
        return "Signer[redacted]";
    }
}
