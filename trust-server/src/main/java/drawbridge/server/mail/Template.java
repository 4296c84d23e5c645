package drawbridge.server.mail;

import java.util.Locale;

/** The mails there are. Each can be overridden by a file of its name in the data folder. */
public enum Template {
    EMAIL_VERIFY,
    PASSWORD_RESET,
    MAGIC_LINK,
    INVITE,
    ACCOUNT_EXISTS;

    /** As files, the database and the admin API spell it, such as {@code password-reset}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
