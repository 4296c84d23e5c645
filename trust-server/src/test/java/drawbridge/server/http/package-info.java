/** Tests over real HTTP against the real server. */
@NullMarked
package drawbridge.server.http;

import org.jspecify.annotations.NullMarked;
