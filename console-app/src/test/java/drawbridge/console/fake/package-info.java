/** A server that is none: fakes for tests, screenshots and the demonstration. */
@NullMarked
package drawbridge.console.fake;

import org.jspecify.annotations.NullMarked;
