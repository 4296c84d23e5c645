package drawbridge.console.remote;

import drawbridge.console.Platform;
import drawbridge.console.client.AdminToken;
import drawbridge.model.view.ServerSnapshot;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;

import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * The figures a server elsewhere showed last, for when it cannot be reached: counts and times, and
 * nobody's name, address or session. Sealed under a key that is made of the admin token, so that
 * the file says nothing without the profile's passphrase. Blocks. Safe for many threads.
 */
public final class KeptSnapshot {
    private static final Logger LOG = LoggerFactory.getLogger(KeptSnapshot.class);
    private static final byte VERSION = 1;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final int LARGEST = 8 << 20;
    private static final String PURPOSE = "drawbridge/kept-snapshot/v1";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private final Platform platform;
    private final SecretKey key;
    private final SecureRandom random = new SecureRandom();

    /**
     * @param token makes the key; it stays the caller's
     */
    public KeptSnapshot(Path file, Platform platform, AdminToken token) {
        this.file = file;
        this.platform = platform;
        this.key = token.keyFor(PURPOSE);
    }

    /** What was kept; empty when nothing was, or it cannot be opened any more. */
    public synchronized Optional<ServerSnapshot> read() {
        try {
            if (Files.size(file) > LARGEST) {
                return Optional.empty();
            }
            byte[] sealed = Files.readAllBytes(file);
            if (sealed.length <= 1 + NONCE || sealed[0] != VERSION) {
                return Optional.empty();
            }
            byte[] plain =
                    crypt(
                            Cipher.DECRYPT_MODE,
                            Arrays.copyOfRange(sealed, 1, 1 + NONCE),
                            Arrays.copyOfRange(sealed, 1 + NONCE, sealed.length));
            return Optional.ofNullable(JSON.readValue(plain, ServerSnapshot.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | GeneralSecurityException | JacksonException e) {
            LOG.info("the figures kept of a server cannot be read file={}", file);
            return Optional.empty();
        }
    }

    /** Keeps these instead; a failure costs no more than them. */
    public synchronized void write(ServerSnapshot snapshot) {
        try {
            byte[] nonce = new byte[NONCE];
            random.nextBytes(nonce);
            byte[] sealed = crypt(Cipher.ENCRYPT_MODE, nonce, JSON.writeValueAsBytes(snapshot));
            byte[] all = new byte[1 + NONCE + sealed.length];
            all[0] = VERSION;
            System.arraycopy(nonce, 0, all, 1, NONCE);
            System.arraycopy(sealed, 0, all, 1 + NONCE, sealed.length);
            platform.writePrivately(file, all);
        } catch (IOException | GeneralSecurityException e) {
            LOG.warn("the figures of a server cannot be kept file={}", file, e);
        }
    }

    private byte[] crypt(int mode, byte[] nonce, byte[] input) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        return cipher.doFinal(input);
    }
}
