/** Trust tokens over real HTTP, and the keys behind them. */
@NullMarked
package drawbridge.server.token;

import org.jspecify.annotations.NullMarked;
