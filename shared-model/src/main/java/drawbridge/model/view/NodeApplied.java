package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * That a node refuses what a revocation named.
 *
 * @param node the node's name
 * @param appliedAt since when at the latest, by the clock of the node that tells
 * @param lastTrustedAt the last "valid" it had answered for the session when it applied the
 *     revocation, by its own clock; null when it remembers none, or when more than one session was
 *     named
 */
public record NodeApplied(String node, Instant appliedAt, @Nullable Instant lastTrustedAt) {
    /** One that remembers no "valid". */
    public NodeApplied(String node, Instant appliedAt) {
        this(node, appliedAt, null);
    }
}
