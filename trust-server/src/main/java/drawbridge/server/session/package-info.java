/** Sessions: opening, finding, ending and restoring them, and the tiers they are served from. */
@NullMarked
package drawbridge.server.session;

import org.jspecify.annotations.NullMarked;
