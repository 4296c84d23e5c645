package drawbridge.server.session;

import drawbridge.model.UserId;

import java.time.Instant;

/**
 * What a back end is told of a session's user.
 *
 * @param id the user's id
 * @param email the canonical address
 * @param name the first or display name; empty when none was given
 * @param lastName empty when none was given
 * @param userType such as {@code user} or {@code admin}
 * @param lang a language tag such as {@code en}
 * @param verified whether the address is verified
 * @param createdAt when the account was made
 * @param updatedAt when it was last changed
 * @param profile what else the user has said
 */
public record UserFacts(
        UserId id,
        String email,
        String name,
        String lastName,
        String userType,
        String lang,
        boolean verified,
        Instant createdAt,
        Instant updatedAt,
        UserProfile profile) {
    /** Of a user who has said nothing else. */
    public UserFacts(
            UserId id,
            String email,
            String name,
            String lastName,
            String userType,
            String lang,
            boolean verified,
            Instant createdAt,
            Instant updatedAt) {
        this(
                id,
                email,
                name,
                lastName,
                userType,
                lang,
                verified,
                createdAt,
                updatedAt,
                UserProfile.EMPTY);
    }
}
