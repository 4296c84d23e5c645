/** Turns HTTP into calls and outcomes into answers; the only package that knows Javalin. */
@NullMarked
package drawbridge.server.http;

import org.jspecify.annotations.NullMarked;
