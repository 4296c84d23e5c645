/** The kit as a Javalin handler. */
@NullMarked
package drawbridge.kit.javalin;

import org.jspecify.annotations.NullMarked;
