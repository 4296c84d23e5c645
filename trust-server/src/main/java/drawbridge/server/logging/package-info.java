/** Where log lines go and what they look like; whoever logs knows SLF4J only. */
@NullMarked
package drawbridge.server.logging;

import org.jspecify.annotations.NullMarked;
