/** Speaks to a trust server: replies to actions, and the stream of events. */
@NullMarked
package drawbridge.console.client;

import org.jspecify.annotations.NullMarked;
