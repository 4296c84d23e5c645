package drawbridge.server.http;

import drawbridge.model.UserId;
import drawbridge.server.account.Accounts.NewAccount;
import drawbridge.server.account.Email;
import drawbridge.server.account.LoginName;
import drawbridge.server.account.UserChange;
import drawbridge.server.account.UserField;
import drawbridge.server.account.UserName;
import drawbridge.server.session.UserProfile;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads what a request says of a user, in every spelling the clients have. */
final class UserBody {
    /** The longest password that is read. */
    static final int MOST_PASSWORD = 1024;

    private static final int MOST_ADDRESS = 320;
    private static final int MOST_NAME = 200;
    private static final int MOST_METADATA = 8 * 1024;
    private static final Pattern USER_TYPE = Pattern.compile("[a-z][a-z0-9_-]{0,31}");
    private static final Pattern LANG = Pattern.compile("[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}");
    private static final Pattern TIME_ZONE = Pattern.compile("[A-Za-z0-9_+/-]{1,64}");
    private static final Pattern PICTURE = Pattern.compile("https?://\\S+");

    private final Body body;
    private final boolean oneSpelling;

    private UserBody(Body body, boolean oneSpelling) {
        this.body = body;
        this.oneSpelling = oneSpelling;
    }

    /** Of a client, which may write {@code last_name} or {@code lastName}. */
    static UserBody ofClient(Body body) {
        return new UserBody(body, false);
    }

    /** Of an operator, who writes {@code lastName}. */
    static UserBody ofOperator(Body body) {
        return new UserBody(body, true);
    }

    /** The name to log in by: an address or a user name. */
    LoginName loginName() {
        Optional<String> email = body.text(MOST_ADDRESS, "email").filter(t -> !t.isBlank());
        Optional<String> userName = text(UserField.USER_NAME, MOST_NAME).filter(t -> !t.isBlank());
        if (email.isEmpty() && userName.isPresent()) {
            // No user name has an @: a client with one field for both means an address.
            return userName.get().indexOf('@') >= 0
                    ? new LoginName.ByEmail(email("user_name", userName.get()))
                    : new LoginName.ByUserName(userName(userName.get()));
        }
        return new LoginName.ByEmail(
                email(
                        "email",
                        email.orElseThrow(() ->
                                ProblemException.inField("email", "is missing; give a text"))));
    }

    /** A password in a field that must be there. */
    char[] password(String... names) {
        return body.needed(MOST_PASSWORD, names).toCharArray();
    }

    /** The same, in a field that need not be; null when it is absent. */
    char @Nullable [] optionalPassword(String... names) {
        return body.text(MOST_PASSWORD, names).map(String::toCharArray).orElse(null);
    }

    /**
     * A new account.
     *
     * @param id drawn for it
     * @param mayChooseType whether the type asked for counts; else it is {@code user}
     */
    NewAccount account(UserId id, boolean mayChooseType) {
        Map<UserField, String> said = fields();
        String email = said.get(UserField.EMAIL);
        if (email == null) {
            throw ProblemException.inField("email", "is missing; give a text");
        }
        String type = said.getOrDefault(UserField.USER_TYPE, "user");
        boolean verified = mayChooseType && verified().orElse(false);
        return new NewAccount(
                id,
                new Email(email),
                said.getOrDefault(UserField.NAME, ""),
                said.getOrDefault(UserField.LAST_NAME, ""),
                mayChooseType ? type : "user",
                said.getOrDefault(UserField.LANG, "en"),
                verified,
                new UserProfile(
                        orNull(said, UserField.USER_NAME),
                        orNull(said, UserField.PHONE),
                        orNull(said, UserField.PICTURE),
                        orNull(said, UserField.DOB),
                        orNull(said, UserField.GENDER),
                        orNull(said, UserField.REFERENCE_ID),
                        orNull(said, UserField.RECOVERY_EMAIL),
                        orNull(said, UserField.TIME_ZONE),
                        said.getOrDefault(UserField.METADATA, UserProfile.NO_METADATA)));
    }

    private static @Nullable String orNull(Map<UserField, String> said, UserField field) {
        String value = said.get(field);
        return value == null || value.isBlank() ? null : value;
    }

    /** What an administrator changes. */
    UserChange change() {
        return new UserChange(fields(), verified().orElse(null));
    }

    /**
     * What somebody changes of himself.
     *
     * @param userType his type, which he may repeat and not change
     */
    UserChange ownChange(String userType) {
        Map<UserField, String> said = fields();
        String type = said.remove(UserField.USER_TYPE);
        if (type != null && !type.equals(userType)) {
            throw new ProblemException(
                    drawbridge.model.ProblemCode.ADMIN_REQUIRED,
                    "user_type: only an administrator may change this",
                    "user_type",
                    0);
        }
        return new UserChange(said, null);
    }

    private Optional<Boolean> verified() {
        return oneSpelling ? body.truth("verified") : body.truth("is_verified", "isVerified");
    }

    private Map<UserField, String> fields() {
        Map<UserField, String> said = new EnumMap<>(UserField.class);
        for (UserField field : UserField.values()) {
            Optional<String> value =
                    field == UserField.METADATA
                            ? body.object(MOST_METADATA, "metadata")
                            : text(field, most(field)).map(text -> canonical(field, text));
            value.ifPresent(text -> said.put(field, text));
        }
        return said;
    }

    private Optional<String> text(UserField field, int most) {
        String[] names = names(field);
        return oneSpelling ? body.text(most, names[0]) : body.text(most, names);
    }

    /** The spellings of a field, that of operators first. */
    private static String[] names(UserField field) {
        return switch (field) {
            case NAME -> new String[] {"name"};
            case LAST_NAME -> new String[] {"lastName", "last_name"};
            case EMAIL -> new String[] {"email"};
            case USER_TYPE -> new String[] {"userType", "user_type"};
            case LANG -> new String[] {"lang"};
            case USER_NAME -> new String[] {"userName", "user_name", "username"};
            case PHONE -> new String[] {"phone"};
            case PICTURE -> new String[] {"picture"};
            case DOB -> new String[] {"dob"};
            case GENDER -> new String[] {"gender"};
            case REFERENCE_ID -> new String[] {"referenceId", "reference_id"};
            case RECOVERY_EMAIL -> new String[] {"recoveryEmail", "recovery_email"};
            case TIME_ZONE -> new String[] {"tmz"};
            case METADATA -> new String[] {"metadata"};
        };
    }

    private static int most(UserField field) {
        return switch (field) {
            case EMAIL, RECOVERY_EMAIL -> MOST_ADDRESS;
            case PICTURE -> 2048;
            case PHONE, GENDER -> 40;
            case REFERENCE_ID -> 128;
            default -> MOST_NAME;
        };
    }

    private static String canonical(UserField field, String text) {
        if (field.mayBeAbsent() && text.isBlank()) {
            return "";
        }
        String name = names(field)[0];
        return switch (field) {
            case EMAIL, RECOVERY_EMAIL -> email(name, text).value();
            case USER_NAME -> userName(text).value();
            case USER_TYPE ->
                    shaped(name, text, USER_TYPE, "is no user type; write it like user or admin");
            case LANG -> shaped(name, text, LANG, "is no language tag; write it like en or pt-BR");
            case TIME_ZONE ->
                    shaped(name, text, TIME_ZONE, "is no time zone; write it like Europe/Madrid");
            case PICTURE ->
                    shaped(name, text, PICTURE, "is no address of a picture; begin with https://");
            case DOB -> date(name, text);
            case NAME, LAST_NAME, PHONE, GENDER, REFERENCE_ID, METADATA -> text;
        };
    }

    private static String shaped(String name, String text, Pattern shape, String problem) {
        if (!shape.matcher(text).matches()) {
            throw ProblemException.inField(name, problem);
        }
        return text;
    }

    private static String date(String name, String text) {
        try {
            // Some clients send an instant where a date is meant.
            return LocalDate.parse(text.length() > 10 ? text.substring(0, 10) : text).toString();
        } catch (DateTimeException e) {
            throw ProblemException.inField(name, "is no date; write it like 1990-12-31");
        }
    }

    private static Email email(String name, String typed) {
        return Email.parse(typed)
                .orElseThrow(() ->
                        ProblemException.inField(
                                name, "is no e-mail address; write it like ana@example.com"));
    }

    private static UserName userName(String typed) {
        return UserName.parse(typed)
                .orElseThrow(() ->
                        ProblemException.inField(
                                "user_name",
                                "is no user name; use 2 to 64 letters, digits, dots, hyphens and underscores"));
    }
}
