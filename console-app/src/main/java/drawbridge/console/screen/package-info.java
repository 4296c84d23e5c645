/** What the screens share among each other; each screen has a package of its own. */
@NullMarked
package drawbridge.console.screen;

import org.jspecify.annotations.NullMarked;
