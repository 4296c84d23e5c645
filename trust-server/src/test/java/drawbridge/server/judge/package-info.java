/** Tests of the pure judge. */
@NullMarked
package drawbridge.server.judge;

import org.jspecify.annotations.NullMarked;
