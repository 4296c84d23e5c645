@NullMarked
package drawbridge.server;

import org.jspecify.annotations.NullMarked;
