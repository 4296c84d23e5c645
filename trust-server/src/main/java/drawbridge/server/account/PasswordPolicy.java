package drawbridge.server.account;

import java.util.Locale;
import java.util.Optional;

/**
 * Whether a new password may be set. Length and commonness only, no rules of composition (NIST SP
 * 800-63B). Passwords already set are never judged. Safe for many threads.
 */
public final class PasswordPolicy {
    /** The longest password there may be, in code points; it is hashed whole, never cut. */
    public static final int MOST_CODE_POINTS = 256;

    /** Names shorter than this stand in many words by chance. */
    private static final int SHORTEST_NAME = 4;

    /** What the policy makes of a password. */
    public sealed interface Outcome {
        /** It may be set. */
        record Accepted() implements Outcome {}

        /** It has fewer characters than it must. */
        record TooShort(int least, int has) implements Outcome {}

        /** It has more characters than it may. */
        record TooLong(int most, int has) implements Outcome {}

        /** It is one of those that are tried first. */
        record Common() implements Outcome {}

        /** It is a sequence, a walk over the keyboard, or a few characters over and over. */
        record Predictable() implements Outcome {}

        /** It is the account's own name, with nothing to speak of added. */
        record AccountName() implements Outcome {}

        /** A sentence for the person who chose it; empty when it was accepted. */
        default Optional<String> objection() {
            return switch (this) {
                case Accepted _ -> Optional.empty();
                case TooShort(int least, int has) ->
                        Optional.of(
                                "The password has %d characters; use %d or more."
                                        .formatted(has, least));
                case TooLong(int most, int has) ->
                        Optional.of(
                                "The password has %d characters; use %d or fewer."
                                        .formatted(has, most));
                case Common _ ->
                        Optional.of(
                                "The password is one of those that are tried first; use words nobody would expect together.");
                case Predictable _ ->
                        Optional.of(
                                "The password is a sequence or a repetition; use words nobody would expect together.");
                case AccountName _ ->
                        Optional.of(
                                "The password is made of the e-mail address; use words nobody would expect together.");
            };
        }
    }

    private final int leastCodePoints;
    private final CommonPasswords common;

    /**
     * @param leastCodePoints fewest characters
     * @param common what is refused whatever its length
     */
    public PasswordPolicy(int leastCodePoints, CommonPasswords common) {
        this.leastCodePoints = leastCodePoints;
        this.common = common;
    }

    /**
     * Judges a new password.
     *
     * @param email the account's address
     */
    public Outcome judge(Password password, String email) {
        int length = password.codePoints();
        if (length < leastCodePoints) {
            return new Outcome.TooShort(leastCodePoints, length);
        }
        if (length > MOST_CODE_POINTS) {
            return new Outcome.TooLong(MOST_CODE_POINTS, length);
        }
        return password.useText(text -> judgeText(new String(text), email));
    }

    private Outcome judgeText(String text, String email) {
        String lower = text.toLowerCase(Locale.ROOT);
        String address = email.strip().toLowerCase(Locale.ROOT);
        int at = address.indexOf('@');
        String name = at > 0 ? address.substring(0, at) : address;
        if (lower.equals(address) || (name.length() >= SHORTEST_NAME && isMadeOf(lower, name))) {
            return new Outcome.AccountName();
        }
        if (Predictability.isPredictable(lower)) {
            return new Outcome.Predictable();
        }
        return common.covers(lower) ? new Outcome.Common() : new Outcome.Accepted();
    }

    /** Whether taking the name out leaves next to nothing, such as {@code ada.lovelace12345}. */
    private static boolean isMadeOf(String lower, String name) {
        if (!lower.contains(name)) {
            return false;
        }
        String rest = lower.replace(name, "");
        return rest.length() <= 2 || Predictability.isPredictable(rest);
    }
}
