@NullMarked
package drawbridge.server.account;

import org.jspecify.annotations.NullMarked;
