/** The kit as a servlet filter. */
@NullMarked
package drawbridge.kit.servlet;

import org.jspecify.annotations.NullMarked;
