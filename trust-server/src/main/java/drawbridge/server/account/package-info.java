/** Who people are: registering, logging in, passwords. */
@NullMarked
package drawbridge.server.account;

import org.jspecify.annotations.NullMarked;
