/** Counts what the server does: by the second, since the start, and for Prometheus. */
@NullMarked
package drawbridge.server.metrics;

import org.jspecify.annotations.NullMarked;
