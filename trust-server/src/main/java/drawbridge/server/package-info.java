/** The trust server: its entry, its wiring, and what it needs of the system it runs on. */
@NullMarked
package drawbridge.server;

import org.jspecify.annotations.NullMarked;
