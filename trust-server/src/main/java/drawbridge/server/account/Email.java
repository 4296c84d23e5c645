package drawbridge.server.account;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An e-mail address in its one canonical form, for look-up, uniqueness and counting.
 *
 * @param value NFC, lower case, without surrounding blanks; at most 254 characters
 */
public record Email(String value) {
    /**
     * One @ with something on both sides, no blanks, no control characters: mail itself proves the
     * rest.
     */
    private static final Pattern SHAPE =
            Pattern.compile(
                    "[^\\s@\\p{Cntrl}\"(),:;<>\\[\\]\\\\]{1,64}@[^\\s@\\p{Cntrl}\"(),:;<>\\[\\]\\\\]{1,189}");

    /** The canonical form of what somebody typed; empty when it cannot be an address. */
    public static Optional<Email> parse(String typed) {
        String canonical =
                Normalizer.normalize(typed.strip(), Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
        boolean good =
                SHAPE.matcher(canonical).matches()
                        && !canonical.endsWith(".")
                        && !canonical.contains("..")
                        && !canonical.contains("@.");
        return good ? Optional.of(new Email(canonical)) : Optional.empty();
    }

    @Override
    public String toString() {
        return value;
    }
}
