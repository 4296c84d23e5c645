/** What the person at this workstation chose, and where the console keeps its things. */
@NullMarked
package drawbridge.console.screen.settings;

import org.jspecify.annotations.NullMarked;
