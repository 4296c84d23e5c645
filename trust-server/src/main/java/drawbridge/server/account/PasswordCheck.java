package drawbridge.server.account;

/** What came of comparing a password with what is stored. */
public sealed interface PasswordCheck {
    /**
     * It is the password.
     *
     * @param rehashDue whether the stored string is weaker than today's, so that it should be
     *     replaced by {@link PasswordHasher#hash} of this password
     */
    record Matches(boolean rehashDue) implements PasswordCheck {}

    /** It is not. */
    record Differs() implements PasswordCheck {}

    /**
     * What is stored is no Argon2id string, or one whose cost is absurd. It took the time of a
     * comparison all the same. Nobody can log in with it: somebody must act.
     */
    record Unreadable() implements PasswordCheck {}
}
