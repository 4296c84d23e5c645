/** Knowing a server by its certificate alone. */
@NullMarked
package drawbridge.model.tls;

import org.jspecify.annotations.NullMarked;
