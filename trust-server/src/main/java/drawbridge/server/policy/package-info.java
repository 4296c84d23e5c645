/**
 * Which mode a route is judged by: ordered, versioned rules, and the paths they are matched with.
 */
@NullMarked
package drawbridge.server.policy;

import org.jspecify.annotations.NullMarked;
