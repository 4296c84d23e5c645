@NullMarked
package drawbridge.server.metrics;

import org.jspecify.annotations.NullMarked;
