package drawbridge.model;

import org.jspecify.annotations.Nullable;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An IP address as canonical bytes: 4 for IPv4 (also when written as IPv4-mapped IPv6), 16 for
 * IPv6. Two addresses are equal when their bytes are.
 */
public final class IpAddress {
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");

    private final byte[] bytes;

    private IpAddress(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Reads an address literal. Strict: no port, no zone, no octal or shortened IPv4, no name
     * look-up.
     *
     * @return empty when the text is anything else
     */
    public static Optional<IpAddress> parse(String text) {
        try {
            byte[] dotted = ipv4(text);
            if (dotted != null) {
                return Optional.of(new IpAddress(dotted));
            }
            if (IPV6.matcher(text).matches() && hasStrictTail(text)) {
                // InetAddress itself turns an IPv4-mapped literal into an IPv4 address.
                return Optional.of(of(InetAddress.ofLiteral(text)));
            }
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The bytes of a dotted address without leading zeros; null when the text is no such one. */
    private static byte @Nullable [] ipv4(String text) {
        byte[] bytes = new byte[4];
        int at = 0;
        for (int i = 0; i < 4; i++) {
            int begin = at;
            int value = 0;
            while (at < text.length() && at - begin < 3 && isDigit(text.charAt(at))) {
                value = value * 10 + (text.charAt(at) - '0');
                at++;
            }
            boolean hasLeadingZero = at - begin > 1 && text.charAt(begin) == '0';
            boolean isLast = i == 3;
            boolean endsRight =
                    isLast ? at == text.length() : at < text.length() && text.charAt(at) == '.';
            if (at == begin || hasLeadingZero || value > 255 || !endsRight) {
                return null;
            }
            at++;
            bytes[i] = (byte) value;
        }
        return bytes;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Whether what stands behind the last colon is a group, or an IPv4 address without octal. */
    private static boolean hasStrictTail(String text) {
        int colon = text.lastIndexOf(':');
        return colon >= 0 && (text.indexOf('.') < 0 || ipv4(text.substring(colon + 1)) != null);
    }

    /** The address of a socket's peer. A zone is dropped; an IPv4-mapped address becomes IPv4. */
    public static IpAddress of(InetAddress address) {
        return ofBytes(address.getAddress());
    }

    /**
     * The address with these bytes.
     *
     * @throws IllegalArgumentException unless there are 4 or 16
     */
    public static IpAddress ofBytes(byte[] bytes) {
        if (bytes.length != 4 && bytes.length != 16) {
            throw new IllegalArgumentException(
                    "an IP address has 4 or 16 bytes, not " + bytes.length);
        }
        return new IpAddress(isMapped(bytes) ? Arrays.copyOfRange(bytes, 12, 16) : bytes.clone());
    }

    private static boolean isMapped(byte[] bytes) {
        if (bytes.length != 16 || bytes[10] != -1 || bytes[11] != -1) {
            return false;
        }
        for (int i = 0; i < 10; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** A copy of the bytes: 4 or 16. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Whether this is an IPv4 address. */
    public boolean isIpv4() {
        return bytes.length == 4;
    }

    /** Whether this is a loopback address: 127.0.0.0/8 or ::1. */
    public boolean isLoopback() {
        return asInet().isLoopbackAddress();
    }

    /** Whether the first {@code bits} bits of both are the same, and both are of one family. */
    public boolean sharesPrefix(IpAddress other, int bits) {
        if (bytes.length != other.bytes.length) {
            return false;
        }
        int whole = bits / 8;
        int rest = bits % 8;
        if (!Arrays.equals(bytes, 0, whole, other.bytes, 0, whole)) {
            return false;
        }
        return rest == 0
                || ((bytes[whole] ^ other.bytes[whole]) & 0xff & (0xff << (8 - rest))) == 0;
    }

    private InetAddress asInet() {
        try {
            return bytes.length == 4
                    ? InetAddress.getByAddress(bytes)
                    : Inet6Address.getByAddress(null, bytes, -1);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(
                    "length was checked: " + HexFormat.of().formatHex(bytes), e);
        }
    }

    /** The canonical text: dotted IPv4, or IPv6 as RFC 5952 writes it. */
    @Override
    public String toString() {
        return bytes.length == 4 ? asInet().getHostAddress() : rfc5952();
    }

    private String rfc5952() {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = ((bytes[2 * i] & 0xff) << 8) | (bytes[2 * i + 1] & 0xff);
        }
        int start = -1;
        int length = 1; // a single zero group is not shortened
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > length) {
                start = i;
                length = end - i;
            }
            i = Math.max(i, end - 1);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == start) {
                text.append("::");
                i += length - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IpAddress that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
