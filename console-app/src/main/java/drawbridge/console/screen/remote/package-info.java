/** Servers elsewhere: the list of them, how one is added, opened, unlocked and recognised. */
@NullMarked
package drawbridge.console.screen.remote;

import org.jspecify.annotations.NullMarked;
