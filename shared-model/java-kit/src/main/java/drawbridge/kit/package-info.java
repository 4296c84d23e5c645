/** Lets a Java back end ask the trust server whether a session may be trusted. */
@NullMarked
package drawbridge.kit;

import org.jspecify.annotations.NullMarked;
