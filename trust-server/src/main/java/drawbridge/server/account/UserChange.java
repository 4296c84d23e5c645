package drawbridge.server.account;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Optional;

/**
 * What is to be changed of an account; what is not named stays.
 *
 * @param values canonical texts by field; a blank one takes away what may be absent
 * @param verified whether the address is verified; null leaves that, except that a new address is
 *     not verified
 */
public record UserChange(Map<UserField, String> values, @Nullable Boolean verified) {
    public UserChange {
        values = Map.copyOf(values);
    }

    /** The new value of a field; empty when it stays. */
    public Optional<String> value(UserField field) {
        return Optional.ofNullable(values.get(field));
    }

    /** Whether nothing is to be changed. */
    public boolean isEmpty() {
        return values.isEmpty() && verified == null;
    }
}
