/** The database, its migrations and what is said of them. */
@NullMarked
package drawbridge.server.storage;

import org.jspecify.annotations.NullMarked;
