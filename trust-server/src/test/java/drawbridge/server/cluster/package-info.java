@NullMarked
package drawbridge.server.cluster;

import org.jspecify.annotations.NullMarked;
