/** Tests of what counts requests and failures. */
@NullMarked
package drawbridge.server.limit;

import org.jspecify.annotations.NullMarked;
