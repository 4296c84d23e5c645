@NullMarked
package drawbridge.server.logging;

import org.jspecify.annotations.NullMarked;
