package drawbridge.server.token;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a trust token is for; a token for one purpose cannot be verified as another. */
public enum Purpose {
    /** Proves that an address belongs to its account. */
    EMAIL_VERIFY("email_verify", "email_verification"),
    /** Sets a new password. */
    PASSWORD_RESET("password_reset"),
    /** Makes an account for somebody who was invited. */
    INVITE("invite", "invitation", "organization_invitation"),
    /** Logs in without a password. */
    MAGIC_LINK("magic_link", "token_login", "login");

    private final String wireName;
    private final List<String> aliases;

    Purpose(String wireName, String... aliases) {
        this.wireName = wireName;
        this.aliases = List.of(aliases);
    }

    /** As tokens, the database and the admin API spell it. */
    public String wireName() {
        return wireName;
    }

    /** The purpose of that name, in this server's spelling or that of the public kits. */
    public static Optional<Purpose> parse(String text) {
        String name = text.toLowerCase(Locale.ROOT);
        for (Purpose purpose : values()) {
            if (purpose.wireName.equals(name) || purpose.aliases.contains(name)) {
                return Optional.of(purpose);
            }
        }
        return Optional.empty();
    }
}
