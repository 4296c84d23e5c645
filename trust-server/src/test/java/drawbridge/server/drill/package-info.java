@NullMarked
package drawbridge.server.drill;

import org.jspecify.annotations.NullMarked;
