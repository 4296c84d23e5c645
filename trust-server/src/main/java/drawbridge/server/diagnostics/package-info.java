/** One file that says how a server stands, for whoever is asked for help, with no secret in it. */
@NullMarked
package drawbridge.server.diagnostics;

import org.jspecify.annotations.NullMarked;
