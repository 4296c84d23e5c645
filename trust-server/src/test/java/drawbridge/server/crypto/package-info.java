/** Published test vectors against what the server signs, seals and hashes with. */
@NullMarked
package drawbridge.server.crypto;

import org.jspecify.annotations.NullMarked;
