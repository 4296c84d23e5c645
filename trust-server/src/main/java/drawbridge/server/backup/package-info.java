/** Copies of everything: backups and their restoring, and the portable export and import. */
@NullMarked
package drawbridge.server.backup;

import org.jspecify.annotations.NullMarked;
