/** Trust tokens: signed, bound to one purpose, and spent once. */
@NullMarked
package drawbridge.server.token;

import org.jspecify.annotations.NullMarked;
