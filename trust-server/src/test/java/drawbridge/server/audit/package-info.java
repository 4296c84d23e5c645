/** Tests of the audit: tampering is found, in the database and in an export. */
@NullMarked
package drawbridge.server.audit;

import org.jspecify.annotations.NullMarked;
