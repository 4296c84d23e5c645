/** Numbers what happens and hands it to those who follow. */
@NullMarked
package drawbridge.server.event;

import org.jspecify.annotations.NullMarked;
