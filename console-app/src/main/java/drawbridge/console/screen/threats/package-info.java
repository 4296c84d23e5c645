/** How the server stands against seven threats, and the drills that prove it. */
@NullMarked
package drawbridge.console.screen.threats;

import org.jspecify.annotations.NullMarked;
