/** The commands. The only package that writes to the standard streams. */
@NullMarked
package drawbridge.server.cli;

import org.jspecify.annotations.NullMarked;
