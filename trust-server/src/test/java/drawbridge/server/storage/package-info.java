/** Tests of sessions and their tiers. */
@NullMarked
package drawbridge.server.storage;

import org.jspecify.annotations.NullMarked;
