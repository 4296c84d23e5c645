package drawbridge.server.config;

import drawbridge.model.Secret;

import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/** The written form of the key that seals secrets at rest. */
final class MasterKey {
    private static final int BYTES = 32;

    private MasterKey() {}

    /** Reads 32 bytes in base64url (43 characters, or 44 with padding) or hex (64). */
    static Optional<Secret> parse(String text) {
        try {
            byte[] bytes =
                    text.length() == 2 * BYTES
                            ? HexFormat.of().parseHex(text)
                            : Base64.getUrlDecoder().decode(text);
            return bytes.length == BYTES
                    ? Optional.of(Secret.takeOwnership(bytes))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
