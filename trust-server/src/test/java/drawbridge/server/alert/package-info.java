/** Tests of alerts. */
@NullMarked
package drawbridge.server.alert;

import org.jspecify.annotations.NullMarked;
