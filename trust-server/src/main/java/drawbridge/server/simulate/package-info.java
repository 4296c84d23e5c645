/**
 * Traffic for a running server, over HTTP like anybody's, from people who do not exist. Bounded in
 * time, rate and number.
 */
@NullMarked
package drawbridge.server.simulate;

import org.jspecify.annotations.NullMarked;
