@NullMarked
package drawbridge.server.cli;

import org.jspecify.annotations.NullMarked;
