/** Says when somebody has asked too often, or failed too often. */
@NullMarked
package drawbridge.server.limit;

import org.jspecify.annotations.NullMarked;
