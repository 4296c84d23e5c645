package drawbridge.server.account;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A name to log in with, in its one canonical form. It never looks like an e-mail address.
 *
 * @param value NFKC, lower case; 2 to 64 letters, digits, dots, hyphens and underscores
 */
public record UserName(String value) {
    private static final Pattern SHAPE = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._-]{1,63}");

    /** The canonical form of what somebody typed; empty when it cannot be a name. */
    public static Optional<UserName> parse(String typed) {
        // NFKC, unlike addresses: two names that look alike must not be two accounts.
        String canonical =
                Normalizer.normalize(typed.strip(), Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        return SHAPE.matcher(canonical).matches()
                ? Optional.of(new UserName(canonical))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return value;
    }
}
