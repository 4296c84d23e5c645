package drawbridge.server.http;

import drawbridge.model.IpAddress;
import drawbridge.model.IpNetwork;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Says which address a request came from. Forwarded headers count only when the socket's peer is a
 * trusted proxy; then it is the rightmost address in {@code X-Forwarded-For} that is no trusted
 * proxy itself. Immutable.
 */
final class ClientAddresses {
    private final List<IpNetwork> trustedProxies;

    ClientAddresses(List<IpNetwork> trustedProxies) {
        this.trustedProxies = List.copyOf(trustedProxies);
    }

    /**
     * The client's address.
     *
     * @param peer the socket's peer, as a literal
     * @param forwarded the values of {@code X-Forwarded-For}, in the order of the headers
     */
    IpAddress of(String peer, Enumeration<String> forwarded) {
        IpAddress socket =
                IpAddress.parse(withoutZone(peer))
                        .orElseThrow(() -> new IllegalStateException("no address: " + peer));
        return of(socket, () -> forwarded);
    }

    /** The same, for a peer whose address is known. */
    IpAddress of(IpAddress socket, Supplier<Enumeration<String>> forwarded) {
        if (!isTrusted(socket)) {
            return socket;
        }
        List<String> hops = new ArrayList<>();
        for (String header : Collections.list(forwarded.get())) {
            Collections.addAll(hops, header.split(",", -1));
        }
        IpAddress nearest = socket;
        for (int i = hops.size() - 1; i >= 0; i--) {
            Optional<IpAddress> hop = IpAddress.parse(hops.get(i).strip());
            if (hop.isEmpty()) {
                return nearest; // what stands left of something unreadable cannot be trusted
            }
            nearest = hop.get();
            if (!isTrusted(nearest)) {
                return nearest;
            }
        }
        return nearest;
    }

    /** The same, when whoever sent it is as good as a trusted proxy. */
    static IpAddress forwarded(IpAddress socket, Enumeration<String> forwarded) {
        List<String> headers = Collections.list(forwarded);
        return headers.size() == 1
                ? IpAddress.parse(headers.getFirst().strip()).orElse(socket)
                : socket;
    }

    /** Whether the socket's peer is a trusted proxy. */
    boolean isTrustedPeer(String peer) {
        return IpAddress.parse(withoutZone(peer)).filter(this::isTrusted).isPresent();
    }

    private static String withoutZone(String peer) {
        String bare = peer.startsWith("[") ? peer.substring(1, peer.length() - 1) : peer;
        int zone = bare.indexOf('%');
        return zone < 0 ? bare : bare.substring(0, zone);
    }

    /** Whether it is the address of a trusted proxy. */
    boolean isTrusted(IpAddress address) {
        for (IpNetwork network : trustedProxies) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }
}
