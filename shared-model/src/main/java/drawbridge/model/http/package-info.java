/** What both sides of the wire need of HTTP. */
@NullMarked
package drawbridge.model.http;

import org.jspecify.annotations.NullMarked;
