package drawbridge.server.limit;

import drawbridge.model.IpAddress;

import java.util.Arrays;

/**
 * Where requests are counted as coming from: an IPv4 address, or the /64 of an IPv6 address, since
 * whoever has one address of a /64 has all of them.
 *
 * @param text such as {@code 198.51.100.7} or {@code 2001:db8:0:1::/64}
 */
public record SourceNetwork(String text) {
    /** The network an address belongs to. */
    public static SourceNetwork of(IpAddress address) {
        if (address.isIpv4()) {
            return new SourceNetwork(address.toString());
        }
        byte[] bytes = address.bytes();
        Arrays.fill(bytes, 8, 16, (byte) 0);
        return new SourceNetwork(IpAddress.ofBytes(bytes) + "/64");
    }

    @Override
    public String toString() {
        return text;
    }
}
