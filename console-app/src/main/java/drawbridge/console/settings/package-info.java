/** What the console was started with, and what it remembers from one start to the next. */
@NullMarked
package drawbridge.console.settings;

import org.jspecify.annotations.NullMarked;
