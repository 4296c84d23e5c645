package drawbridge.server.judge;

import java.util.Locale;
import java.util.Optional;

/** How closely an address must be the one recorded at login. */
public enum IpMatch {
    /** Every byte. */
    EXACT,
    /** The first 24 bits of IPv4, the first 64 of IPv6: for people who move within a network. */
    PREFIX;

    /** How many leading bits of an IPv4 address {@link #PREFIX} compares. */
    public static final int IPV4_BITS = 24;

    /** The same for IPv6. */
    public static final int IPV6_BITS = 64;

    /** The name in JSON, in lower case. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of that name, in any letter case; empty when there is none. */
    public static Optional<IpMatch> parse(String word) {
        for (IpMatch match : values()) {
            if (match.name().equalsIgnoreCase(word)) {
                return Optional.of(match);
            }
        }
        return Optional.empty();
    }
}
