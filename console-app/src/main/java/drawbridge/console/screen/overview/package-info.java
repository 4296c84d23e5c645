/** Is trust healthy right now? Tiles, charts and what is worth reading. */
@NullMarked
package drawbridge.console.screen.overview;

import org.jspecify.annotations.NullMarked;
