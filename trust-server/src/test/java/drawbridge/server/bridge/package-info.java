/** Tests of callers, their secrets, and how their calls are judged. */
@NullMarked
package drawbridge.server.bridge;

import org.jspecify.annotations.NullMarked;
