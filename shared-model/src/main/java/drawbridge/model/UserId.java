package drawbridge.model;

/**
 * A user's id; may be shown and logged.
 *
 * @param value such as {@code usr_7Q2mA9…}; never empty
 */
public record UserId(String value) {
    public UserId {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("a user id is never empty");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
