/** The console as a program: its entry, its platform, and what happens without a display. */
@NullMarked
package drawbridge.console;

import org.jspecify.annotations.NullMarked;
