/** Keys derived from the master key, and what is computed with them. */
@NullMarked
package drawbridge.server.crypto;

import org.jspecify.annotations.NullMarked;
