package drawbridge.server.crypto;

import drawbridge.model.Secret;

import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.modes.GCMModeCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.bouncycastle.crypto.params.KeyParameter;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * A stream sealed under a passphrase: Argon2id (RFC 9106) makes the key, AES-256-GCM seals pieces
 * of 64 KiB, numbered and with the last one marked (the STREAM construction of Hoang, Reyhanitabar,
 * Rogaway and Vizár), so that none can be changed, moved, taken or added. {@code docs/portable.md}
 * gives the bytes.
 */
public final class PassphraseSeal {
    /** The stream is none of ours, was changed or cut off, or the passphrase is another one. */
    public static final class BrokenException extends IOException {
        private static final long serialVersionUID = 1L;

        BrokenException(String why) {
            super(why);
        }
    }

    private static final byte[] MAGIC = "DRAWBRIDGE-SEALED\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte VERSION = 1;
    private static final int MEMORY_KIB = 64 * 1024;
    private static final int PASSES = 3;
    private static final int LANES = 1;
    private static final int MOST_MEMORY_KIB = 1 << 20;
    private static final int MOST_PASSES = 16;
    private static final int SALT = 16;
    private static final int PREFIX = 7;
    private static final int PIECE = 64 * 1024;
    private static final int TAG = 16;
    private static final int HEAD = MAGIC.length + 1 + 12 + SALT + PREFIX;

    private final byte[] head;
    private final KeyParameter key;
    private int counter;

    private PassphraseSeal(byte[] head, Secret passphrase) {
        this.head = head.clone();
        ByteBuffer costs = ByteBuffer.wrap(head, MAGIC.length + 1, 12);
        Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
        argon2.init(
                new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                        .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                        .withMemoryAsKB(costs.getInt())
                        .withIterations(costs.getInt())
                        .withParallelism(costs.getInt())
                        .withSalt(Arrays.copyOfRange(head, HEAD - PREFIX - SALT, HEAD - PREFIX))
                        .build());
        byte[] made = new byte[32];
        passphrase.use(bytes -> argon2.generateBytes(bytes, made));
        this.key = new KeyParameter(made);
    }

    /** A stream that seals what is written; closing it marks the end. */
    public static OutputStream sealing(OutputStream out, Secret passphrase, SecureRandom random)
            throws IOException {
        byte[] drawn = new byte[SALT + PREFIX];
        random.nextBytes(drawn);
        byte[] head =
                ByteBuffer.allocate(HEAD)
                        .put(MAGIC)
                        .put(VERSION)
                        .putInt(MEMORY_KIB)
                        .putInt(PASSES)
                        .putInt(LANES)
                        .put(drawn)
                        .array();
        out.write(head);
        return new PassphraseSeal(head, passphrase).new Sealing(out);
    }

    /**
     * A stream of what was sealed. It throws {@link BrokenException} before it gives a byte that is
     * not what was written, and at an end that is not the end.
     */
    public static InputStream opening(InputStream in, Secret passphrase) throws IOException {
        byte[] head = in.readNBytes(HEAD);
        if (head.length < HEAD || !Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new BrokenException("this is no sealed export");
        }
        if (head[MAGIC.length] != VERSION) {
            throw new BrokenException("the export is of a version this program does not know");
        }
        ByteBuffer costs = ByteBuffer.wrap(head, MAGIC.length + 1, 12);
        int memory = costs.getInt();
        int passes = costs.getInt();
        int lanes = costs.getInt();
        if (memory < 8
                || memory > MOST_MEMORY_KIB
                || passes < 1
                || passes > MOST_PASSES
                || lanes < 1
                || lanes > 16) {
            throw new BrokenException("the export asks for absurd work to open it");
        }
        return new PassphraseSeal(head, passphrase).new Opening(in);
    }

    private GCMModeCipher cipher(boolean seals, boolean last) {
        byte[] nonce =
                ByteBuffer.allocate(PREFIX + 5)
                        .put(head, HEAD - PREFIX, PREFIX)
                        .putInt(counter)
                        .put((byte) (last ? 1 : 0))
                        .array();
        counter = Math.incrementExact(counter);
        GCMModeCipher cipher = GCMBlockCipher.newInstance(AESEngine.newInstance());
        cipher.init(seals, new AEADParameters(key, TAG * 8, nonce, head));
        return cipher;
    }

    private static byte[] run(GCMModeCipher cipher, byte[] in, int length)
            throws InvalidCipherTextException {
        byte[] out = new byte[cipher.getOutputSize(length)];
        int done = cipher.processBytes(in, 0, length, out, 0);
        cipher.doFinal(out, done);
        return out;
    }

    private final class Sealing extends OutputStream {
        private final DataOutputStream out;
        private final byte[] piece = new byte[PIECE];
        private int filled;
        private boolean closed;

        Sealing(OutputStream out) {
            this.out = new DataOutputStream(out);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            int at = from;
            int left = length;
            while (left > 0) {
                if (filled == PIECE) {
                    seal(false);
                }
                int some = Math.min(left, PIECE - filled);
                System.arraycopy(bytes, at, piece, filled, some);
                filled += some;
                at += some;
                left -= some;
            }
        }

        private void seal(boolean last) throws IOException {
            try {
                byte[] sealed = run(cipher(true, last), piece, filled);
                out.writeInt(last ? -sealed.length : sealed.length);
                out.write(sealed);
                filled = 0;
            } catch (InvalidCipherTextException e) {
                throw new IllegalStateException("sealing cannot fail", e);
            }
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                seal(true);
                out.close();
            }
        }
    }

    private final class Opening extends InputStream {
        private final DataInputStream in;
        private byte[] piece = new byte[0];
        private int at;
        private boolean last;

        Opening(InputStream in) {
            this.in = new DataInputStream(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            while (at == piece.length) {
                if (last) {
                    return -1;
                }
                next();
            }
            int some = Math.min(length, piece.length - at);
            System.arraycopy(piece, at, into, from, some);
            at += some;
            return some;
        }

        private void next() throws IOException {
            try {
                int said = in.readInt();
                last = said < 0;
                int length = Math.abs(said);
                if (length < TAG || length > PIECE + TAG) {
                    throw new BrokenException("the export was changed");
                }
                byte[] sealed = new byte[length];
                in.readFully(sealed);
                piece = run(cipher(false, last), sealed, length);
                at = 0;
                if (last && in.read() >= 0) {
                    throw new BrokenException("something stands behind the export's end");
                }
            } catch (EOFException e) {
                throw new BrokenException("the export was cut off");
            } catch (InvalidCipherTextException e) {
                throw new BrokenException(
                        "the passphrase is another one, or the export was changed");
            }
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
