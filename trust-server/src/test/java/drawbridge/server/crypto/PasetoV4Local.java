package drawbridge.server.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.engines.XChaCha20Engine;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/**
 * PASETO v4.local (XChaCha20 and keyed BLAKE2b), written from the specification. Only the tests
 * need it: to run the published vectors, and to make tokens that the server must not take.
 */
final class PasetoV4Local {
    private static final String HEADER = "v4.local.";
    private static final int NONCE = 32;
    private static final int TAG = 32;

    private PasetoV4Local() {}

    static String encrypt(
            byte[] key, byte[] nonce, byte[] payload, byte[] footer, byte[] implicit) {
        byte[] cipher = xchacha20(key, nonce, payload);
        byte[] tag = tag(key, nonce, cipher, footer, implicit);
        byte[] body = Arrays.copyOf(nonce, NONCE + cipher.length + TAG);
        System.arraycopy(cipher, 0, body, NONCE, cipher.length);
        System.arraycopy(tag, 0, body, NONCE + cipher.length, TAG);
        String token = HEADER + Base64Url.encode(body);
        return footer.length == 0 ? token : token + "." + Base64Url.encode(footer);
    }

    static Optional<byte[]> decrypt(byte[] key, String token, byte[] implicit) {
        String[] parts = token.substring(HEADER.length()).split("\\.", -1);
        byte[] body = Base64Url.decode(parts[0]).orElseThrow();
        byte[] footer = parts.length > 1 ? Base64Url.decode(parts[1]).orElseThrow() : new byte[0];
        byte[] nonce = Arrays.copyOf(body, NONCE);
        byte[] cipher = Arrays.copyOfRange(body, NONCE, body.length - TAG);
        byte[] tag = Arrays.copyOfRange(body, body.length - TAG, body.length);
        return MessageDigest.isEqual(tag, tag(key, nonce, cipher, footer, implicit))
                ? Optional.of(xchacha20(key, nonce, cipher))
                : Optional.empty();
    }

    private static byte[] xchacha20(byte[] key, byte[] nonce, byte[] input) {
        byte[] derived = blake2b(key, 56, "paseto-encryption-key".getBytes(US_ASCII), nonce);
        return xchacha20(Arrays.copyOf(derived, 32), Arrays.copyOfRange(derived, 32, 56), input, 0);
    }

    /** XChaCha20 over the input. */
    static byte[] xchacha20(byte[] key, byte[] nonce, byte[] input, int from) {
        XChaCha20Engine engine = new XChaCha20Engine();
        engine.init(true, new ParametersWithIV(new KeyParameter(key), nonce));
        byte[] out = new byte[input.length - from];
        engine.processBytes(input, from, out.length, out, 0);
        return out;
    }

    private static byte[] tag(
            byte[] key, byte[] nonce, byte[] cipher, byte[] footer, byte[] implicit) {
        byte[] derived = blake2b(key, 32, "paseto-auth-key-for-aead".getBytes(US_ASCII), nonce);
        return blake2b(
                derived,
                TAG,
                PasetoV4Public.pae(HEADER.getBytes(US_ASCII), nonce, cipher, footer, implicit));
    }

    /** BLAKE2b under a key, over the pieces one after the other. */
    static byte[] blake2b(byte[] key, int size, byte[]... pieces) {
        Blake2bDigest digest = new Blake2bDigest(key, size, null, null);
        for (byte[] piece : pieces) {
            digest.update(piece, 0, piece.length);
        }
        byte[] out = new byte[size];
        digest.doFinal(out, 0);
        return out;
    }
}
