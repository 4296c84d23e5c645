/** Bridge Validation: answers a back end whether a session may be trusted for a call. */
@NullMarked
package drawbridge.server.bridge;

import org.jspecify.annotations.NullMarked;
