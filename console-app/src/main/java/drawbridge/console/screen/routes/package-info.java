/** The routes screen: which mode each route is judged by, and what a change would do. */
@NullMarked
package drawbridge.console.screen.routes;

import org.jspecify.annotations.NullMarked;
