package drawbridge.server.account;

/** What can be changed of an account as a text; the password is not among them. */
public enum UserField {
    NAME("name", false),
    LAST_NAME("last_name", false),
    EMAIL("email", false),
    USER_TYPE("user_type", false),
    LANG("lang", false),
    USER_NAME("user_name", true),
    PHONE("phone", true),
    PICTURE("picture", true),
    DOB("dob", true),
    GENDER("gender", true),
    REFERENCE_ID("reference_id", true),
    RECOVERY_EMAIL("recovery_email", true),
    TIME_ZONE("tmz", true),
    METADATA("metadata", false);

    private final String column;
    private final boolean mayBeAbsent;

    UserField(String column, boolean mayBeAbsent) {
        this.column = column;
        this.mayBeAbsent = mayBeAbsent;
    }

    /** Its column in the database. */
    String column() {
        return column;
    }

    /** Whether an account may have none; then a blank text takes it away. */
    public boolean mayBeAbsent() {
        return mayBeAbsent;
    }
}
