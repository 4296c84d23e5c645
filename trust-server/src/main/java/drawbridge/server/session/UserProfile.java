package drawbridge.server.session;

import org.jspecify.annotations.Nullable;

/**
 * What a user has said besides name and address. A null is something nobody has said.
 *
 * @param userName the canonical name to log in with
 * @param phone as given
 * @param picture the address of a picture
 * @param dob date of birth, such as {@code 1990-12-31}
 * @param gender as given
 * @param referenceId an id in somebody else's system
 * @param recoveryEmail another address; shown to the user alone
 * @param timeZone such as {@code Europe/Madrid}
 * @param metadata a JSON object as text
 */
public record UserProfile(
        @Nullable String userName,
        @Nullable String phone,
        @Nullable String picture,
        @Nullable String dob,
        @Nullable String gender,
        @Nullable String referenceId,
        @Nullable String recoveryEmail,
        @Nullable String timeZone,
        String metadata) {
    /** Metadata that says nothing. */
    public static final String NO_METADATA = "{}";

    /** Nothing was said. */
    public static final UserProfile EMPTY =
            new UserProfile(null, null, null, null, null, null, null, null, NO_METADATA);
}
