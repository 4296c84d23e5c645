/** The console as people use it, against a real server in a process of its own. */
@NullMarked
package drawbridge.console.real;

import org.jspecify.annotations.NullMarked;
