/** What an administrator may see of the server as a whole. */
@NullMarked
package drawbridge.server.admin;

import org.jspecify.annotations.NullMarked;
