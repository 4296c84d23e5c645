package drawbridge.model;

import java.util.regex.Pattern;

/**
 * A tenant's id.
 *
 * @param value 1 to 63 characters: lower-case letters, digits and inner hyphens, as in a host name
 */
public record TenantId(String value) {
    private static final Pattern SHAPE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    /** The tenant of everything that names none. */
    public static final TenantId DEFAULT = new TenantId("default");

    public TenantId {
        if (!SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException("not a tenant id: " + value);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
