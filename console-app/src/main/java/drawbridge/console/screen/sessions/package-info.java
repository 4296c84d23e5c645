/** Who is in, and should they be? The table, its filter, the drawer, revoking. */
@NullMarked
package drawbridge.console.screen.sessions;

import org.jspecify.annotations.NullMarked;
