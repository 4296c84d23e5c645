/** Alerts: what fires, what is said of it, when it fires, and who is told. */
@NullMarked
package drawbridge.console.screen.alerts;

import org.jspecify.annotations.NullMarked;
