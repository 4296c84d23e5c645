/** The audit log: who did what to whom, chained so that tampering shows. */
@NullMarked
package drawbridge.server.audit;

import org.jspecify.annotations.NullMarked;
