@NullMarked
package drawbridge.server.diagnostics;

import org.jspecify.annotations.NullMarked;
