/**
 * Runs what is handed out, as processes: the launchers, the distribution and the installed image.
 */
@NullMarked
package drawbridge.packaging;

import org.jspecify.annotations.NullMarked;
