/** The accounts: how each stands, and what an administrator does about it; and the tenants. */
@NullMarked
package drawbridge.console.screen.users;

import org.jspecify.annotations.NullMarked;
