/** How several servers on one database stay one: leases, and barriers that wait for them. */
@NullMarked
package drawbridge.server.cluster;

import org.jspecify.annotations.NullMarked;
