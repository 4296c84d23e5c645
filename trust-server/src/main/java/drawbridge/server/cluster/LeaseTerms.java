package drawbridge.server.cluster;

import java.time.Duration;

/**
 * How long a node may answer from its memory without asking, and how long a revocation waits for
 * that. The margin covers clocks whose speeds differ by up to one percent.
 *
 * @param length how long a lease lasts from the moment it is granted
 */
public record LeaseTerms(Duration length) {
    /**
     * What servers use: a node that is cut off holds a revocation up for little over two seconds.
     */
    public static final LeaseTerms USUAL = new LeaseTerms(Duration.ofSeconds(2));

    private static final Duration LEAST_MARGIN = Duration.ofMillis(50);

    /** 50 ms and one percent of the length. */
    public Duration margin() {
        return LEAST_MARGIN.plus(length.dividedBy(100));
    }

    /** How long the node itself believes in a lease, from before it asked for it. */
    public Duration believed() {
        return length.minus(margin());
    }

    /** After this long, every lease that was granted before has lapsed. */
    public Duration lapsed() {
        return length.plus(margin());
    }

    /** How often a lease is renewed. */
    public Duration renewEvery() {
        return length.dividedBy(4);
    }
}
