package drawbridge.server.account;

/** What somebody names an account by when logging in, in its canonical form. */
public sealed interface LoginName {
    /** The canonical text, for look-up and counting. */
    String value();

    /** By its address. */
    record ByEmail(Email email) implements LoginName {
        @Override
        public String value() {
            return email.value();
        }
    }

    /** By its user name. */
    record ByUserName(UserName name) implements LoginName {
        @Override
        public String value() {
            return name.value();
        }
    }
}
