package drawbridge.server.drill;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Addresses that drills come from, each in a /24 of its own: of 198.18.0.0/15, which RFC 2544 sets
 * aside for tests, so that nobody's limits are touched. Safe for many threads.
 */
final class Addresses {
    private static final int NETWORKS = 512;

    private final int first;
    private final AtomicInteger drawn = new AtomicInteger();

    Addresses(SecureRandom random) {
        this.first = random.nextInt(NETWORKS);
    }

    /** One that shares its network with none of the last 511, nor so a limit that still counts. */
    String next() {
        int network = (first + drawn.getAndIncrement()) % NETWORKS;
        return "198.%d.%d.10".formatted(18 + network / 256, network % 256);
    }

    /** Another one of the same /24. */
    static String neighbour(String address) {
        return address.substring(0, address.lastIndexOf('.')) + ".77";
    }
}
