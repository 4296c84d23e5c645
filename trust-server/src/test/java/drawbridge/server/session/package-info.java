/** Tests of sessions and their tiers. */
@NullMarked
package drawbridge.server.session;

import org.jspecify.annotations.NullMarked;
