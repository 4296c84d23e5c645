/** Controls of our own. */
@NullMarked
package drawbridge.console.ui.controls;

import org.jspecify.annotations.NullMarked;
