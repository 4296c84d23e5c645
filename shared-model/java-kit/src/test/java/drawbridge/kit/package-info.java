@NullMarked
package drawbridge.kit;

import org.jspecify.annotations.NullMarked;
