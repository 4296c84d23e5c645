/** Redis as a shared tier that makes reads faster and decides nothing. */
@NullMarked
package drawbridge.server.redis;

import org.jspecify.annotations.NullMarked;
