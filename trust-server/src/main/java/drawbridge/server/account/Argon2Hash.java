package drawbridge.server.account;

import de.mkammerer.argon2.Argon2Advanced;
import de.mkammerer.argon2.Argon2Version;

import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A stored password hash in the PHC string format: {@code $argon2id$v=19$m=…,t=…,p=…$salt$tag}.
 * Reading one takes no memory for it yet; one whose cost is absurd is not read at all.
 *
 * @param memoryKib the memory it was computed with
 * @param iterations its passes
 * @param parallelism its lanes
 * @param salt 8 to 64 bytes
 * @param tag 16 to 64 bytes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared or printed as a whole; see toString
record Argon2Hash(int memoryKib, int iterations, int parallelism, byte[] salt, byte[] tag) {
    static final int SALT_BYTES = 16;
    static final int TAG_BYTES = 32;

    private static final int MOST_MEMORY_KIB = 1 << 20;
    private static final int MOST_ITERATIONS = 64;
    private static final int MOST_PARALLELISM = 16;
    private static final Pattern PHC =
            Pattern.compile(
                    "\\$argon2id\\$v=19\\$m=([1-9][0-9]{0,8}),t=([1-9][0-9]{0,8}),p=([1-9][0-9]{0,8})"
                            + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");

    /** Reads a stored string; empty when it is none, or one that would take absurd resources. */
    static Optional<Argon2Hash> parse(String stored) {
        Matcher matcher = PHC.matcher(stored);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int memory = Integer.parseInt(matcher.group(1));
        int iterations = Integer.parseInt(matcher.group(2));
        int parallelism = Integer.parseInt(matcher.group(3));
        if (memory > MOST_MEMORY_KIB
                || iterations > MOST_ITERATIONS
                || parallelism > MOST_PARALLELISM
                || memory < 8 * parallelism) {
            return Optional.empty();
        }
        try {
            byte[] salt = Base64.getDecoder().decode(matcher.group(4));
            byte[] tag = Base64.getDecoder().decode(matcher.group(5));
            return Optional.of(new Argon2Hash(memory, iterations, parallelism, salt, tag));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** What the password gives with this hash's salt and cost, as long as its tag. */
    byte[] compute(Argon2Advanced argon2, byte[] password) {
        return argon2.rawHashAdvanced(
                iterations,
                memoryKib,
                parallelism,
                password,
                salt,
                null,
                null,
                tag.length,
                Argon2Version.V13);
    }

    /** The stored form. */
    String phc() {
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
                .formatted(
                        memoryKib,
                        iterations,
                        parallelism,
                        base64.encodeToString(salt),
                        base64.encodeToString(tag));
    }

    /** The cost, without salt and tag. */
    @Override
    public String toString() {
        return "Argon2Hash[m=%d,t=%d,p=%d]".formatted(memoryKib, iterations, parallelism);
    }
}
