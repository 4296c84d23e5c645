/** Whose users, sessions and callers: each tenant apart from all others. */
@NullMarked
package drawbridge.server.tenant;

import org.jspecify.annotations.NullMarked;
