@NullMarked
package drawbridge.server.backup;

import org.jspecify.annotations.NullMarked;
