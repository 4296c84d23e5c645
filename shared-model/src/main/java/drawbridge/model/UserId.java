package drawbridge.model;

import java.security.SecureRandom;
import java.util.Base64;

/**
 * A user's id; may be shown and logged.
 *
 * @param value such as {@code usr_7Q2mA9…}; never empty
 */
public record UserId(String value) {
    public UserId {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("a user id is never empty");
        }
    }

    /** An id for a new user: 96 bits from that source. */
    public static UserId draw(SecureRandom random) {
        byte[] bits = new byte[12];
        random.nextBytes(bits);
        return new UserId("usr_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
    }

    @Override
    public String toString() {
        return value;
    }
}
