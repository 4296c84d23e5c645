@NullMarked
package drawbridge.server.kit;

import org.jspecify.annotations.NullMarked;
