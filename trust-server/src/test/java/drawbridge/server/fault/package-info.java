/** What is done to the server, and what it must do about it: see {@code docs/failure-modes.md}. */
@NullMarked
package drawbridge.server.fault;

import org.jspecify.annotations.NullMarked;
