/** What every screen shares: threads, words, looks, dialogs. Knows no screen and no model. */
@NullMarked
package drawbridge.console.ui;

import org.jspecify.annotations.NullMarked;
