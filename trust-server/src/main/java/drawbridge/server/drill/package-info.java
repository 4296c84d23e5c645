/** Plays every attack of the threat matrix against this very server, in a tenant made for it. */
@NullMarked
package drawbridge.server.drill;

import org.jspecify.annotations.NullMarked;
