/** All knowledge of the database: connections, transactions, migrations. */
@NullMarked
package drawbridge.server.storage;

import org.jspecify.annotations.NullMarked;
