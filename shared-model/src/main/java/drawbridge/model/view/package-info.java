/** What the console reads before it starts following events. */
@NullMarked
package drawbridge.model.view;

import org.jspecify.annotations.NullMarked;
