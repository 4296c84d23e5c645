package drawbridge.model;

import java.util.Optional;

/**
 * A network in CIDR form.
 *
 * @param address any address of the network
 * @param bits how many leading bits name it: 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record IpNetwork(IpAddress address, int bits) {
    public IpNetwork {
        int most = address.isIpv4() ? 32 : 128;
        if (bits < 0 || bits > most) {
            throw new IllegalArgumentException(
                    "prefix length " + bits + " of " + address + ": give 0 to " + most);
        }
    }

    /**
     * Reads {@code address/bits}; an address alone is the network of that one address.
     *
     * @return empty when the text is anything else
     */
    public static Optional<IpNetwork> parse(String text) {
        int slash = text.indexOf('/');
        Optional<IpAddress> address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
        if (address.isEmpty()) {
            return Optional.empty();
        }
        int most = address.get().isIpv4() ? 32 : 128;
        if (slash < 0) {
            return Optional.of(new IpNetwork(address.get(), most));
        }
        String bits = text.substring(slash + 1);
        if (!bits.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(bits) > most) {
            return Optional.empty();
        }
        return Optional.of(new IpNetwork(address.get(), Integer.parseInt(bits)));
    }

    /** Whether the address is in this network. */
    public boolean contains(IpAddress candidate) {
        return address.sharesPrefix(candidate, bits);
    }

    @Override
    public String toString() {
        return address + "/" + bits;
    }
}
