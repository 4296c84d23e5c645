/**
 * Judges the ten practices of a secure deployment from what runs, and finds secrets that leaked.
 */
@NullMarked
package drawbridge.server.checklist;

import org.jspecify.annotations.NullMarked;
