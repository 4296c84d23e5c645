package drawbridge.server.http;

import drawbridge.model.IpAddress;

import java.util.Optional;

/** Addresses as back ends report them: alone, with a port, or as the list of a forwarded header. */
final class ReportedAddress {
    private ReportedAddress() {}

    /** The first readable address of a comma list; empty when there is none. */
    static Optional<IpAddress> first(String text) {
        if (text.indexOf(',') < 0) {
            return one(text.strip());
        }
        for (String entry : text.split(",", -1)) {
            Optional<IpAddress> address = one(entry.strip());
            if (address.isPresent()) {
                return address;
            }
        }
        return Optional.empty();
    }

    private static Optional<IpAddress> one(String entry) {
        Optional<IpAddress> bare = IpAddress.parse(entry);
        if (bare.isPresent()) {
            return bare;
        }
        int bracket = entry.indexOf(']');
        if (entry.startsWith("[") && bracket > 0) {
            return IpAddress.parse(entry.substring(1, bracket));
        }
        int colon = entry.indexOf(':');
        boolean ipv4WithPort = colon > 0 && colon == entry.lastIndexOf(':');
        return ipv4WithPort && entry.substring(colon + 1).matches("[0-9]{1,5}")
                ? IpAddress.parse(entry.substring(0, colon))
                : Optional.empty();
    }
}
