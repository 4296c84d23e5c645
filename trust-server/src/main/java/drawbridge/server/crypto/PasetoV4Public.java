package drawbridge.server.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * A PASETO v4.public token, taken apart but not believed: its footer may be used to find a key in a
 * fixed set and for nothing else, and its payload is given out by {@link #open} alone. Immutable;
 * safe for many threads.
 */
public final class PasetoV4Public {
    private static final String HEADER = "v4.public.";

    private final byte[] payload;
    private final byte[] signature;
    private final byte[] footer;

    private PasetoV4Public(byte[] payload, byte[] signature, byte[] footer) {
        this.payload = payload;
        this.signature = signature;
        this.footer = footer;
    }

    /**
     * Takes a token apart (PASETO v4.public, Verify, steps 1 to 3).
     *
     * @param most how many characters it may have; looked at first
     * @return empty when it is too long, of another version or purpose, or not in strict base64url
     */
    public static Optional<PasetoV4Public> parse(String token, int most) {
        if (token.length() > most || !token.startsWith(HEADER)) {
            return Optional.empty();
        }
        String rest = token.substring(HEADER.length());
        int dot = rest.indexOf('.');
        Optional<byte[]> body = Base64Url.decode(dot < 0 ? rest : rest.substring(0, dot));
        Optional<byte[]> footer =
                dot < 0
                        ? Optional.of(new byte[0])
                        : Base64Url.decode(rest.substring(dot + 1))
                                .filter(bytes -> bytes.length > 0);
        if (body.isEmpty()
                || footer.isEmpty()
                || body.get().length < VerifyingKey.SIGNATURE_BYTES) {
            return Optional.empty();
        }
        int end = body.get().length - VerifyingKey.SIGNATURE_BYTES;
        return Optional.of(
                new PasetoV4Public(
                        Arrays.copyOf(body.get(), end),
                        Arrays.copyOfRange(body.get(), end, body.get().length),
                        footer.get()));
    }

    /** The footer as it stands in the token: nobody has vouched for it yet. */
    public byte[] unverifiedFooter() {
        return footer.clone();
    }

    /**
     * The payload, if that key signed it with this footer and this implicit assertion (Verify, step
     * 4 to 6).
     */
    public Optional<byte[]> open(VerifyingKey key, byte[] implicit) {
        return key.verifies(authenticated(payload, footer, implicit), signature)
                ? Optional.of(payload.clone())
                : Optional.empty();
    }

    /** Makes a token (PASETO v4.public, Sign). */
    public static String sign(SigningKey key, byte[] payload, byte[] footer, byte[] implicit) {
        byte[] signature = key.sign(authenticated(payload, footer, implicit));
        byte[] body = Arrays.copyOf(payload, payload.length + signature.length);
        System.arraycopy(signature, 0, body, payload.length, signature.length);
        String token = HEADER + Base64Url.encode(body);
        return footer.length == 0 ? token : token + "." + Base64Url.encode(footer);
    }

    private static byte[] authenticated(byte[] payload, byte[] footer, byte[] implicit) {
        return pae(HEADER.getBytes(US_ASCII), payload, footer, implicit);
    }

    /**
     * Pre-authentication encoding: how many pieces, then each with its length before it, so that no
     * two lists of pieces have the same bytes.
     */
    static byte[] pae(byte[]... pieces) {
        int size = Long.BYTES;
        for (byte[] piece : pieces) {
            size += Long.BYTES + piece.length;
        }
        ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(pieces.length);
        for (byte[] piece : pieces) {
            out.putLong(piece.length).put(piece);
        }
        return out.array();
    }

    @Override
    public String toString() {
        return "PasetoV4Public[redacted]";
    }
}
