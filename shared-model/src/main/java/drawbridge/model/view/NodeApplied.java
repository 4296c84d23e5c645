package drawbridge.model.view;

import java.time.Instant;

/**
 * That a node refuses what a revocation named.
 *
 * @param node the node's name
 * @param appliedAt since when
 */
public record NodeApplied(String node, Instant appliedAt) {}
