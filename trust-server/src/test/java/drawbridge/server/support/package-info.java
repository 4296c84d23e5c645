/** What the tests of several packages start and ask with. */
@NullMarked
package drawbridge.server.support;

import org.jspecify.annotations.NullMarked;
