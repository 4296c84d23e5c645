/** What the server tells the console as it happens. */
@NullMarked
package drawbridge.model.event;

import org.jspecify.annotations.NullMarked;
