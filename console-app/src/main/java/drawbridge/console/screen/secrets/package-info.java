/** The secrets screen: callers and their secrets, signing keys, the server's own secrets. */
@NullMarked
package drawbridge.console.screen.secrets;

import org.jspecify.annotations.NullMarked;
