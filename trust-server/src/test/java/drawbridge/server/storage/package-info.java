@NullMarked
package drawbridge.server.storage;

import org.jspecify.annotations.NullMarked;
