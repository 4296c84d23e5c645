/** Runs the trust server as a child process and keeps it running. */
@NullMarked
package drawbridge.console.supervise;

import org.jspecify.annotations.NullMarked;
