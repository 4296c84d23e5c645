/**
 * The root key that all others are derived from, and the turning of the master key that seals it.
 */
@NullMarked
package drawbridge.server.secret;

import org.jspecify.annotations.NullMarked;
