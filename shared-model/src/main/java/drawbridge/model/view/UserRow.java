package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * An account as an administrator sees it. Holds nothing one could log in with.
 *
 * @param id the account's id
 * @param tenant the tenant's id
 * @param email the canonical address
 * @param userName the name to log in with; null when there is none
 * @param name empty when none was given
 * @param lastName empty when none was given
 * @param userType such as {@code user} or {@code admin}
 * @param lang a language tag
 * @param verified whether the address is verified
 * @param state {@code active} or {@code disabled}
 * @param createdAt when it was made
 * @param updatedAt when it was last changed
 * @param lastLoginAt when somebody last logged in; null when nobody has
 * @param sessions how many sessions would be accepted now
 * @param failedLogins failed logins in a row, from whatever device
 * @param lastFailedAt when the last of them was; null without one
 * @param closed whether they were so many that no unknown device is let in
 * @param password what its hash costs; null when the stored hash cannot be read
 */
public record UserRow(
        String id,
        String tenant,
        String email,
        @Nullable String userName,
        String name,
        String lastName,
        String userType,
        String lang,
        boolean verified,
        String state,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant lastLoginAt,
        long sessions,
        int failedLogins,
        @Nullable Instant lastFailedAt,
        boolean closed,
        @Nullable PasswordCost password) {}
