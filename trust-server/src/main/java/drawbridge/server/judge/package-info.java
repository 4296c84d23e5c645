/** The verdict on a session, as a pure function. */
@NullMarked
package drawbridge.server.judge;

import org.jspecify.annotations.NullMarked;
