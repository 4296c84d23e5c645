/** How fast the trust server is, measured beside the ceiling of the same machine and minute. */
@NullMarked
package drawbridge.bench;

import org.jspecify.annotations.NullMarked;
