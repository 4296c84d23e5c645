/** A back end to read and to start from. */
@NullMarked
package drawbridge.sample;

import org.jspecify.annotations.NullMarked;
