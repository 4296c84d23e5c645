/** The trust server: entry, wiring, and the API of a main or a test. */
@NullMarked
package drawbridge.server;

import org.jspecify.annotations.NullMarked;
