@NullMarked
package drawbridge.server.redis;

import org.jspecify.annotations.NullMarked;
