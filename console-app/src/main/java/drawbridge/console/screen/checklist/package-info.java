/** The ten practices of a secure deployment, what covers what, and the search for secrets. */
@NullMarked
package drawbridge.console.screen.checklist;

import org.jspecify.annotations.NullMarked;
