/** The window's frame: navigation, server pill, status line, palette, closing. */
@NullMarked
package drawbridge.console.screen.shell;

import org.jspecify.annotations.NullMarked;
