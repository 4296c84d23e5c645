/** Alerts: rules judged every second over what the server counts anyway, and who is told. */
@NullMarked
package drawbridge.server.alert;

import org.jspecify.annotations.NullMarked;
